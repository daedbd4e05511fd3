import { DAY, HOUR, MINUTE, SECOND } from '@tributary/kit/clock';

import type { Random } from '../random.ts';
import type { Course } from './course.ts';

// When the things of a course happened. Every time is later than the one it follows from and not later than the reference.

export interface Story {
  placedAt: number;
  /** The invoice that was taken back and issued again, if there was one. */
  firstInvoiceAt: number | null;
  invoiceAt: number;
  /** Time of the only or last attempt to collect the money. */
  paymentAt: number;
  /** A declined attempt before that. */
  failedAt: number | null;
  authorizedAt: number | null;
  capturedAt: number | null;
  writtenOffAt: number | null;
  confirmedAt: number | null;
  canceledAt: number | null;
  shipments: readonly { createdAt: number; shippedAt: number | null; deliveredAt: number | null }[];
  completedAt: number | null;
  return: { requestedAt: number; decidedAt: number | null; receivedAt: number | null } | null;
  refundedAt: number | null;
}

export interface StoryOptions {
  course: Course;
  createdAt: number;
  reference: number;
  method: 'CARD' | 'DIRECT_DEBIT' | 'BANK_TRANSFER';
  termDays: number;
  failedFirst: boolean;
  reissued: boolean;
}

export function tellStory(random: Random, options: StoryOptions): Story {
  const { course, createdAt, reference, method, termDays, failedFirst, reissued } = options;
  // A time from `min` to `max` later; what would lie in the future happens in the time that is left.
  const after = (time: number, min: number, max: number) => {
    const room = reference - time;
    if (room <= min) return time + Math.floor(room * (0.2 + 0.6 * random.fraction()));
    return time + random.integer(min, Math.min(max, room));
  };
  const placedAt = after(createdAt, 5 * SECOND, 10 * MINUTE);
  const firstInvoiceAt = reissued ? after(placedAt, SECOND, 2 * SECOND) : null;
  const invoiceAt =
    firstInvoiceAt === null ? after(placedAt, SECOND, 2 * SECOND) : after(firstInvoiceAt, 20 * MINUTE, 3 * HOUR);
  const failedAt = failedFirst ? after(invoiceAt, SECOND, 2 * SECOND) : null;
  const paymentAt = failedAt === null ? after(invoiceAt, SECOND, 2 * SECOND) : after(failedAt, MINUTE, 5 * MINUTE);

  const collected = course.money === 'CAPTURED' || course.money === 'PARTLY_PAID';
  const authorizedAt = course.money === 'AUTHORIZED' ? after(paymentAt, 2 * SECOND, 20 * SECOND) : null;
  const capturedAt = collected ? collectedAt() : null;
  const canceledAt = course.stage === 'CANCELED' ? after(capturedAt ?? paymentAt, 10 * MINUTE, 20 * HOUR) : null;
  const confirmedAt = confirmation();
  const shipments = shipping(confirmedAt ?? placedAt);
  const delivered = course.goods === 'DELIVERED' || course.goods === 'DELIVERED_IN_TWO';
  const lastDelivery = Math.max(...shipments.map(({ deliveredAt }) => deliveredAt ?? 0));
  const completedAt = delivered ? after(lastDelivery, MINUTE, 10 * MINUTE) : null;
  const returned = course.returned && completedAt !== null ? comingBack(completedAt) : null;
  const writtenOffAt =
    course.money === 'WRITTEN_OFF' ? after(invoiceAt, (termDays + 90) * DAY, (termDays + 110) * DAY) : null;
  // Money goes back after it came and after its reason.
  const refundReason = returned?.receivedAt ?? canceledAt ?? (completedAt && after(completedAt, DAY, 10 * DAY));
  const refundedAt = course.refund ? after(Math.max(refundReason ?? placedAt, capturedAt ?? 0), 5 * MINUTE, DAY) : null;

  return { placedAt, firstInvoiceAt, invoiceAt, paymentAt, failedAt, authorizedAt, capturedAt, writtenOffAt, confirmedAt, canceledAt, shipments, completedAt, return: returned, refundedAt }; // prettier-ignore

  function collectedAt(): number {
    if (course.onAccount) return after(paymentAt, 2 * DAY, (termDays + 8) * DAY);
    if (method === 'BANK_TRANSFER') return after(paymentAt, 4 * HOUR, 40 * HOUR);
    return after(paymentAt, 2 * SECOND, 30 * SECOND);
  }

  function confirmation(): number | null {
    if (course.stage !== 'LIVE' || course.held) return null;
    if (course.onAccount) return after(invoiceAt, SECOND, 3 * SECOND);
    const covered = authorizedAt ?? capturedAt;
    return covered === null ? null : after(covered, SECOND, 3 * SECOND);
  }

  function shipping(from: number): Story['shipments'] {
    if (course.goods === 'NONE') return [];
    const createdAt = after(from, HOUR, 20 * HOUR);
    if (course.goods === 'LABELED') return [{ createdAt, shippedAt: null, deliveredAt: null }];
    const shippedAt = after(createdAt, HOUR, 10 * HOUR);
    if (course.goods === 'SHIPPED' || course.goods === 'PARTLY_SHIPPED')
      return [{ createdAt, shippedAt, deliveredAt: null }];
    const deliveredAt = after(shippedAt, 20 * HOUR, 60 * HOUR);
    const first = { createdAt, shippedAt, deliveredAt };
    if (course.goods === 'DELIVERED') return [first];
    const secondCreated = after(createdAt, 2 * HOUR, 24 * HOUR);
    const secondShipped = after(Math.max(secondCreated, shippedAt), HOUR, 10 * HOUR);
    return [
      first,
      { createdAt: secondCreated, shippedAt: secondShipped, deliveredAt: after(secondShipped, 20 * HOUR, 60 * HOUR) },
    ];
  }

  function comingBack(from: number): NonNullable<Story['return']> {
    const requestedAt = after(from, DAY, 7 * DAY);
    if (course.returned!.status === 'REQUESTED') return { requestedAt, decidedAt: null, receivedAt: null };
    const decidedAt = after(requestedAt, 2 * HOUR, DAY);
    if (course.returned!.status !== 'RECEIVED') return { requestedAt, decidedAt, receivedAt: null };
    return { requestedAt, decidedAt, receivedAt: after(decidedAt, 2 * DAY, 5 * DAY) };
  }
}
