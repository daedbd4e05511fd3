import { expect, test } from 'vitest';

import { Refusal } from '@tributary/kit';
import type { DiscountCode } from '@tributary/orders/pricing/discount-code';
import { isShort, outOfStock, quote, unitsPerVariant } from '@tributary/orders/pricing/quote';
import type { Basket, Offer, Supply } from '@tributary/orders/pricing/quote';

const now = new Date('2026-06-15T12:00:00Z');
const offer = (variantId: string, more: Partial<Offer> = {}): Offer => ({
  variantId,
  sku: `SKU-${variantId}`,
  title: `Title ${variantId}`,
  taxCategory: 'STANDARD',
  active: true,
  priceMinor: 1_000n,
  stockOnHand: 10,
  stockReserved: 4,
  ...more,
});
const ten: DiscountCode = {
  code: 'TEN',
  title: 'Ten percent',
  kind: 'PERCENT',
  value: 1_000n,
  currency: null,
  startsAt: new Date(0),
  endsAt: null,
  maxUses: null,
  used: 0,
};
const supply: Supply = {
  offers: new Map([
    ['a', offer('a')],
    ['off', offer('off', { active: false })],
    ['unsold', offer('unsold', { priceMinor: null })],
  ]),
  taxRates: {
    find: (country) => (country === 'AT' ? [{ title: 'VAT', rate: '0.2', jurisdiction: 'AT' }] : null),
  },
  codes: new Map([['TEN', ten]]),
};
const basket = (more: Partial<Basket> = {}): Basket => ({
  lines: [{ variantId: 'a', quantity: 2 }],
  currency: 'EUR',
  country: 'AT',
  codes: ['TEN'],
  ...more,
});
const refusalOf = (wanted: Basket) => {
  try {
    quote(wanted, supply, now);
  } catch (error) {
    if (error instanceof Refusal) return error.userErrors.map(({ code, field }) => `${code} ${field!.join('.')}`);
  }
  return [];
};

test('a quote says what each line costs and is called now', () => {
  expect(quote(basket(), supply, now)).toMatchObject({
    lines: [
      { variantId: 'a', sku: 'SKU-a', title: 'Title a', quantity: 2, unitPriceMinor: 1_000n, totalMinor: 2_160n },
    ],
    discounts: [{ code: 'TEN', amountMinor: 200n }],
    totalMinor: 2_160n,
  });
});

test('without a country no tax is known yet', () => {
  expect(quote(basket({ country: null }), supply, now)).toMatchObject({ taxMinor: 0n, totalMinor: 1_800n });
});

test('a refusal names every line, the country and every code at fault, and the country once', () => {
  const lines = ['a', 'off', null, 'unknown', 'unsold', 'a'].map((variantId) => ({ variantId, quantity: 1 }));
  expect(refusalOf(basket({ lines, country: 'AQ', codes: ['TEN', 'NOPE'] }))).toEqual([
    'NOT_FOUND input.lines.1.variantId',
    'NOT_FOUND input.lines.2.variantId',
    'NOT_FOUND input.lines.3.variantId',
    'INVALID_INPUT input.lines.4.variantId',
    'INVALID_INPUT input.shippingAddress.country',
    'DISCOUNT_NOT_APPLICABLE input.discountCodes.1',
  ]);
});

test('units of a variant are counted over all its lines, and lacking ones are told at each of them', () => {
  const lines = ['a', 'b', 'a'].map((variantId) => ({ variantId, quantity: 3 }));
  expect([...unitsPerVariant([...lines, { variantId: null, quantity: 9 }])]).toEqual([
    ['a', 6],
    ['b', 3],
  ]);
  const { lines: quoted } = quote(basket({ lines: [1, 2].map(() => ({ variantId: 'a', quantity: 3 })) }), supply, now);
  expect(outOfStock(quoted, (id) => id === 'a').map(({ field }) => field!.join('.'))).toEqual([
    'input.lines.0.quantity',
    'input.lines.1.quantity',
  ]);
});

test.each([
  [10, 4, 6, false],
  [10, 4, 7, true],
  [null, 4, 9_999, false],
])('of %s on hand and %i promised, %i more are short: %s', (stockOnHand, stockReserved, wanted, expected) => {
  expect(isShort(offer('a', { stockOnHand, stockReserved }), wanted)).toBe(expected);
});
