import { badUserInput, connection, money, nestedConnection, parseGlobalId, toGlobalId } from '@tributary/kit';
import type { PageArguments } from '@tributary/kit';

import type { BillingContext } from '../context.ts';
import { referenceResolver } from '../reference-resolver.ts';
import { invoiceLineList } from './invoice-line.repository.ts';
import type { PricedInvoiceLine } from './invoice-line.ts';
import { allInvoices } from './invoice.list.ts';
import type { InvoiceListArguments } from './invoice.list.ts';
import { isFinalized, isOverdue, keptMinor } from './invoice.ts';
import type { Invoice } from './invoice.ts';

const stub = (id: string | null) => (id === null ? null : { id });

export const invoiceResolvers = {
  Query: {
    invoice(
      _root: unknown,
      { id, number }: { id?: string | null; number?: string | null },
      { invoices }: BillingContext,
    ) {
      const given = [id, number].filter((argument) => typeof argument === 'string');
      if (given.length !== 1) throw badUserInput('Give exactly one of "id", "number".');
      return typeof id === 'string'
        ? invoices.byId.load(parseGlobalId('Invoice', id))
        : invoices.byNumber.load(given[0]!);
    },
    invoices: (_root: unknown, args: InvoiceListArguments, context: BillingContext) =>
      connection<Invoice>(context, allInvoices(args, context.today, context.invoiceArms), args),
  },
  Invoice: {
    __resolveReference: referenceResolver('Invoice', ({ invoices }) => invoices.byId),
    id: ({ id }: Invoice) => toGlobalId('Invoice', id),
    account: ({ accountId }: Invoice, _args: unknown, { accounts }: BillingContext) => accounts.byId.load(accountId),
    customer: ({ customerId }: Invoice) => stub(customerId),
    organization: ({ organizationId }: Invoice) => stub(organizationId),
    order: ({ orderId, orderNumber }: Invoice) => (orderId === null ? null : { id: orderId, number: orderNumber }),
    lines: ({ id }: Invoice, args: PageArguments, context: BillingContext) =>
      nestedConnection<PricedInvoiceLine>(context, 'Invoice.lines', id, args, () =>
        invoiceLineList(context.invoiceArms),
      ),
    subtotal: ({ subtotalMinor, currency }: Invoice) => money(subtotalMinor, currency),
    taxTotal: ({ taxMinor, currency }: Invoice) => money(taxMinor, currency),
    total: ({ totalMinor, currency }: Invoice) => money(totalMinor, currency),
    amountPaid: (invoice: Invoice) => money(keptMinor(invoice), invoice.currency),
    amountCredited: ({ creditedMinor, currency }: Invoice) => money(creditedMinor, currency),
    amountDue: ({ dueMinor, currency }: Invoice) => money(dueMinor, currency),
    payments: ({ id }: Invoice, _args: unknown, { payments }: BillingContext) => payments.byInvoice.load(id),
    refunds: ({ id }: Invoice, _args: unknown, { refunds }: BillingContext) => refunds.byInvoice.load(id),
    creditNotes: ({ id }: Invoice, _args: unknown, { creditNotes }: BillingContext) => creditNotes.byInvoice.load(id),
    overdue: (invoice: Invoice, _args: unknown, { today }: BillingContext) => isOverdue(invoice, today),
    pdfUrl: (invoice: Invoice, _args: unknown, { pdfLinks, clock }: BillingContext) =>
      isFinalized(invoice) ? pdfLinks.urlOf(invoice.id, clock.now()) : null,
  },
  InvoiceLine: {
    unitPrice: ({ unitPriceMinor, currency }: PricedInvoiceLine) => money(unitPriceMinor, currency),
    discountTotal: ({ discountMinor, currency }: PricedInvoiceLine) => money(discountMinor, currency),
    total: ({ totalMinor, currency }: PricedInvoiceLine) => money(totalMinor, currency),
    async taxLines({ id, currency }: PricedInvoiceLine, _args: unknown, { lineTaxes }: BillingContext) {
      const taxes = await lineTaxes.load(id);
      return taxes.map(({ amountMinor, ...tax }) => ({ ...tax, amount: money(amountMinor, currency) }));
    },
  },
};
