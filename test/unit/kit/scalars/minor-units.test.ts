import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { scalars } from '@tributary/kit/scalars';

import { fromLiteral, fromVariable, refusalOf, refused } from './scalar-parsing.ts';

describe('MinorUnits', () => {
  test.each([
    ['0', 0n],
    ['-0', 0n],
    ['0012', 12n],
    ['-1230', -1_230n],
    ['9007199254740993', 9_007_199_254_740_993n],
    ['9223372036854775807', 9_223_372_036_854_775_807n],
    ['-9223372036854775807', -9_223_372_036_854_775_807n],
  ])('the text %s is the amount %s', (text, amount) => {
    expect(fromVariable('MinorUnits', text)).toBe(amount);
    expect(fromLiteral('MinorUnits', `"${text}"`)).toBe(amount);
  });

  test('whole numbers are taken as long as a float holds them exactly', () => {
    expect([0, -0, -1_230, 2 ** 53 - 1, -(2 ** 53) + 1].map((value) => fromVariable('MinorUnits', value))).toEqual([
      0n,
      0n,
      -1_230n,
      2n ** 53n - 1n,
      -(2n ** 53n) + 1n,
    ]);
  });

  test('a literal is read digit by digit and keeps what a float would lose', () => {
    expect(fromLiteral('MinorUnits', '9007199254740993')).toBe(9_007_199_254_740_993n);
  });

  test.each([
    2 ** 53,
    JSON.parse('9007199254740993') as number,
    JSON.parse('1e400') as number,
    0.5,
    -1.5,
    NaN,
    -Infinity,
  ])('the number %s is refused', (value) => {
    expect(refusalOf(() => fromVariable('MinorUnits', value))).toEqual(refused('MinorUnits'));
  });

  test.each([
    '9223372036854775808',
    '-9223372036854775808',
    '1'.repeat(20),
    '1e3',
    '1.0',
    '+5',
    ' 5',
    '0x5',
    '5n',
    '',
    '-',
  ])('the text %j is refused', (text) => {
    expect(refusalOf(() => fromVariable('MinorUnits', text))).toEqual(refused('MinorUnits'));
    expect(refusalOf(() => fromLiteral('MinorUnits', `"${text}"`))).toEqual(refused('MinorUnits'));
  });

  test('an amount leaves as text, digit by digit, and a fraction never leaves', () => {
    expect(scalars.MinorUnits!.serialize(-9_223_372_036_854_775_808n)).toBe('-9223372036854775808');
    expect(() => scalars.MinorUnits!.serialize(0.5)).toThrow(RangeError);
  });

  test('every 64-bit amount comes back from its text', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: -(2n ** 63n) + 1n, max: 2n ** 63n - 1n }), (amount) => {
        expect(fromVariable('MinorUnits', scalars.MinorUnits!.serialize(amount))).toBe(amount);
      }),
    );
  });
});
