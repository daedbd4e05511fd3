import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { allocate, fractionDigits, money, moneyResolvers, multiplyHalfEven, toDecimal } from '@tributary/kit/money';

const amount = fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n });
const positive = fc.bigInt({ min: 1n, max: 10n ** 12n });
const magnitude = (value: bigint) => (value < 0n ? -value : value);
const sum = (parts: readonly bigint[]) => parts.reduce((left, right) => left + right, 0n);

describe('decimals', () => {
  test.each([
    [0n, 'EUR', '0.00'],
    [5n, 'EUR', '0.05'],
    [-5n, 'EUR', '-0.05'],
    [-1_230n, 'EUR', '-12.30'],
    [123_456_789n, 'USD', '1234567.89'],
    [0n, 'JPY', '0'],
    [1_230n, 'JPY', '1230'],
    [-7n, 'JPY', '-7'],
    [0n, 'KWD', '0.000'],
    [1_230n, 'KWD', '1.230'],
    [-1n, 'BHD', '-0.001'],
    [12n, 'CLF', '0.0012'],
    [9_223_372_036_854_775_807n, 'EUR', '92233720368547758.07'],
    [-9_223_372_036_854_775_808n, 'JPY', '-9223372036854775808'],
  ])('%s minor units of %s are %s', (amountMinor, currency, decimal) => {
    expect(toDecimal(money(amountMinor, currency))).toBe(decimal);
    expect(moneyResolvers.decimal({ amountMinor, currency })).toBe(decimal);
  });

  test('currencies have the digits of ISO 4217, two where nothing else is known', () => {
    const digits = (currency: string) => moneyResolvers.fractionDigits(money(0n, currency));
    expect(['EUR', 'USD', 'CHF', 'HUF', 'XYZ'].map(digits)).toEqual([2, 2, 2, 2, 2]);
    expect(['JPY', 'KRW', 'ISK', 'UGX', 'XAF'].map(digits)).toEqual([0, 0, 0, 0, 0]);
    expect(['BHD', 'KWD', 'TND', 'IQD'].map(digits)).toEqual([3, 3, 3, 3]);
    expect(['CLF', 'UYW'].map(digits)).toEqual([4, 4]);
  });

  test('a decimal is exactly the amount', () => {
    fc.assert(
      fc.property(amount, fc.constantFrom('EUR', 'JPY', 'KWD', 'CLF'), (amountMinor, currency) => {
        const text = toDecimal({ amountMinor, currency });
        expect(text).toMatch(/^-?(0|[1-9]\d*)(\.\d+)?$/);
        expect(text.split('.')[1]?.length ?? 0).toBe(fractionDigits(currency));
        expect(BigInt(text.replace('.', ''))).toBe(amountMinor);
      }),
    );
  });
});

