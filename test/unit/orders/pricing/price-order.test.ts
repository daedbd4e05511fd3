import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import type { DiscountCode } from '@tributary/orders/pricing/discount-code';
import { priceOrder } from '@tributary/orders/pricing/price-order';
import type { LineToPrice } from '@tributary/orders/pricing/price-order';

const vat = (rate: string) => ({ title: 'VAT', rate, jurisdiction: 'DE' });
const line = (quantity: number, unitPriceMinor: bigint, ...rates: string[]): LineToPrice => ({
  quantity,
  unitPriceMinor,
  rates: rates.map(vat),
});
const code = (kind: 'PERCENT' | 'FIXED', value: bigint, name: string = kind): DiscountCode => ({
  code: name,
  title: name,
  kind,
  value,
  currency: kind === 'FIXED' ? 'EUR' : null,
  startsAt: new Date(0),
  endsAt: null,
  maxUses: null,
  used: 0,
});

test('an order without lines costs nothing, whatever its codes', () => {
  expect(priceOrder([], [code('PERCENT', 1_000n), code('FIXED', 500n)])).toEqual({
    lines: [],
    discounts: [],
    subtotalMinor: 0n,
    discountMinor: 0n,
    shippingMinor: 0n,
    taxMinor: 0n,
    totalMinor: 0n,
  });
});

test('a discount goes to the lines by largest remainder and lowers what is taxed', () => {
  const priced = priceOrder([line(1, 1_000n, '0.19'), line(2, 1_000n, '0.07')], [code('FIXED', 100n)]);
  expect(priced.lines.map(({ discountMinor, taxMinor, totalMinor }) => [discountMinor, taxMinor, totalMinor])).toEqual([
    [33n, 184n, 1_151n],
    [67n, 135n, 2_068n],
  ]);
  expect(priced).toMatchObject({ subtotalMinor: 3_000n, discountMinor: 100n, taxMinor: 319n, totalMinor: 3_219n });
});

test('a tax is rounded half to even, per line and rate', () => {
  const priced = priceOrder([line(1, 50n, '0.05', '0.07'), line(1, 150n, '0.05', '0.07')], []);
  // 2.5 and 3.5; 7.5 and 10.5
  expect(priced.lines.map(({ taxes }) => taxes.map(({ amountMinor }) => amountMinor))).toEqual([
    [2n, 4n],
    [8n, 10n],
  ]);
});

test('each percentage is one of the subtotal, and together they take off no more than everything', () => {
  const priced = priceOrder([line(1, 1_000n, '0.2')], [code('PERCENT', 6_000n, 'A'), code('PERCENT', 6_000n)]);
  expect(priced.discounts.map(({ amountMinor }) => amountMinor)).toEqual([600n, 400n]);
  expect(priced.totalMinor).toBe(0n);
});

test('a code that takes nothing off is not listed', () => {
  expect(priceOrder([line(1, 0n, '0.2')], [code('FIXED', 100n)]).discounts).toEqual([]);
});

test('of two lines that have the same claim to the last cent, the same one gets it whichever was entered first', () => {
  const basket = [line(1, 50n, '0.05'), line(1, 50n, '0.255')];
  // 2.45 + 12.75 one way, 2.50 + 12.495 the other way
  const totals = [basket, basket.toReversed()].map((each) => priceOrder(each, [code('FIXED', 1n)]).totalMinor);
  expect(totals).toEqual([114n, 114n]);
});

describe('whatever is in the basket', () => {
  const rate = fc.constantFrom('0', '0.05', '0.055', '0.0725', '0.09975', '0.19', '0.2', '0.255');
  const anyLine = fc
    .tuple(
      fc.integer({ min: 1, max: 9_999 }),
      fc.bigInt({ min: 0n, max: 10n ** 12n }),
      fc.array(rate, { maxLength: 2 }),
    )
    .map(([quantity, price, rates]) => line(quantity, price, ...rates));
  // Small prices make remainders and halves meet often.
  const cheapLine = fc
    .tuple(fc.integer({ min: 1, max: 3 }), fc.bigInt({ min: 0n, max: 60n }), fc.array(rate, { maxLength: 2 }))
    .map(([quantity, price, rates]) => line(quantity, price, ...rates));
  const lines = fc.array(fc.oneof(anyLine, cheapLine), { maxLength: 12 });
  const anyCode = fc.oneof(
    fc.bigInt({ min: 1n, max: 10_000n }).map((value) => code('PERCENT', value)),
    fc.bigInt({ min: 1n, max: 10n ** 6n }).map((value) => code('FIXED', value)),
  );
  const codes = fc.array(anyCode, { maxLength: 5 });

  test('the sums are exact', () => {
    fc.assert(
      fc.property(lines, codes, (basket, entered) => {
        const priced = priceOrder(basket, entered);
        const sum = (amounts: readonly bigint[]) => amounts.reduce((left, right) => left + right, 0n);
        expect(sum(priced.lines.map((each) => each.discountMinor))).toBe(priced.discountMinor);
        expect(sum(priced.discounts.map((each) => each.amountMinor))).toBe(priced.discountMinor);
        expect(sum(priced.lines.map((each) => each.taxMinor))).toBe(priced.taxMinor);
        expect(sum(priced.lines.map((each) => each.totalMinor))).toBe(priced.totalMinor);
        for (const each of priced.lines) expect(sum(each.taxes.map((tax) => tax.amountMinor))).toBe(each.taxMinor);
        expect(priced.totalMinor).toBe(priced.subtotalMinor - priced.discountMinor + priced.taxMinor);
      }),
    );
  });

  test('no amount is negative and no line is given more than it costs', () => {
    fc.assert(
      fc.property(lines, codes, (basket, entered) => {
        const priced = priceOrder(basket, entered);
        expect(priced.totalMinor >= 0n && priced.discountMinor <= priced.subtotalMinor).toBe(true);
        for (const [index, each] of priced.lines.entries()) {
          const gross = BigInt(basket[index]!.quantity) * basket[index]!.unitPriceMinor;
          expect(each.discountMinor >= 0n && each.discountMinor <= gross).toBe(true);
          expect(each.taxMinor >= 0n && each.totalMinor >= 0n).toBe(true);
        }
      }),
    );
  });

  test('the order of the lines does not change the totals', () => {
    const shuffled = fc
      .array(fc.oneof(anyLine, cheapLine), { minLength: 2, maxLength: 12 })
      .chain((basket) =>
        fc.tuple(
          fc.constant(basket),
          fc.shuffledSubarray(basket, { minLength: basket.length, maxLength: basket.length }),
        ),
      );
    fc.assert(
      fc.property(shuffled, codes, ([basket, other], entered) => {
        const { lines: _, ...totals } = priceOrder(basket, entered);
        const { lines: __, ...others } = priceOrder(other, entered);
        expect(others).toEqual(totals);
      }),
      { numRuns: 500 },
    );
  });
});
