import fc from 'fast-check';
import { expect, test } from 'vitest';

import { priceOrder } from '@tributary/app/seed/orders/price-order';
import { taxRatesFor } from '@tributary/app/seed/orders/tax-rates';

const germany = taxRatesFor('DE', 'STANDARD', false);
const line = (quantity: number, unitPriceMinor: bigint, rates = germany) => ({ quantity, unitPriceMinor, rates });

test('an order is its lines less the discount, plus shipping and tax', () => {
  expect(priceOrder([line(2, 1_000n), line(1, 500n)], 250n, 490n)).toEqual({
    lines: [
      { discountMinor: 200n, taxesMinor: [342n], taxMinor: 342n, totalMinor: 2_142n },
      { discountMinor: 50n, taxesMinor: [86n], taxMinor: 86n, totalMinor: 536n },
    ],
    subtotalMinor: 2_500n,
    discountMinor: 250n,
    shippingMinor: 490n,
    taxMinor: 428n,
    totalMinor: 3_168n,
  });
});

test('a tax of exactly half a cent goes to the even neighbor', () => {
  // 50 x 0.19 = 9.5 and 150 x 0.19 = 28.5
  const { lines } = priceOrder([line(1, 50n), line(1, 150n)], 0n, 0n);
  expect(lines.map(({ taxMinor }) => taxMinor)).toEqual([10n, 28n]);
});

test('two taxes on a line are rounded one by one', () => {
  const quebec = taxRatesFor('CA', 'STANDARD', false);
  const { lines } = priceOrder([line(1, 1_010n, quebec)], 0n, 0n);
  // 50.5 and 100.7475
  expect(lines).toEqual([{ discountMinor: 0n, taxesMinor: [50n, 101n], taxMinor: 151n, totalMinor: 1_161n }]);
});

test('a company elsewhere in the European Union pays no tax here, a person does', () => {
  expect(taxRatesFor('FR', 'STANDARD', true)).toEqual([expect.objectContaining({ rate: '0', jurisdiction: 'FR' })]);
  expect(taxRatesFor('FR', 'REDUCED', false)).toEqual([
    expect.objectContaining({ rate: '0.055', numerator: 55n, denominator: 1_000n }),
  ]);
  expect(taxRatesFor('DE', 'STANDARD', true)).toEqual(germany);
});

test('whatever is ordered, the parts add up', () => {
  const anyLine = fc.record({
    quantity: fc.integer({ min: 1, max: 9_999 }),
    unitPriceMinor: fc.bigInt(1n, 10_000_000n),
    rates: fc.constant(germany),
  });
  fc.assert(
    fc.property(
      fc.array(anyLine, { minLength: 1, maxLength: 12 }),
      fc.bigInt(0n, 100n),
      fc.bigInt(0n, 5_000n),
      (lines, percent, shipping) => {
        const subtotal = lines.reduce(
          (sum, { quantity, unitPriceMinor }) => sum + BigInt(quantity) * unitPriceMinor,
          0n,
        );
        const priced = priceOrder(lines, (subtotal * percent) / 100n, shipping);
        const sum = (amounts: bigint[]) => amounts.reduce((left, right) => left + right, 0n);
        expect(sum(priced.lines.map(({ discountMinor }) => discountMinor))).toBe(priced.discountMinor);
        expect(sum(priced.lines.map(({ taxMinor }) => taxMinor))).toBe(priced.taxMinor);
        expect(sum(priced.lines.map(({ totalMinor }) => totalMinor)) + shipping).toBe(priced.totalMinor);
        for (const [index, { discountMinor }] of priced.lines.entries())
          expect(discountMinor).toBeLessThanOrEqual(BigInt(lines[index]!.quantity) * lines[index]!.unitPriceMinor);
      },
    ),
  );
});
