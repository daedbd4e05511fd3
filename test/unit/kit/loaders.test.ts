import fc from 'fast-check';
import { expect, test } from 'vitest';

import { groupedInKeyOrder, inKeyOrder } from '@tributary/kit/loaders';

interface Row {
  key: string;
  value: number;
}
const keyOf = (row: Row) => row.key;
const keys = fc.uniqueArray(fc.constantFrom('a', 'b', 'c', 'd', '__proto__', 'constructor'));
const rows = fc.array(fc.record({ key: fc.constantFrom('a', 'b', 'c', 'x', '__proto__'), value: fc.nat() }));

test('one slot per key in key order, null where there is no row', () => {
  expect(
    inKeyOrder(
      ['c', 'a', 'b', 'a'],
      [
        { key: 'a', value: 1 },
        { key: 'c', value: 3 },
      ],
      keyOf,
    ),
  ).toEqual([{ key: 'c', value: 3 }, { key: 'a', value: 1 }, null, { key: 'a', value: 1 }]);
  expect(inKeyOrder([], [{ key: 'a', value: 1 }], keyOf)).toEqual([]);
});

test('one list per key in key order, with its rows in the order they came', () => {
  const found = [
    { key: 'b', value: 2 },
    { key: 'a', value: 1 },
    { key: 'b', value: 1 },
    { key: 'x', value: 9 },
  ];
  expect(groupedInKeyOrder(['c', 'b', 'a'], found, keyOf)).toEqual([[], [found[0], found[2]], [found[1]]]);
});

test('every key gets its own rows and nothing else, whatever the keys are called', () => {
  fc.assert(
    fc.property(keys, rows, (asked, found) => {
      expect(groupedInKeyOrder(asked, found, keyOf)).toEqual(
        asked.map((key) => found.filter((row) => row.key === key)),
      );
      expect(inKeyOrder(asked, found, keyOf)).toEqual(
        asked.map((key) => found.findLast((row) => row.key === key) ?? null),
      );
    }),
  );
});
