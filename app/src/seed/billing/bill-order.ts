import { derivePaymentStatus } from '@tributary/billing/invoice/payment-status';
import { DAY } from '@tributary/kit/clock';
import { multiplyHalfEven, toDecimal } from '@tributary/kit/money';

import type { AddRow } from '../load/tables.ts';
import type { Course } from '../orders/course.ts';
import type { Basket } from '../orders/fill-basket.ts';
import type { Story } from '../orders/story.ts';
import type { Account, PaymentMethod } from '../people/company-state.ts';
import type { Random } from '../random.ts';
import { addDays, dateOf } from '../time.ts';
import { FAILURE_CODES, VOID_REASONS, WRITE_OFF_REASONS } from '../words/texts.ts';
import { credit, debit, ledgerAccounts as accounts } from './ledger.ts';
import type { createLedger } from './ledger.ts';
import { addInvoice } from './add-invoice.ts';
import { addPayment } from './add-payment.ts';

/** A placed order, as far as billing has to know it. */
export interface OrderToBill {
  id: string;
  number: string;
  customerId: string | null;
  organizationId: string | null;
  partnerOrganizationId: string | null;
  currency: string;
  basket: Basket;
  course: Course;
  story: Story;
  account: Account;
  method: PaymentMethod;
  /** Postal address as a JSON document. */
  billTo: string;
  cancelReason: keyof typeof VOID_REASONS | null;
  /** Worth of the goods that came back, when they did. */
  returnedMinor: bigint;
  refundToBalance: boolean;
  goodwillMinor: bigint;
}

export interface BillingOutcome {
  paymentStatus: string;
  /** What the timeline of the order tells about the money. */
  events: { at: number; message: string }[];
}

export interface BillingDeps {
  random: Random;
  add: AddRow;
  post: ReturnType<typeof createLedger>;
  nextInvoiceNumber: () => string;
  /** The instant that nothing is later than. */
  reference: number;
}

