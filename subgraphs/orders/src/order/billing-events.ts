import { EVERY_ROW, toDecimal } from '@tributary/kit';
import type { EventEnvelope, EventHandlers, WriteTransaction } from '@tributary/kit';

import { orderChanged } from '../events.ts';
import type { InvoiceFact, InvoiceFinalized, PaymentFact } from '../events.ts';
import { confirmOrder } from './confirm-order.ts';
import { findSaga, updateSaga } from './order-saga.repository.ts';
import { advanceSaga } from './order-saga.ts';
import type { OrderDeadlines, SagaFact } from './order-saga.ts';
import { lockOrder } from './order-writes.repository.ts';
import type { LockedOrder } from './order-writes.repository.ts';
import type { PaymentStatus } from './order.ts';
import { copyPaymentStatus } from './payment-copy.repository.ts';
import { addToTimeline } from './timeline-writes.repository.ts';

// What orders does when billing tells something about their money. The aggregate of these events is the invoice, so they come in its
// order; one that comes late all the same (it failed before and was tried again) does not undo the copy of a newer one.

type Handle<Fact extends InvoiceFact> = (tx: WriteTransaction, told: Told<Fact>) => Promise<void>;

interface Told<Fact extends InvoiceFact> {
  order: LockedOrder;
  fact: Fact;
  /** The payment status that stands now. */
  standing: PaymentStatus;
}

export function createBillingHandlers(deadlines: OrderDeadlines): EventHandlers {
  async function advance(tx: WriteTransaction, { id }: LockedOrder, fact: SagaFact): Promise<void> {
    const saga = await findSaga(tx, id);
    const next = saga && advanceSaga(deadlines, saga, fact);
    if (next && next !== saga) await updateSaga(tx, id, next);
  }

  return {
    'invoice.finalized': about<InvoiceFinalized>(async (tx, { order, fact, standing }) => {
      if (!fact.onAccount) {
        tx.publish(orderChanged('order.payment_updated', order));
        return advance(tx, order, { type: 'invoiced', dueOn: fact.dueOn });
      }
      if (!isGone(standing)) await confirmOrder(tx, order, 'Confirmed on account.');
    }),
    'invoice.paid': about(async (tx, { order, standing }) => {
      // Paid and paid back before anybody was told of the payment.
      if (!isGone(standing)) await confirmOrder(tx, order, 'Confirmed.');
    }),
    'invoice.voided': about(async (tx, { order }) => tx.publish(orderChanged('order.payment_updated', order))),
    'payment.authorized': about<PaymentFact>(async (tx, { order, fact }) => {
      await paymentUpdated(tx, order, `${amountOf(fact)} authorized.`);
      await advance(tx, order, { type: 'authorized', now: tx.now });
    }),
    'payment.captured': about<PaymentFact>((tx, { order, fact }) =>
      paymentUpdated(tx, order, `${amountOf(fact)} received.`),
    ),
    'payment.failed': about<PaymentFact>(async (tx, { order, fact }) => {
      await paymentUpdated(tx, order, `A payment of ${amountOf(fact)} failed.`);
      await advance(tx, order, { type: 'failed', now: tx.now });
    }),
    'payment.action_required': about<PaymentFact>((tx, { order, fact }) =>
      paymentUpdated(tx, order, `A payment of ${amountOf(fact)} waits for the payer.`),
    ),
    'refund.requested': about(async () => undefined),
    'refund.succeeded': about<PaymentFact>((tx, { order, fact }) =>
      paymentUpdated(tx, order, `Refund of ${amountOf(fact)} paid.`),
    ),
    'refund.failed': about(async () => undefined),
  };
}

/** Locks the order and brings its copy of the payment status up to date; then does what the event asks for. */
function about<Fact extends InvoiceFact = InvoiceFact>(handle: Handle<Fact>) {
  return async (tx: WriteTransaction, event: EventEnvelope<never>): Promise<void> => {
    const { data: fact, aggregateId, aggregateVersion } = event as EventEnvelope<Fact>;
    const order = await lockOrder(tx, fact.orderId, EVERY_ROW);
    // Billing knows orders from their own events only.
    if (!order) throw new Error(`There is no order ${fact.orderId}.`);
    const standing = await copyPaymentStatus(tx, order.id, {
      paymentStatus: fact.paymentStatus,
      invoiceId: aggregateId,
      invoiceVersion: aggregateVersion,
    });
    await handle(tx, { order, fact, standing });
  };
}

const isGone = (status: PaymentStatus) => status === 'REFUNDED' || status === 'VOIDED';

async function paymentUpdated(tx: WriteTransaction, order: LockedOrder, message: string): Promise<void> {
  await addToTimeline(tx, order.id, { type: 'PAYMENT_UPDATED', message });
  tx.publish(orderChanged('order.payment_updated', order));
}

const amountOf = ({ amountMinor, currency }: PaymentFact) =>
  `${toDecimal({ amountMinor: BigInt(amountMinor), currency })} ${currency}`;
