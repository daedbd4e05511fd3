import type { Random } from '../random.ts';

// What becomes of an order: how far it gets, what happens to its money and its goods. A course says what happened, not when.

export interface Course {
  stage: 'DRAFT' | 'ABANDONED' | 'LIVE' | 'CANCELED';
  /** State of the money when the story ends, before refunds. */
  money:
    | 'NOT_INVOICED'
    | 'PROCESSING'
    | 'REQUIRES_ACTION'
    | 'DECLINED'
    | 'OPEN'
    | 'AUTHORIZED'
    | 'CAPTURED'
    | 'PARTLY_PAID'
    | 'WRITTEN_OFF'
    | 'VOIDED';
  goods: 'NONE' | 'LABELED' | 'PARTLY_SHIPPED' | 'SHIPPED' | 'DELIVERED' | 'DELIVERED_IN_TWO';
  returned?: { status: 'REQUESTED' | 'APPROVED' | 'DECLINED' | 'RECEIVED'; share: 'PART' | 'ALL' };
  /** Paid back, or taken off the bill where nothing was paid: the returned goods, a part as a courtesy, or everything. */
  refund?: 'RETURNED_GOODS' | 'PART' | 'ALL';
  /** Bought on account: confirmed before anything is paid. */
  onAccount?: boolean;
  /** Waits for a review, although the money side would let it pass. */
  held?: boolean;
}

type Weighted = readonly (readonly [Course, weight: number])[];

const live = (money: Course['money'], goods: Course['goods'] = 'NONE', more: Partial<Course> = {}): Course => ({
  stage: 'LIVE',
  money,
  goods,
  ...more,
});

const returned = (status: 'REQUESTED' | 'APPROVED' | 'DECLINED' | 'RECEIVED', share: 'PART' | 'ALL') => ({
  returned: { status, share },
  ...(status === 'RECEIVED' && { refund: share === 'ALL' ? ('ALL' as const) : ('RETURNED_GOODS' as const) }),
});

export const courses = {
  draft: { stage: 'DRAFT', money: 'NOT_INVOICED', goods: 'NONE' },
  abandoned: { stage: 'ABANDONED', money: 'NOT_INVOICED', goods: 'NONE' },
  canceledUnpaid: { stage: 'CANCELED', money: 'VOIDED', goods: 'NONE' },
  canceledPaid: { stage: 'CANCELED', money: 'CAPTURED', goods: 'NONE', refund: 'ALL' },
  notInvoiced: live('NOT_INVOICED'),
  processing: live('PROCESSING'),
  requiresAction: live('REQUIRES_ACTION'),
  declined: live('DECLINED'),
  unpaid: live('OPEN'),
  authorized: live('AUTHORIZED'),
  held: live('AUTHORIZED', 'NONE', { held: true }),
  paid: live('CAPTURED'),
  labeled: live('CAPTURED', 'LABELED'),
  partlyShipped: live('CAPTURED', 'PARTLY_SHIPPED'),
  shipped: live('CAPTURED', 'SHIPPED'),
  delivered: live('CAPTURED', 'DELIVERED'),
  deliveredInTwo: live('CAPTURED', 'DELIVERED_IN_TWO'),
  priceReduced: live('CAPTURED', 'DELIVERED', { refund: 'PART' }),
  returnRequested: live('CAPTURED', 'DELIVERED', returned('REQUESTED', 'PART')),
  returnApproved: live('CAPTURED', 'DELIVERED', returned('APPROVED', 'PART')),
  returnDeclined: live('CAPTURED', 'DELIVERED', returned('DECLINED', 'PART')),
  returnedPart: live('CAPTURED', 'DELIVERED', returned('RECEIVED', 'PART')),
  returnedAll: live('CAPTURED', 'DELIVERED', returned('RECEIVED', 'ALL')),
} as const satisfies Record<string, Course>;

const c = courses;