/** Writes everything that billing did about an order: invoices, payments and their postings. */
export function billOrder(deps: BillingDeps, order: OrderToBill): BillingOutcome {
  const { random, post, reference } = deps;
  const { course, story, basket, account, currency } = order;
  if (course.money === 'NOT_INVOICED') return { paymentStatus: 'NOT_INVOICED', events: [] };
  const events: BillingOutcome['events'] = [];
  const { totalMinor, taxMinor } = basket.price;
  const text = (amountMinor: bigint) => `${toDecimal({ amountMinor, currency })} ${currency}`;

  if (story.firstInvoiceAt !== null) {
    const first = finalize(story.firstInvoiceAt, {
      status: 'VOID',
      closeReason: VOID_REASONS.reissued,
      changedAt: story.invoiceAt,
    });
    reverse(first, story.invoiceAt);
  }

  const paidMinor = course.money === 'CAPTURED' ? totalMinor : course.money === 'PARTLY_PAID' ? share(30, 70) : 0n;
  const creditedMinor = story.refundedAt === null ? 0n : refundAmount();
  const refundedMinor = paidMinor === 0n ? 0n : creditedMinor;
  const authorizedMinor = course.money === 'AUTHORIZED' ? totalMinor : 0n;
  const dueMinor = totalMinor - creditedMinor - (paidMinor - refundedMinor);
  const amounts = { totalMinor, paidMinor, creditedMinor, refundedMinor, authorizedMinor };
  const closing = closed();
  const overdueDays = Math.floor((reference - addDays(story.invoiceAt, account.termDays)) / DAY);
  const invoice = finalize(story.invoiceAt, {
    ...amounts,
    ...closing,
    // A reminder goes out a week after the due date, then every second week.
    reminderCount:
      closing.status === 'OPEN' ? Math.max(0, Math.min(3, Math.ceil((overdueDays - 6) / 14))) : closing.reminderCount,
    changedAt: Math.max(story.invoiceAt, story.failedAt ?? 0, story.authorizedAt ?? 0, story.capturedAt ?? 0, story.refundedAt ?? 0, closing.closedAt), // prettier-ignore
  });
  if (closing.status === 'OPEN') account.openMinor += dueMinor;
  if (closing.status === 'VOID') reverse(invoice, closing.closedAt);
  if (closing.status === 'UNCOLLECTIBLE')
    post({
      kind: 'invoice_written_off',
      sourceType: 'Invoice',
      sourceId: invoice.id,
      postedAt: closing.closedAt,
      currency,
      entries: [debit(accounts.writeOffs, dueMinor), credit(accounts.receivables, dueMinor)],
    });

  collect();
  if (story.refundedAt !== null) giveBack(story.refundedAt);
  if (order.goodwillMinor > 0n && story.completedAt !== null)
    giveGoodwill(Math.min(addDays(story.completedAt, 1), reference));
  return { paymentStatus: derivePaymentStatus({ ...amounts, dueMinor, status: closing.status }), events };

  function share(fromPercent: number, toPercent: number): bigint {
    return multiplyHalfEven(totalMinor, BigInt(random.integer(fromPercent, toPercent)), 100n);
  }

  function refundAmount(): bigint {
    if (course.refund === 'ALL') return totalMinor;
    return course.refund === 'RETURNED_GOODS' ? order.returnedMinor : share(10, 25);
  }

  function closed(): {
    status: 'OPEN' | 'PAID' | 'VOID' | 'UNCOLLECTIBLE';
    closeReason: string | null;
    closedAt: number;
    reminderCount: number;
  } {
    const open = { closeReason: null, closedAt: 0, reminderCount: 0 };
    if (story.writtenOffAt !== null)
      return {
        status: 'UNCOLLECTIBLE',
        closeReason: random.pick(WRITE_OFF_REASONS),
        closedAt: story.writtenOffAt,
        reminderCount: 3,
      };
    if (course.money === 'VOIDED')
      return {
        ...open,
        status: 'VOID',
        closeReason: VOID_REASONS[order.cancelReason ?? 'OTHER'],
        closedAt: story.canceledAt!,
      };
    return { ...open, status: dueMinor === 0n ? 'PAID' : 'OPEN' };
  }

  // The invoice and its posting.
  function finalize(createdAt: number, state: Parameters<typeof addInvoice>[2]): { id: string; transactionId: string } {
    const id = addInvoice(deps, { ...order, createdAt, dueOn: dateOf(addDays(createdAt, account.termDays)) }, state);
    const transactionId = post({
      kind: 'invoice_finalized',
      sourceType: 'Invoice',
      sourceId: id,
      postedAt: createdAt,
      currency,
      entries: [
        debit(accounts.receivables, totalMinor),
        credit(accounts.revenue, totalMinor - taxMinor),
        credit(accounts.tax, taxMinor),
      ],
    });
    return { id, transactionId };
  }

  function reverse(voided: { id: string; transactionId: string }, postedAt: number): void {
    post({
      kind: 'invoice_voided',
      sourceType: 'Invoice',
      sourceId: voided.id,
      postedAt,
      currency,
      entries: [
        credit(accounts.receivables, totalMinor),
        debit(accounts.revenue, totalMinor - taxMinor),
        debit(accounts.tax, taxMinor),
      ],
      reversesId: voided.transactionId,
    });
  }

  function collect(): void {
    const attempt = { invoiceId: invoice.id, accountId: account.id, currency, method: order.method };
    const declined = (at: number, changedAt: number) => {
      const failureCode = random.pick(order.method === 'CARD' ? FAILURE_CODES.slice(0, 3) : FAILURE_CODES.slice(3));
      addPayment(deps, { ...attempt, state: 'FAILED', amountMinor: totalMinor, createdAt: at, changedAt, failureCode });
      events.push({ at: changedAt, message: `Payment of ${text(totalMinor)} failed: ${failureCode}.` });
    };
    if (story.failedAt !== null) declined(story.failedAt, story.failedAt + 1_500);
    const now = { ...attempt, amountMinor: totalMinor, createdAt: story.paymentAt, changedAt: story.paymentAt };
    switch (course.money) {
      case 'NOT_INVOICED':
      case 'OPEN':
      case 'WRITTEN_OFF':
        break;
      case 'PROCESSING':
        addPayment(deps, { ...now, state: 'PROCESSING' });
        break;
      case 'REQUIRES_ACTION':
        addPayment(deps, { ...now, state: 'REQUIRES_ACTION' });
        events.push({ at: story.paymentAt, message: 'The bank asks the buyer to confirm the payment.' });
        break;
      case 'DECLINED':
        declined(story.paymentAt, story.paymentAt + 1_500);
        break;
      case 'AUTHORIZED':
        addPayment(deps, { ...now, state: 'AUTHORIZED', changedAt: story.authorizedAt! });
        events.push({ at: story.authorizedAt!, message: `${text(totalMinor)} was reserved.` });
        break;
      case 'VOIDED':
        // A transfer never came; a card was declined, or its reservation was released.
        if (order.method === 'BANK_TRANSFER') break;
        if (order.cancelReason === 'PAYMENT') declined(story.paymentAt, story.paymentAt + 1_500);
        else addPayment(deps, { ...now, state: 'CANCELED', changedAt: story.canceledAt! });
        break;
      case 'CAPTURED':
      case 'PARTLY_PAID': {
        const capturedAt = story.capturedAt!;
        const paymentId = addPayment(deps, {
          ...now,
          state: 'SUCCEEDED',
          amountMinor: paidMinor,
          refundedMinor,
          // A transfer is known when it arrives.
          createdAt: order.method === 'BANK_TRANSFER' ? capturedAt : story.paymentAt,
          capturedAt,
          changedAt: Math.max(capturedAt, story.refundedAt ?? 0),
        });
        events.push({ at: capturedAt, message: `Payment of ${text(paidMinor)} received.` });
        post({
          kind: 'payment_captured',
          sourceType: 'Payment',
          sourceId: paymentId,
          postedAt: capturedAt,
          currency,
          entries: [debit(accounts.providerClearing, paidMinor), credit(accounts.receivables, paidMinor)],
        });
      }
    }
  }

  // A credit note lowers the bill; what was paid before goes back.
  function giveBack(at: number): void {
    const taxPart = multiplyHalfEven(taxMinor, creditedMinor, totalMinor);
    post({
      kind: 'credit_note_issued',
      sourceType: 'CreditNote',
      sourceId: random.uuid(at - 1),
      postedAt: at - 1,
      currency,
      entries: [
        debit(accounts.returns, creditedMinor - taxPart),
        debit(accounts.tax, taxPart),
        credit(accounts.receivables, creditedMinor),
      ],
    });
    if (refundedMinor === 0n) return;
    if (order.refundToBalance) changeBalance(at, refundedMinor);
    post({
      kind: 'refund_succeeded',
      sourceType: 'Refund',
      sourceId: random.uuid(at),
      postedAt: at,
      currency,
      entries: [
        debit(accounts.receivables, refundedMinor),
        order.refundToBalance
          ? credit(accounts.customerBalances, refundedMinor, account.id)
          : credit(accounts.providerClearing, refundedMinor),
      ],
    });
    events.push({ at, message: `Refund of ${text(refundedMinor)} paid.` });
  }

  function giveGoodwill(at: number): void {
    changeBalance(at, order.goodwillMinor);
    post({
      kind: 'goodwill_granted',
      sourceType: 'BalanceAdjustment',
      sourceId: random.uuid(at),
      postedAt: at,
      currency,
      entries: [
        debit(accounts.goodwill, order.goodwillMinor),
        credit(accounts.customerBalances, order.goodwillMinor, account.id),
      ],
    });
  }

  function changeBalance(at: number, amountMinor: bigint): void {
    account.availableMinor += amountMinor;
    account.updatedAt = Math.max(account.updatedAt, at);
  }
}
