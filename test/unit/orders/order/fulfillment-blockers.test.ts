import { describe, expect, test } from 'vitest';

import {
  fulfillmentBlockers,
  parsePaymentStatus,
  RISK_REVIEW_SCORE,
} from '@tributary/orders/order/fulfillment-blockers';
import { OrderStatus, PaymentStatus } from '@tributary/orders/order/order';

const address = { recipient: 'Ada Buyer', line1: 'Hauptplatz 1', city: 'Graz', country: 'AT' };
const shippable = { status: OrderStatus.confirmed, riskScore: 10, shippingAddress: address };

test('a confirmed and paid order with an address and a low risk may ship', () => {
  expect(fulfillmentBlockers(shippable, PaymentStatus.paid)).toEqual([]);
});

test('without a payment status nothing is known, whatever else stands in the way', () => {
  expect(fulfillmentBlockers(shippable, null)).toBeNull();
  expect(fulfillmentBlockers({ status: OrderStatus.draft, riskScore: 99, shippingAddress: null }, null)).toBeNull();
});

test('every blocker is named, in the order of the contract', () => {
  const hopeless = { status: OrderStatus.pending, riskScore: 99, shippingAddress: null };
  expect(fulfillmentBlockers(hopeless, PaymentStatus.unpaid)).toEqual(['PAYMENT', 'RISK_REVIEW', 'ADDRESS', 'STATE']);
});

describe('payment', () => {
  const blocks = (status: OrderStatus, paymentStatus: PaymentStatus) =>
    fulfillmentBlockers({ ...shippable, status }, paymentStatus)?.includes('PAYMENT');

  test.each(Object.values(OrderStatus))('money that is secured never blocks an order in %s', (status) => {
    const secured = [PaymentStatus.authorized, PaymentStatus.paid, PaymentStatus.partiallyRefunded];
    expect(secured.map((paymentStatus) => blocks(status, paymentStatus))).toEqual([false, false, false]);
  });

  test.each(Object.values(OrderStatus))('no invoice, a void one or a full refund blocks an order in %s', (status) => {
    const missing = [PaymentStatus.notInvoiced, PaymentStatus.voided, PaymentStatus.refunded];
    expect(missing.map((paymentStatus) => blocks(status, paymentStatus))).toEqual([true, true, true]);
  });

  test.each([
    [OrderStatus.draft, true],
    [OrderStatus.pending, true],
    [OrderStatus.confirmed, false],
    [OrderStatus.completed, false],
    [OrderStatus.canceled, true],
  ])('money that is still owed by an order in %s blocks: %s', (status, expected) => {
    expect(blocks(status, PaymentStatus.unpaid)).toBe(expected);
    expect(blocks(status, PaymentStatus.partiallyPaid)).toBe(expected);
  });
});

test.each([
  [null, []],
  [0, []],
  [RISK_REVIEW_SCORE - 1, []],
  [RISK_REVIEW_SCORE, ['RISK_REVIEW']],
  [100, ['RISK_REVIEW']],
])('a risk score of %s leads to %j', (riskScore, expected) => {
  expect(fulfillmentBlockers({ ...shippable, riskScore }, PaymentStatus.paid)).toEqual(expected);
});

test.each([
  ['none', null],
  ['no recipient', { ...address, recipient: ' ' }],
  ['no street', { ...address, line1: '' }],
  ['no city', { ...address, city: '\t' }],
  ['a country that is no code', { ...address, country: 'Austria' }],
])('an address with %s blocks', (_what, shippingAddress) => {
  expect(fulfillmentBlockers({ ...shippable, shippingAddress }, PaymentStatus.paid)).toEqual(['ADDRESS']);
});

test.each(Object.values(OrderStatus))('only a confirmed order ships (%s)', (status) => {
  const blockers = fulfillmentBlockers({ ...shippable, status }, PaymentStatus.paid);
  expect(blockers).toEqual(status === 'CONFIRMED' ? [] : ['STATE']);
});

test('a payment status that this code does not know counts as unknown', () => {
  expect(parsePaymentStatus('PAID')).toBe('PAID');
  for (const value of ['paid', 'NEW_STATUS', '', null, undefined, 1, {}, ['PAID']])
    expect(parsePaymentStatus(value)).toBeNull();
});
