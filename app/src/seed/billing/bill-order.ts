import { derivePaymentStatus } from '@tributary/billing/invoice/payment-status';
import {
  creditNoteIssued,
  goodwillGranted,
  invoiceFinalized,
  invoiceVoided,
  invoiceWrittenOff,
  refundPaid,
} from '@tributary/billing/ledger/postings';
import { DAY } from '@tributary/kit/clock';
import { multiplyHalfEven, toDecimal } from '@tributary/kit/money';

import type { AddRow } from '../load/tables.ts';
import type { Course } from '../orders/course.ts';
import type { Basket } from '../orders/fill-basket.ts';
import type { Story } from '../orders/story.ts';
import type { Account, PaymentMethod } from '../people/company-state.ts';
import type { Random } from '../random.ts';
import { addDays, dateOf } from '../time.ts';
import { VOID_REASONS, WRITE_OFF_REASONS } from '../words/texts.ts';
import { addInvoice } from './add-invoice.ts';
import type { InvoiceState } from './add-invoice.ts';
import { collectPayments } from './collect-payments.ts';
import type { Post } from './ledger.ts';
import { addCreditNote, addRefund } from './add-refund.ts';

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
  /** Who gives money back. */
  staffId: string;
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
  post: Post;
  nextInvoiceNumber: () => string;
  nextCreditNoteNumber: () => string;
  /** The instant that nothing is later than. */
  reference: number;
}

/** Writes everything that billing did about an order: invoices, payments and their postings. */
export function billOrder(deps: BillingDeps, order: OrderToBill): BillingOutcome {
  const { random, post, reference } = deps;
  const { course, story, account, currency } = order;
  if (course.money === 'NOT_INVOICED') return { paymentStatus: 'NOT_INVOICED', events: [] };
  const { totalMinor, taxMinor } = order.basket.price;
  const demand = { currency, totalMinor, taxMinor };
  const text = (amountMinor: bigint) => `${toDecimal({ amountMinor, currency })} ${currency}`;

  if (story.firstInvoiceAt !== null) {
    const closeReason = VOID_REASONS.reissued;
    reverse(
      finalize(story.firstInvoiceAt, { status: 'VOID', closeReason, changedAt: story.invoiceAt }),
      story.invoiceAt,
    );
  }
  const paidMinor =
    course.money === 'CAPTURED' ? totalMinor : course.money === 'PARTLY_PAID' ? percentOfTotal(30, 70) : 0n;
  const creditedMinor = story.refundedAt === null ? 0n : worthOfRefund();
  const refundedMinor = paidMinor === 0n ? 0n : creditedMinor;
  const authorizedMinor = course.money === 'AUTHORIZED' ? totalMinor : 0n;
  const dueMinor = totalMinor - creditedMinor - (paidMinor - refundedMinor);
  const amounts = { paidMinor, creditedMinor, refundedMinor, authorizedMinor };
  const { closedAt, ...closing } = closingOf();
  const { failedAt, authorizedAt, capturedAt, refundedAt } = story;
  const changes = [story.invoiceAt, failedAt, authorizedAt, capturedAt, refundedAt, closedAt];
  const changedAt = Math.max(...changes.filter((at) => at !== null));
  const invoice = finalize(story.invoiceAt, { ...amounts, ...closing, changedAt });
  if (closing.status === 'OPEN') account.openMinor += dueMinor;
  if (closing.status === 'VOID') reverse(invoice, closedAt!);
  if (closing.status === 'UNCOLLECTIBLE')
    post({ ...invoiceWrittenOff({ id: invoice.id, currency, amountMinor: dueMinor }), postedAt: closedAt! });

  const { events, capturedId } = collectPayments(deps, order, {
    invoiceId: invoice.id,
    paidMinor,
    refundedMinor,
    text,
  });
  if (refundedAt !== null) giveBack(refundedAt);
  if (order.goodwillMinor > 0n && story.completedAt !== null)
    giveGoodwill(Math.min(addDays(story.completedAt, 1), reference));
  return { paymentStatus: derivePaymentStatus({ ...amounts, dueMinor, status: closing.status }), events };

  function percentOfTotal(from: number, to: number): bigint {
    return multiplyHalfEven(totalMinor, BigInt(random.integer(from, to)), 100n);
  }

  function worthOfRefund(): bigint {
    if (course.refund === 'ALL') return totalMinor;
    return course.refund === 'RETURNED_GOODS' ? order.returnedMinor : percentOfTotal(10, 25);
  }

  function closingOf(): Pick<InvoiceState, 'status' | 'closeReason' | 'reminderCount'> & { closedAt: number | null } {
    if (story.writtenOffAt !== null)
      return {
        status: 'UNCOLLECTIBLE',
        closeReason: random.pick(WRITE_OFF_REASONS),
        reminderCount: 3,
        closedAt: story.writtenOffAt,
      };
    if (course.money === 'VOIDED')
      return { status: 'VOID', closeReason: VOID_REASONS[order.cancelReason ?? 'OTHER'], closedAt: story.canceledAt };
    if (dueMinor === 0n) return { status: 'PAID', closedAt: null };
    // A reminder goes out a week after the due date, then every second week.
    const overdueDays = Math.floor((reference - addDays(story.invoiceAt, account.termDays)) / DAY);
    return {
      status: 'OPEN',
      reminderCount: Math.max(0, Math.min(3, Math.ceil((overdueDays - 6) / 14))),
      closedAt: null,
    };
  }

  // The invoice and its posting.
  function finalize(createdAt: number, state: InvoiceState): { id: string; transactionId: string } {
    const id = addInvoice(deps, { ...order, createdAt, dueOn: dateOf(addDays(createdAt, account.termDays)) }, state);
    const transactionId = post({ ...invoiceFinalized({ id, ...demand }), postedAt: createdAt });
    return { id, transactionId };
  }

  function reverse(voided: { id: string; transactionId: string }, postedAt: number): void {
    post({ ...invoiceVoided({ id: voided.id, ...demand }), postedAt, reversesId: voided.transactionId });
  }

  // A credit note lowers the bill; what was paid before goes back.
  function giveBack(at: number): void {
    const reason = order.returnedMinor > 0n ? 'Goods came back.' : 'The order was changed after it was paid.';
    const creditNote = { id: random.uuid(at - 1), currency, amountMinor: creditedMinor };
    addCreditNote(deps, { ...creditNote, invoiceId: invoice.id, reason, issuedAt: at - 1 });
    post({ ...creditNoteIssued(creditNote, demand), postedAt: at - 1 });
    if (refundedMinor === 0n) return;
    if (order.refundToBalance) addToBalance(at, refundedMinor);
    const refund = { id: random.uuid(at), currency, amountMinor: refundedMinor };
    const { refundToBalance: toBalance, staffId } = order;
    addRefund(deps, { ...refund, paymentId: capturedId!, toBalance, reason, requestedBy: staffId, createdAt: at });
    post({ ...refundPaid(refund, toBalance ? account.id : null), postedAt: at });
    events.push({ at, message: `Refund of ${text(refundedMinor)} paid.` });
  }

  function giveGoodwill(at: number): void {
    addToBalance(at, order.goodwillMinor);
    const granted = { id: random.uuid(at), currency, amountMinor: order.goodwillMinor };
    post({ ...goodwillGranted(granted, account.id), postedAt: at });
  }

  function addToBalance(at: number, amountMinor: bigint): void {
    account.availableMinor += amountMinor;
    account.updatedAt = Math.max(account.updatedAt, at);
  }
}