describe('multiplying by a fraction', () => {
  test.each([
    [5n, 1n, 2n, 2n], // 2.5
    [7n, 1n, 2n, 4n], // 3.5
    [-5n, 1n, 2n, -2n],
    [-7n, 1n, 2n, -4n],
    [1n, 1n, 2n, 0n],
    [-1n, 1n, 2n, 0n],
    [3n, 1n, 2n, 2n],
    [-3n, 1n, 2n, -2n],
    [1n, -1n, 2n, 0n],
    [3n, -1n, 2n, -2n],
    [10n, 1n, 3n, 3n],
    [-20n, 1n, 3n, -7n],
    [1_999n, 19n, 100n, 380n], // 379.81
    [50n, 19n, 100n, 10n], // 9.5
    [0n, 19n, 100n, 0n],
  ])('%s * %s / %s is %s', (value, numerator, denominator, expected) => {
    expect(multiplyHalfEven(value, numerator, denominator)).toBe(expected);
  });

  test('gives the nearest whole number, the even one of two that are equally near', () => {
    fc.assert(
      fc.property(
        amount,
        fc.bigInt({ min: -(10n ** 9n), max: 10n ** 9n }),
        positive,
        (value, numerator, denominator) => {
          const result = multiplyHalfEven(value, numerator, denominator);
          const twiceTheError = 2n * magnitude(result * denominator - value * numerator);
          expect(twiceTheError <= denominator).toBe(true);
          expect(twiceTheError < denominator || result % 2n === 0n).toBe(true);
        },
      ),
      { numRuns: 2_000 },
    );
  });

  test('decides exact halves by evenness and treats both signs alike', () => {
    fc.assert(
      fc.property(amount, (value) => {
        const half = 2n * value + 1n; // half / 2 lies between value and value + 1
        expect(multiplyHalfEven(half, 1n, 2n)).toBe(value % 2n === 0n ? value : value + 1n);
        expect(multiplyHalfEven(-half, 1n, 2n)).toBe(-multiplyHalfEven(half, 1n, 2n));
      }),
    );
  });

  test('refuses a denominator that is not positive', () => {
    expect(() => multiplyHalfEven(1n, 1n, 0n)).toThrow('The denominator must be positive.');
    expect(() => multiplyHalfEven(1n, 1n, -2n)).toThrow('The denominator must be positive.');
  });
});

describe('allocating a total', () => {
  const total = fc.bigInt({ min: 0n, max: 2n ** 63n });
  const weights = fc
    .array(fc.bigInt({ min: 0n, max: 10n ** 12n }), { minLength: 1, maxLength: 30 })
    .filter((list) => sum(list) > 0n);

  test.each([
    [100n, [1n, 1n, 1n], [34n, 33n, 33n]],
    [101n, [1n, 1n, 1n], [34n, 34n, 33n]],
    [5n, [3n, 7n], [2n, 3n]], // 1.5 and 3.5: equal remainders, served in order
    [1n, [1n, 2n], [0n, 1n]],
    [10n, [0n, 1n, 0n], [0n, 10n, 0n]],
    [0n, [5n, 5n], [0n, 0n]],
    [0n, [0n, 0n], [0n, 0n]],
    [0n, [], []],
    [7n, [10n ** 30n], [7n]],
  ])('%s by %s is %s', (value, parts, expected) => {
    expect(allocate(value, parts)).toEqual(expected);
  });

  test('the parts add up to the total', () => {
    fc.assert(
      fc.property(total, weights, (value, list) => {
        expect(sum(allocate(value, list))).toBe(value);
      }),
    );
  });

  test('each part is its exact share rounded down or up', () => {
    fc.assert(
      fc.property(total, weights, (value, list) => {
        const whole = sum(list);
        const parts = allocate(value, list);
        const errors = parts.map((part, index) => magnitude(part * whole - value * list[index]!));
        expect(errors.every((error) => error < whole)).toBe(true);
      }),
    );
  });

  test('a larger weight never gets less, equal weights differ by one at most with the earlier served first', () => {
    fc.assert(
      fc.property(total, weights, (value, list) => {
        const shares = allocate(value, list).map((part, index) => ({ part, weight: list[index]! }));
        for (const [index, one] of shares.entries())
          for (const other of shares.slice(index + 1)) {
            if (one.weight > other.weight) expect(one.part >= other.part).toBe(true);
            if (one.weight < other.weight) expect(one.part <= other.part).toBe(true);
            if (one.weight === other.weight) expect([0n, 1n]).toContain(one.part - other.part);
          }
      }),
    );
  });

  test('what cannot be split is a mistake', () => {
    const negative = 'Neither the total nor a weight may be negative.';
    expect(() => allocate(-1n, [1n])).toThrow(negative);
    expect(() => allocate(1n, [2n, -1n])).toThrow(negative);
    const nothing = 'A total can only be split by weights that are not all zero.';
    expect(() => allocate(1n, [0n, 0n])).toThrow(nothing);
    expect(() => allocate(1n, [])).toThrow(nothing);
  });
});
