import { paymentCaptured } from '@tributary/billing/ledger/postings';

import type { BillingDeps, BillingOutcome, OrderToBill } from './bill-order.ts';
import { addPayment } from './add-payment.ts';
import { FAILURE_CODES } from '../words/texts.ts';

interface Collection {
  invoiceId: string;
  paidMinor: bigint;
  refundedMinor: bigint;
  /** An amount as people read it. */
  text: (amountMinor: bigint) => string;
}

/** Writes the payments of an order's invoice. Returns what the timeline tells about them, and the one that brought money. */
export function collectPayments(
  deps: BillingDeps,
  order: OrderToBill,
  collection: Collection,
): { events: BillingOutcome['events']; capturedId: string | null } {
  const { random, post } = deps;
  const { course, story, account, currency, method, basket } = order;
  const { invoiceId, paidMinor, refundedMinor, text } = collection;
  const { totalMinor } = basket.price;
  const events: BillingOutcome['events'] = [];
  let capturedId: string | null = null;
  const attempt = {
    invoiceId,
    accountId: account.id,
    currency,
    method,
    amountMinor: totalMinor,
    createdAt: story.paymentAt,
    changedAt: story.paymentAt,
  };

  if (story.failedAt !== null) decline(story.failedAt);
  switch (course.money) {
    case 'NOT_INVOICED':
    case 'OPEN':
    case 'WRITTEN_OFF':
      break;
    case 'PROCESSING':
      addPayment(deps, { ...attempt, state: 'PROCESSING' });
      break;
    case 'REQUIRES_ACTION':
      addPayment(deps, { ...attempt, state: 'REQUIRES_ACTION' });
      events.push({ at: story.paymentAt, message: 'The bank asks the buyer to confirm the payment.' });
      break;
    case 'DECLINED':
      decline(story.paymentAt);
      break;
    case 'AUTHORIZED':
      addPayment(deps, { ...attempt, state: 'AUTHORIZED', changedAt: story.authorizedAt! });
      events.push({ at: story.authorizedAt!, message: `${text(totalMinor)} was reserved.` });
      break;
    case 'VOIDED':
      // A transfer never came; a card was declined, or its reservation was released.
      if (method === 'BANK_TRANSFER') break;
      if (order.cancelReason === 'PAYMENT') decline(story.paymentAt);
      else addPayment(deps, { ...attempt, state: 'CANCELED', changedAt: story.canceledAt! });
      break;
    case 'CAPTURED':
    case 'PARTLY_PAID':
      capture(story.capturedAt!);
  }
  return { events, capturedId };

  function decline(at: number): void {
    const changedAt = at + 1_500;
    const failureCode = random.pick(FAILURE_CODES[method === 'DIRECT_DEBIT' ? 'DIRECT_DEBIT' : 'CARD']);
    addPayment(deps, { ...attempt, state: 'FAILED', createdAt: at, changedAt, failureCode });
    events.push({ at: changedAt, message: `Payment of ${text(totalMinor)} failed: ${failureCode}.` });
  }

  function capture(capturedAt: number): void {
    const paymentId = addPayment(deps, {
      ...attempt,
      state: 'SUCCEEDED',
      amountMinor: paidMinor,
      refundedMinor,
      // A transfer is known when it arrives.
      createdAt: method === 'BANK_TRANSFER' ? capturedAt : story.paymentAt,
      capturedAt,
      changedAt: Math.max(capturedAt, story.refundedAt ?? 0),
    });
    events.push({ at: capturedAt, message: `Payment of ${text(paidMinor)} received.` });
    post({ ...paymentCaptured({ id: paymentId, currency, amountMinor: paidMinor }), postedAt: capturedAt });
    capturedId = paymentId;
  }
}
