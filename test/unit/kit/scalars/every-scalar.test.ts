import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { scalars } from '@tributary/kit/scalars';

import { fromLiteral, fromVariable, NAMES, refusalOf, refused } from './scalar-parsing.ts';

test('every scalar of the contract is there', () => {
  expect(Object.keys(scalars).sort()).toEqual([...NAMES].sort());
});

describe.each(NAMES)('hostile input to %s', (name) => {
  test('values of another type are refused', () => {
    const values = [null, undefined, true, {}, [], ['DE'], { toString: () => 'DE' }, Symbol('s'), 5n, new Date()];
    expect(values.map((value) => refusalOf(() => fromVariable(name, value)))).toEqual(values.map(() => refused(name)));
    const literals = ['true', 'null', '{ a: 1 }', '["DE"]', 'DE', '1.5'];
    expect(literals.map((text) => refusalOf(() => fromLiteral(name, text)))).toEqual(literals.map(() => refused(name)));
  });

  test('half a surrogate pair is refused wherever it stands', () => {
    for (const half of ['\ud800', '\udfff', 'a\ud800@b.de', 'a@b\udc00.de', 'D\ud800', '2026-05-04T10:15:30\ud800'])
      expect(refusalOf(() => fromVariable(name, half))).toEqual(refused(name));
  });

  test('a megabyte of anything is refused at once', () => {
    const megabyte = 1_000_000;
    const texts = [
      'A'.repeat(megabyte),
      '1'.repeat(megabyte),
      `+${'1'.repeat(megabyte)}`,
      `de${'-abcd'.repeat(megabyte / 5)}`,
      `1.${'0'.repeat(megabyte)}`,
      `${'a'.repeat(megabyte)}@`,
      `a@${'a.'.repeat(megabyte / 2)}`,
      `a@${'a'.repeat(megabyte)}.`,
      `${'a@'.repeat(megabyte / 2)}b.de`,
      '\ud800'.repeat(megabyte),
      `2026-05-04T10:15:30.${'0'.repeat(megabyte)}Z`,
      // Shapes just below the length limit of an email, for patterns that backtrack.
      `${'a'.repeat(64)}@${'a.'.repeat(94)}`,
      `a@${'a'.repeat(251)}`,
    ];
    for (const text of texts) {
      const before = process.cpuUsage();
      expect(refusalOf(() => fromVariable(name, text))).toEqual(refused(name));
      const { user, system } = process.cpuUsage(before);
      expect((user + system) / 1_000).toBeLessThan(50);
    }
  });

  test('the message never repeats the value', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.double(),
          fc.string().map((text) => `hunter2 ${text}`),
        ),
        (value) => {
          const { message } = refusalOf(() => fromVariable(name, value));
          expect(message === refused(name).message || message.startsWith('accepted as')).toBe(true);
        },
      ),
    );
  });
});
