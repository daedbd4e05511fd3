import fc from 'fast-check';
import { expect, test } from 'vitest';

import { allUnits, splitUnits, unitsPerLine } from '@tributary/app/seed/orders/split-units';

test('the first half of the units is split off in line order', () => {
  expect(splitUnits([1, 3, 1])).toEqual([
    [
      { line: 0, quantity: 1 },
      { line: 1, quantity: 1 },
    ],
    [
      { line: 1, quantity: 2 },
      { line: 2, quantity: 1 },
    ],
  ]);
});

test('two units or more leave something in both halves, and together they are everything', () => {
  const quantities = fc
    .array(fc.integer({ min: 1, max: 20 }), { minLength: 1, maxLength: 8 })
    .filter((list) => list.length > 1 || list[0]! > 1);
  fc.assert(
    fc.property(quantities, (counts) => {
      const [first, rest] = splitUnits(counts);
      expect(first.length).toBeGreaterThan(0);
      expect(rest.length).toBeGreaterThan(0);
      expect(unitsPerLine(counts.length, [...first, ...rest])).toEqual(counts);
      expect(unitsPerLine(counts.length, allUnits(counts))).toEqual(counts);
    }),
  );
});
