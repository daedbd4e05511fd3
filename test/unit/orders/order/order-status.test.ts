import { expect, test } from 'vitest';

import { canBecome, isUnshipped, nextStatus, wrongStatus } from '@tributary/orders/order/order-status';
import type { OrderStatus } from '@tributary/orders/order/order';

const STATUSES = Object.keys(nextStatus) as OrderStatus[];

test('an order goes from draft to completed, and can be canceled on the way', () => {
  const steps = STATUSES.flatMap((from) =>
    STATUSES.filter((to) => canBecome({ status: from }, to)).map((to) => `${from} > ${to}`),
  );
  expect(steps).toEqual([
    'DRAFT > PENDING',
    'DRAFT > CANCELED',
    'PENDING > CONFIRMED',
    'PENDING > CANCELED',
    'CONFIRMED > COMPLETED',
    'CONFIRMED > CANCELED',
  ]);
});

test('a refusal names the stage and what can follow it', () => {
  expect(wrongStatus({ status: 'PENDING' }, 'No.', ['input', 'id'])).toEqual({
    __typename: 'StateError',
    code: 'INVALID_STATE',
    message: 'No.',
    field: ['input', 'id'],
    currentState: 'PENDING',
    allowedStates: ['CONFIRMED', 'CANCELED'],
  });
});

test.each([
  ['UNFULFILLED', true],
  ['PARTIALLY_FULFILLED', false],
  ['FULFILLED', false],
  ['RETURNED', false],
] as const)('of an order that is %s nothing has left: %s', (fulfillmentStatus, expected) => {
  expect(isUnshipped({ fulfillmentStatus })).toBe(expected);
});
