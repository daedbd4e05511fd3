import { DAY } from '@tributary/kit/clock';
import { multiplyHalfEven } from '@tributary/kit/money';

import { billOrder } from '../billing/bill-order.ts';
import type { BillingDeps } from '../billing/bill-order.ts';
import type { Catalog } from '../catalog/make-catalog.ts';
import type { People } from '../people/company-state.ts';
import { CUSTOMER_NOTES, INTERNAL_NOTES } from '../words/texts.ts';
import { addOrder } from './add-order.ts';
import type { OrderEvent } from './add-order.ts';
import { chooseCourse } from './course.ts';
import type { Course } from './course.ts';
import { deliver } from './deliver.ts';
import { fillBasket } from './fill-basket.ts';
import type { OrderPlan } from './order-plan.ts';
import { tellStory } from './story.ts';

export interface OrderDeps extends BillingDeps {
  people: People;
  catalog: Catalog;
  nextOrderNumber: () => string;
  /** Takes note of a discount code of an order that stands. */
  countDiscountCode: (code: string) => void;
}

type CancelReason = 'CUSTOMER' | 'FRAUD' | 'INVENTORY' | 'PAYMENT' | 'OTHER';

/** Makes one order with everything that follows from it, in orders and in billing. */
export function makeOrder(deps: OrderDeps, plan: OrderPlan, createdAt: number): void {
  const { random, add, people, catalog, reference } = deps;
  const { buyer, organization, partner, complete = false } = plan;
  const owner = organization ?? buyer!;
  const { account, country } = owner;
  const method = organization ? (random.chance(0.75) ? 'BANK_TRANSFER' : 'DIRECT_DEBIT') : buyer!.method;
  const course =
    plan.course ??
    chooseCourse(random, {
      ageDays: (reference - createdAt) / DAY,
      paying: organization ? 'ON_ACCOUNT' : method === 'BANK_TRANSFER' ? 'TRANSFER' : 'AT_ONCE',
      termDays: account.termDays,
    });
  const basket = fillBasket(random, catalog.variants, {
    createdAt,
    currency: account.currency,
    country: country.code,
    business: organization !== null,
    divisible:
      course.goods === 'PARTLY_SHIPPED' || course.goods === 'DELIVERED_IN_TWO' || course.returned !== undefined,
    discounted: plan.discounted ?? false,
    draft: course.stage === 'DRAFT',
  });
  const id = random.uuid(createdAt);
  const placed = course.stage !== 'DRAFT' && course.stage !== 'ABANDONED';
  const paysLater =
    ['OPEN', 'PARTLY_PAID', 'WRITTEN_OFF'].includes(course.money) ||
    (course.money === 'CAPTURED' && method === 'BANK_TRANSFER');
  const story = tellStory(random, {
    course,
    createdAt,
    reference,
    method,
    termDays: account.termDays,
    failedFirst: course.money === 'CAPTURED' && method !== 'BANK_TRANSFER' && random.chance(0.04),
    reissued: paysLater && random.chance(0.05),
  });
  const staffId = random.pick(people.supportStaff);
  const buyerId = buyer?.id ?? null;
  const cancelReason = course.stage === 'CANCELED' || course.stage === 'ABANDONED' ? chooseCancelReason(course) : null;
  const number = placed ? deps.nextOrderNumber() : null;
  const channel = partner ? 'PARTNER_API' : random.chance(0.06) ? 'SUPPORT' : 'WEB';
  const erased = buyer?.erased ?? false;
  const hasAddress = placed || random.chance(0.5) || course.stage === 'DRAFT';

  const delivery = deliver(random, add, { id, basket, course, story, carriers: country.carriers, buyerId, staffId });
  const billing = placed
    ? billOrder(deps, {
        id,
        number: number!,
        customerId: buyerId,
        organizationId: organization?.id ?? null,
        partnerOrganizationId: partner?.id ?? null,
        currency: account.currency,
        basket,
        course,
        story,
        account,
        method,
        billTo: owner.address,
        cancelReason,
        returnedMinor: delivery.returnedMinor,
        staffId,
        refundToBalance: plan.refundToBalance ?? random.chance(0.15),
        goodwillMinor: plan.goodwillMinor ?? goodwill(),
      })
    : { paymentStatus: 'NOT_INVOICED', events: [] };
  const canceledAt = course.stage === 'ABANDONED' ? Math.min(createdAt + 14 * DAY, reference) : story.canceledAt;

  addOrder(random, add, {
    id,
    number,
    plan,
    channel,
    externalReference: partner
      ? `${partner.referencePrefix}-${String((partner.references += 1)).padStart(6, '0')}`
      : null,
    status: statusOf(course, story.confirmedAt),
    paymentStatus: billing.paymentStatus,
    currency: account.currency,
    basket,
    delivery,
    address: erased || !hasAddress ? null : owner.address,
    customerNote: !erased && (complete || random.chance(0.12)) ? random.pick(CUSTOMER_NOTES) : null,
    internalNote: !erased && (complete || random.chance(0.06)) ? random.pick(INTERNAL_NOTES) : null,
    riskScore: !placed ? null : course.held && !course.onAccount ? random.integer(76, 97) : random.integer(1, 62),
    cancelReason,
    createdAt,
    placedAt: placed ? story.placedAt : null,
    canceledAt,
    events: timeline(),
  });

  if (course.stage === 'LIVE') {
    for (const { code } of basket.discounts) if (code !== null) deps.countDiscountCode(code);
    for (const [index, line] of basket.lines.entries())
      line.variant.reserved += line.quantity - delivery.shipped[index]!;
  }

  function chooseCancelReason({ stage, refund }: Course): CancelReason {
    if (stage === 'ABANDONED') return 'OTHER';
    return refund
      ? random.pick(['CUSTOMER', 'CUSTOMER', 'INVENTORY', 'OTHER'])
      : random.pick(['CUSTOMER', 'PAYMENT', 'PAYMENT', 'INVENTORY', 'FRAUD']);
  }

  // An apology for a late parcel now and then.
  function goodwill(): bigint {
    const sorry = course.goods === 'DELIVERED' && organization === null && random.chance(0.02);
    return sorry ? multiplyHalfEven(basket.price.totalMinor, 5n, 100n) : 0n;
  }

  function timeline(): OrderEvent[] {
    const events: OrderEvent[] = [...delivery.events];
    const happened = (at: number | null, type: string, actorId: string | null, message: string) =>
      at !== null && events.push({ at, type, actorId, message });
    const enteredBy = channel === 'SUPPORT' ? staffId : buyerId;
    happened(createdAt, 'CREATED', enteredBy, 'The draft was created.');
    if (placed) happened(story.placedAt, 'PLACED', enteredBy, `Order ${number!} was placed.`);
    for (const { at, message } of billing.events) happened(at, 'PAYMENT_UPDATED', null, message);
    happened(story.confirmedAt, 'CONFIRMED', null, course.onAccount ? 'Confirmed on account.' : 'Confirmed.');
    const canceler = cancelReason === 'CUSTOMER' ? buyerId : cancelReason === 'PAYMENT' ? null : staffId;
    happened(canceledAt, 'CANCELED', course.stage === 'ABANDONED' ? null : canceler, 'The order was canceled.');
    happened(story.completedAt, 'COMPLETED', null, 'Everything has arrived.');
    events.sort((left, right) => left.at - right.at);
    // The order of two events in one millisecond would be left to the random part of their ids.
    for (let index = 1; index < events.length; index += 1)
      events[index]!.at = Math.max(events[index]!.at, events[index - 1]!.at + 1);
    return events;
  }
}

function statusOf({ stage, goods }: Course, confirmedAt: number | null): string {
  if (stage === 'DRAFT') return 'DRAFT';
  if (stage === 'ABANDONED' || stage === 'CANCELED') return 'CANCELED';
  if (confirmedAt === null) return 'PENDING';
  return goods === 'DELIVERED' || goods === 'DELIVERED_IN_TWO' ? 'COMPLETED' : 'CONFIRMED';
}
