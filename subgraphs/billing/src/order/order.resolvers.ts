import { toGlobalId } from '@tributary/kit';
import type { Money } from '@tributary/kit';

import type { BillingContext } from '../context.ts';
import { decisiveInvoice, derivePaymentStatus } from '../invoice/payment-status.ts';
import type { PaymentStatus } from '../invoice/payment-status.ts';
import { InvoiceStatus } from '../invoice/invoice.ts';
import type { Invoice } from '../invoice/invoice.ts';
import { seesEveryInvoice } from '../invoice/invoice.visibility.ts';
import { newestFirst } from '../payment/payment.ts';
import type { OwnedPayment } from '../payment/payment.ts';
import type { Representation } from '../reference-resolver.ts';
import { parseOrderReference } from './order-reference.ts';
import type { OrderReference } from './order.ts';
import { seesOutstandingAmount } from './order.visibility.ts';
import { outstandingAmount } from './outstanding-amount.ts';

// What billing adds to an order. All of it comes from the invoices of the order, which one statement loads for a whole page.

export const orderResolvers = {
  Order: {
    // Async, so that one bad representation fails alone and not the whole list.
    __resolveReference: async (representation: Representation): Promise<OrderReference> =>
      parseOrderReference(representation),
    id: ({ id }: OrderReference) => toGlobalId('Order', id),
    async invoice({ id }: OrderReference, _args: unknown, { invoices }: BillingContext): Promise<Invoice | null> {
      const found = await invoices.byOrder.load(id);
      return found.find(({ status, readable }) => readable && status !== InvoiceStatus.void) ?? null;
    },
    async payments({ id }: OrderReference, _args: unknown, context: BillingContext): Promise<OwnedPayment[] | null> {
      const { invoices, payments, principal } = context;
      const readable = (await invoices.byOrder.load(id)).filter((invoice) => invoice.readable);
      // Whoever does not see every invoice cannot be told apart from a stranger by an order without one.
      if (readable.length === 0) return seesEveryInvoice(principal) ? [] : null;
      const found = await Promise.all(readable.map((invoice) => payments.byInvoice.load(invoice.id)));
      return found.flat().sort(newestFirst);
    },
    async paymentStatus({ id }: OrderReference, _args: unknown, { invoices }: BillingContext): Promise<PaymentStatus> {
      return derivePaymentStatus(decisiveInvoice(await invoices.byOrder.load(id)));
    },
    async outstandingAmount(order: OrderReference, _args: unknown, context: BillingContext): Promise<Money | null> {
      const { invoices, principal, walls } = context;
      const { terms } = order;
      if (!terms || (walls.rows && !seesOutstandingAmount(principal, terms))) return null;
      return outstandingAmount(terms, decisiveInvoice(await invoices.byOrder.load(order.id)));
    },
  },
};
