import { anyArm, money, mutate, notFound, parseGlobalId, toGlobalId, unauthenticated } from '@tributary/kit';
import type { Money } from '@tributary/kit';

import type { BillingContext } from '../context.ts';
import { referenceResolver } from '../reference-resolver.ts';
import { usableMethodPolicy } from '../payment-method/payment-method.visibility.ts';
import { payInvoice } from './pay-invoice.ts';
import type { PaidInvoice } from './pay-invoice.ts';
import type { OwnedPayment } from './payment.ts';

/** `InvoicePayInput` of the contract. */
interface InvoicePayInput {
  invoiceId: string;
  amount?: Money | null;
  paymentMethodId?: string | null;
  idempotencyKey: string;
}

export const paymentResolvers = {
  Mutation: {
    async invoicePay(_root: unknown, { input }: { input: InvoicePayInput }, context: BillingContext) {
      const { principal, invoiceArms, invoices, payments } = context;
      if (principal === null) throw unauthenticated();
      const { invoiceId, amount = null, paymentMethodId = null } = input;
      const wanted = {
        invoiceId: parseGlobalId('Invoice', invoiceId),
        amount,
        paymentMethodId: paymentMethodId === null ? null : parseGlobalId('PaymentMethod', paymentMethodId),
      };
      const payer = { principal, invoiceArms, ownAccounts: anyArm(usableMethodPolicy(principal)) };
      const { result, ...rest } = await mutate<{ [Part in keyof PaidInvoice]: PaidInvoice[Part] | null }>(context, {
        operation: 'invoicePay',
        input,
        work: (tx) => payInvoice(tx, payer, wanted),
        reread: async (ids) => ({
          invoice: await invoices.byId.load(ids.invoice!),
          payment: await payments.byId.load(ids.payment!),
        }),
      });
      return { ...result, ...rest };
    },
  },
  Payment: {
    __resolveReference: referenceResolver('Payment', ({ payments }) => payments.byId),
    id: ({ id }: OwnedPayment) => toGlobalId('Payment', id),
    async invoice({ invoiceId }: OwnedPayment, _args: unknown, { invoices }: BillingContext) {
      const invoice = await invoices.byId.load(invoiceId);
      if (invoice === null) throw notFound();
      return invoice;
    },
    method: ({ methodId }: OwnedPayment, _args: unknown, { paymentMethods }: BillingContext) =>
      methodId === null ? null : paymentMethods.byId.load(methodId),
    amount: ({ amountMinor, currency }: OwnedPayment) => money(amountMinor, currency),
    capturedAmount: ({ capturedMinor, currency }: OwnedPayment) => money(capturedMinor, currency),
    refundedAmount: ({ refundedMinor, currency }: OwnedPayment) => money(refundedMinor, currency),
  },
};
