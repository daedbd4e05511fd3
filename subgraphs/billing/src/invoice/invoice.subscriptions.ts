import { badUserInput, EventSkipped, invariant, notFound, parseGlobalId } from '@tributary/kit';
import type { Change } from '@tributary/kit';

import type { BillingContext } from '../context.ts';
import type { Invoice } from './invoice.ts';
import { followsInvoicesOf } from './invoice.visibility.ts';

// Live changes of invoices. Who may follow is asked at the start, and again for each change with the rows as they are then: what is not the
// caller's any more goes by in silence.

interface Subject {
  invoiceId?: string | null;
  organizationId?: string | null;
}

/** `InvoiceEventType` of the contract, as far as it happens. */
type InvoiceEventType = 'FINALIZED' | 'PAYMENT_UPDATED' | 'PAID' | 'CREDITED' | 'VOIDED';

interface InvoiceUpdated {
  eventId: string;
  type: InvoiceEventType;
  occurredAt: Date;
  invoice: Invoice;
}

const TYPES: Readonly<Record<string, InvoiceEventType>> = {
  'invoice.finalized': 'FINALIZED',
  'invoice.paid': 'PAID',
  'invoice.voided': 'VOIDED',
  'payment.authorized': 'PAYMENT_UPDATED',
  'payment.captured': 'PAYMENT_UPDATED',
  'payment.failed': 'PAYMENT_UPDATED',
  'payment.action_required': 'PAYMENT_UPDATED',
  'payment.canceled': 'PAYMENT_UPDATED',
  'credit_note.issued': 'CREDITED',
  'refund.requested': 'CREDITED',
  'refund.succeeded': 'CREDITED',
  // The money stays: that is a change of the payment, and nothing was credited by it.
  'refund.failed': 'PAYMENT_UPDATED',
};

export const invoiceSubscriptions = {
  invoiceUpdated: {
    async subscribe(_root: unknown, args: Subject, context: BillingContext) {
      const [invoiceId, organizationId] = [args.invoiceId ?? null, args.organizationId ?? null];
      if ((invoiceId === null) === (organizationId === null))
        throw badUserInput('Give exactly one of "invoiceId", "organizationId".');
      if (organizationId !== null) return context.follow(organizationToFollow(context, organizationId));
      const id = parseGlobalId('Invoice', invoiceId!);
      if (!(await context.invoices.byId.load(id))) throw notFound();
      return context.follow(id);
    },
    async resolve({ id, type, aggregateId, occurredAt }: Change, _args: Subject, { invoices }: BillingContext) {
      const invoice = await invoices.byId.load(aggregateId);
      if (!invoice) throw new EventSkipped();
      const kind = TYPES[type];
      invariant(kind, `Events of the type "${type}" have no name in the graph.`);
      return { eventId: id, type: kind, occurredAt, invoice } satisfies InvoiceUpdated;
    },
  },
};

function organizationToFollow({ principal, walls }: BillingContext, value: string): string {
  const id = parseGlobalId('Organization', value);
  if (walls.rows && !followsInvoicesOf(principal, id)) throw notFound();
  return id;
}
