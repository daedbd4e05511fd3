import { expect, test } from 'vitest';

import { filtersByState } from '@tributary/orders/order/order.filter';
import type { OrderFilter } from '@tributary/orders/order/order.filter';

test('a filter of several states is cut into one part per state', () => {
  expect(filtersByState({ statusIn: ['PENDING', 'CONFIRMED'], placedAt: { from: null } })).toEqual([
    { statusIn: ['PENDING'], placedAt: { from: null } },
    { statusIn: ['CONFIRMED'], placedAt: { from: null } },
  ]);
});

test('states of several kinds are combined', () => {
  expect(
    filtersByState({ statusIn: ['PENDING'], paymentStatusIn: ['PAID', 'UNPAID'], fulfillmentStatusIn: ['RETURNED'] }),
  ).toEqual([
    { statusIn: ['PENDING'], paymentStatusIn: ['PAID'], fulfillmentStatusIn: ['RETURNED'] },
    { statusIn: ['PENDING'], paymentStatusIn: ['UNPAID'], fulfillmentStatusIn: ['RETURNED'] },
  ]);
});

test('a state named twice is one part, so that no order is met twice', () => {
  expect(filtersByState({ statusIn: ['PENDING', 'CONFIRMED', 'PENDING'] })).toHaveLength(2);
});

test.each<OrderFilter>([
  {},
  { statusIn: null },
  { statusIn: [] },
  { statusIn: ['PENDING', 'CONFIRMED'], paymentStatusIn: [] },
  { statusIn: ['PENDING'] },
  // An index of its own finds the few orders there are.
  { statusIn: ['PENDING', 'CONFIRMED'], search: 'lamp' },
  { statusIn: ['PENDING', 'CONFIRMED'], buyerId: 'usr_1' },
  // Too many parts.
  {
    statusIn: ['DRAFT', 'PENDING', 'CONFIRMED', 'COMPLETED', 'CANCELED'],
    fulfillmentStatusIn: ['UNFULFILLED', 'FULFILLED', 'RETURNED'],
  },
])('%o stays whole', (filter) => {
  expect(filtersByState(filter)).toBeNull();
});
