import { expect, test } from 'vitest';

import { parseOrderReference } from '@tributary/billing/order/order-reference';
import { toGlobalId } from '@tributary/kit/ids';

const uuid = (digit: number) => `01920000-0000-7000-8000-00000000000${digit}`;
const id = toGlobalId('Order', uuid(1));
const required = {
  total: { amountMinor: '9007199254740993', currency: 'EUR' },
  canceledAt: null,
  buyerId: toGlobalId('User', uuid(2)),
  organizationId: toGlobalId('Organization', uuid(3)),
  partnerOrganizationId: null,
};

test('a reference with the required fields keeps every digit of the total and names the owners by uuid', () => {
  expect(parseOrderReference({ __typename: 'Order', id, ...required })).toEqual({
    id: uuid(1),
    terms: {
      total: { amountMinor: 9_007_199_254_740_993n, currency: 'EUR' },
      canceled: false,
      buyerId: uuid(2),
      organizationId: uuid(3),
      partnerOrganizationId: null,
    },
  });
});

test('an order with a cancellation time is canceled', () => {
  const { terms } = parseOrderReference({ id, ...required, canceledAt: '2026-01-01T00:00:00.000Z' });
  expect(terms?.canceled).toBe(true);
});

test.each<[what: string, total: unknown]>([
  ['null', null],
  ['missing', undefined],
  ['without an amount', { amountMinor: null, currency: 'EUR' }],
  ['without a currency', { amountMinor: '1', currency: null }],
])('when the required total is %s, nothing is known about the order', (_what, total) => {
  expect(parseOrderReference({ id, ...required, total })).toEqual({ id: uuid(1), terms: null });
});

test('other fields of a representation are not taken over', () => {
  expect(parseOrderReference({ id, number: 'O-1', paymentStatus: 'PAID' })).toEqual({ id: uuid(1), terms: null });
});

test.each<[what: string, representation: Record<string, unknown>, code: string]>([
  ['no id', {}, 'INVALID_ID'],
  ['an id that is no text', { id: 1 }, 'INVALID_ID'],
  ['the id of a user', { id: required.buyerId }, 'INVALID_ID'],
  ['an order as its buyer', { id, ...required, buyerId: id }, 'INVALID_ID'],
  ['a total that is no number', { id, total: { amountMinor: 'x', currency: 'EUR' } }, 'BAD_USER_INPUT'],
])('a representation with %s is refused', (_what, representation, code) => {
  expect(() => parseOrderReference(representation)).toThrow(expect.objectContaining({ code }));
});
