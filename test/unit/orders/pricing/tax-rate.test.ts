import { expect, test } from 'vitest';

import { toFraction } from '@tributary/orders/pricing/tax-rate';

test.each([
  ['0.19', 19n, 100n],
  ['0', 0n, 1n],
  ['1', 1n, 1n],
  ['0.09975', 9975n, 100_000n],
])('the rate %s is an exact fraction', (rate, numerator, denominator) => {
  expect(toFraction(rate)).toEqual({ numerator, denominator });
});

test.each(['', '-0.1', '1e-2', '.5', 'VAT'])('"%s" is no rate', (rate) => {
  expect(() => toFraction(rate)).toThrow('is not a tax rate');
});
