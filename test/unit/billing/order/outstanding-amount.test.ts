import { expect, test } from 'vitest';

import { outstandingAmount } from '@tributary/billing/order/outstanding-amount';
import { money } from '@tributary/kit/money';

const order = { total: money(10_000n, 'EUR'), canceled: false };
const nothing = money(0n, 'EUR');

test('before invoicing the total of the order is to pay', () => {
  expect(outstandingAmount(order, null)).toEqual(order.total);
});

test('a draft is not yet an invoice', () => {
  expect(outstandingAmount(order, { status: 'DRAFT', dueMinor: 1n, currency: 'EUR' })).toEqual(order.total);
});

test.each(['OPEN', 'PAID', 'UNCOLLECTIBLE'] as const)(
  'after invoicing what is due on the %s invoice is to pay',
  (status) => {
    expect(outstandingAmount(order, { status, dueMinor: 2_500n, currency: 'EUR' })).toEqual(money(2_500n, 'EUR'));
  },
);

test('once the invoice is void nothing is to pay', () => {
  expect(outstandingAmount(order, { status: 'VOID', dueMinor: 10_000n, currency: 'EUR' })).toEqual(nothing);
});

test('once the order is canceled nothing is to pay, invoiced or not', () => {
  const canceled = { ...order, canceled: true };
  expect(outstandingAmount(canceled, null)).toEqual(nothing);
  expect(outstandingAmount(canceled, { status: 'OPEN', dueMinor: 10_000n, currency: 'EUR' })).toEqual(nothing);
});