// Courses of a paid order by age in days: a young one cannot be delivered, and an old one is not on its way any more.
const BY_AGE: readonly { untilDays: number; weights: Weighted }[] = [
  {
    untilDays: 1,
    weights: [[c.draft, 9], [c.processing, 5], [c.requiresAction, 6], [c.declined, 6], [c.authorized, 22], [c.held, 4], [c.paid, 40], [c.labeled, 5], [c.canceledUnpaid, 3]],
  },
  {
    untilDays: 4,
    weights: [[c.draft, 5], [c.declined, 2], [c.authorized, 6], [c.held, 2], [c.paid, 22], [c.labeled, 10], [c.partlyShipped, 12], [c.shipped, 34], [c.canceledPaid, 4], [c.canceledUnpaid, 3]],
  },
  {
    untilDays: 10,
    weights: [[c.draft, 3], [c.paid, 3], [c.partlyShipped, 8], [c.shipped, 17], [c.delivered, 55], [c.deliveredInTwo, 8], [c.canceledPaid, 3], [c.canceledUnpaid, 3]],
  },
  {
    untilDays: 30,
    weights: [[c.draft, 1.5], [c.partlyShipped, 1.5], [c.delivered, 72], [c.deliveredInTwo, 10], [c.returnRequested, 3], [c.returnApproved, 3], [c.returnDeclined, 2], [c.canceledPaid, 3], [c.canceledUnpaid, 3], [c.abandoned, 1]],
  },
  {
    untilDays: Number.POSITIVE_INFINITY,
    weights: [[c.delivered, 76], [c.deliveredInTwo, 11], [c.priceReduced, 2], [c.returnDeclined, 1], [c.returnedPart, 3.6], [c.returnedAll, 2.2], [c.canceledPaid, 1.6], [c.canceledUnpaid, 2], [c.abandoned, 0.3], [c.draft, 0.3]],
  },
]; // prettier-ignore

export interface CourseOptions {
  ageDays: number;
  /** How the owner pays: from an organization's account, by transfer in advance, or at once. */
  paying: 'ON_ACCOUNT' | 'TRANSFER' | 'AT_ONCE';
  /** Days until an invoice of the owner is due. */
  termDays: number;
}

export function chooseCourse(random: Random, { ageDays, paying, termDays }: CourseOptions): Course {
  const course = random.pickWeighted(BY_AGE.find(({ untilDays }) => ageDays < untilDays)!.weights);
  if (paying === 'AT_ONCE' || course.stage === 'DRAFT' || course.stage === 'ABANDONED') return course;
  if (paying === 'TRANSFER') return payByTransfer(random, course, ageDays);
  return payOnAccount(random, course, ageDays, termDays);
}

// A transfer takes a day or two and is never authorized, declined or confirmed by the payer.
function payByTransfer(random: Random, course: Course, ageDays: number): Course {
  if (course.stage === 'CANCELED') return course;
  const waiting = ageDays < 1 || course.money !== 'CAPTURED' || (ageDays < 40 && random.chance(0.12));
  return waiting ? courses.unpaid : course;
}

// Goods leave before the money comes; what was paid depends on the due date.
function payOnAccount(random: Random, course: Course, ageDays: number, termDays: number): Course {
  if (course.stage === 'CANCELED') return { ...courses.canceledUnpaid, onAccount: true };
  const { held: _, ...rest } = { ...course, onAccount: true };
  const paid = { ...rest, money: 'CAPTURED' as const };
  const open = { ...rest, money: 'OPEN' as const };
  // Returned in full before it was paid would need a bill over nothing; such orders are paid first.
  if (course.refund === 'ALL' || course.refund === 'PART') return paid;
  if (ageDays < 3) return random.chance(0.04) ? { ...open, goods: 'NONE', held: true } : open;
  if (ageDays < termDays) return random.chance(0.3) ? paid : open;
  if (course.returned) return random.chance(ageDays < 120 ? 0.3 : 0.02) ? open : paid;
  const settled = random.fraction();
  if (ageDays > 150 && settled < 0.015) return { ...rest, money: 'WRITTEN_OFF' };
  if (settled < 0.03) return { ...rest, money: 'PARTLY_PAID' };
  return settled < (ageDays < 200 ? 0.09 : 0.035) ? open : paid;
}
