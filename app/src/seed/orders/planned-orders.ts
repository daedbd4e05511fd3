import { SECOND } from '@tributary/kit/clock';

import type { People } from '../people/company-state.ts';
import { positionAtAge } from '../time.ts';
import { courses } from './course.ts';
import type { Course } from './course.ts';
import type { OrderPlan } from './order-plan.ts';

// The orders that people look at first: those of the personas, and the facts that every seed holds. They take places in the
// stream of orders according to their age.

const PASSING: readonly (readonly [ageDays: number, course: Course])[] = [
  [0.3, courses.processing],
  [0.5, courses.labeled],
  [0.6, courses.requiresAction],
  [0.9, courses.authorized],
  [1.3, courses.labeled],
  [1.5, courses.declined],
  [1.9, courses.partlyShipped],
  [2.3, courses.authorized],
  [2.6, courses.labeled],
  [3.1, courses.shipped],
  [14, courses.returnApproved],
  [16, courses.returnRequested],
  [19, courses.returnApproved],
  [24, courses.returnDeclined],
];

type Planned = readonly [ageDays: number, course: Course, more?: Partial<OrderPlan>];

export function planOrders(people: People, orderCount: number, reference: number): Map<number, OrderPlan> {
  const plans = new Map<number, OrderPlan>();
  const put = (place: number, plan: OrderPlan) => {
    let free = place;
    while (plans.has(free)) free -= 1;
    plans.set(free, plan);
  };
  const putAll = (owner: OrderPlan, planned: readonly Planned[]) => {
    for (const [ageDays, course, more] of planned)
      put(Math.floor(orderCount * positionAtAge(ageDays)), { ...owner, course, ...more });
  };
  const person = (buyer: OrderPlan['buyer']): OrderPlan => ({ buyer, organization: null, partner: null });
  const { customer, stranger, singles, erased, shoppers, collectors } = people;
  const cardholders = shoppers.filter(({ method }) => method === 'CARD');

  // The newest orders show every kind of thing on the first page.
  const [nordlicht, kanalwerk] = [people.buyers[0]!, people.partners[0]!];
  const newest: readonly OrderPlan[] = [
    { ...person(cardholders[0]!), course: courses.notInvoiced, createdAt: reference - 50 * SECOND },
    { ...person(cardholders[1]!), course: courses.notInvoiced, createdAt: reference - 95 * SECOND },
    { ...person(collectors[0]!), course: courses.paid, discounted: true },
    { ...person(cardholders[2]!), course: courses.processing },
    { ...person(cardholders[3]!), course: courses.requiresAction },
    { buyer: nordlicht.purchasers[1]!, organization: nordlicht, partner: null, course: onAccount('OPEN') },
    { ...person(cardholders[4]!), course: courses.authorized, discounted: true },
    { buyer: null, organization: kanalwerk, partner: kanalwerk, course: onAccount('OPEN') },
    { ...person(cardholders[5]!), course: courses.declined },
    { ...person(cardholders[6]!), course: courses.held },
  ];
  for (const [index, plan] of newest.entries()) put(orderCount - 1 - index, plan);

  putAll(person(customer), [
    [0.6, courses.draft],
    [0.9, courses.paid, { discounted: true }],
    [2.5, courses.partlyShipped],
    [3, courses.unpaid],
    [16, courses.unpaid],
    [18, courses.returnRequested],
    [45, courses.delivered, { goodwillMinor: 1_500n }],
    [75, courses.canceledPaid],
    [120, courses.returnedPart, { refundToBalance: true }],
    [200, courses.deliveredInTwo, { discounted: true }],
  ]);
  putAll(person(stranger), [
    [3.2, courses.shipped, { complete: true }],
    [33, courses.returnedPart, { complete: true, discounted: true }],
    [60, courses.canceledUnpaid],
    [160, courses.delivered, { complete: true }],
    [210, courses.returnedAll],
  ]);
  putAll({ buyer: nordlicht.purchasers[0]!, organization: nordlicht, partner: null }, [
    [0.5, courses.draft],
    [1.1, onAccount('OPEN')],
    [12, onAccount('OPEN', 'DELIVERED')],
    [52, onAccount('OPEN', 'DELIVERED')],
    [71, onAccount('CAPTURED', 'DELIVERED')],
    [96, { ...courses.returnedPart, onAccount: true }],
    [141, onAccount('PARTLY_PAID', 'DELIVERED')],
    [230, onAccount('WRITTEN_OFF', 'DELIVERED')],
  ]);
  putAll({ buyer: null, organization: kanalwerk, partner: kanalwerk }, [
    [1.4, onAccount('OPEN', 'SHIPPED')],
    [9, onAccount('OPEN', 'DELIVERED')],
    [66, onAccount('CAPTURED', 'DELIVERED_IN_TWO')],
  ]);
  putAll({ buyer: nordlicht.purchasers[1]!, organization: nordlicht, partner: kanalwerk }, [
    [22, onAccount('OPEN', 'DELIVERED')],
  ]);
  // States that pass quickly, so that a small company shows some of each.
  for (const [index, [ageDays, course]] of PASSING.entries())
    putAll(person(cardholders[10 + index]!), [[ageDays, course]]);
  for (const [index, buyer] of singles.entries()) putAll(person(buyer), [[15 + index * 70, courses.delivered]]);
  for (const [index, buyer] of erased.slice(0, 5).entries())
    putAll(person(buyer), [[320 + index * 20, courses.delivered], [330 + index * 20, courses.delivered]]); // prettier-ignore
  return plans;
}

function onAccount(money: Course['money'], goods: Course['goods'] = 'NONE'): Course {
  return { stage: 'LIVE', money, goods, onAccount: true };
}
