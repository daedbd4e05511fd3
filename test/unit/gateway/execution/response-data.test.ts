import { expect, test } from 'vitest';

import { copyOf, mergeInto } from '@tributary/gateway/execution/response-data';

const merged = (target: Record<string, unknown>, source: Record<string, unknown>) => {
  mergeInto(target, source);
  return target;
};

test('objects are merged, and lists of one length item by item', () => {
  expect(
    merged(
      { a: { x: 1 }, list: [{ x: 1 }, { x: 2 }, null], deep: [[{ x: 1 }]], kept: 1 },
      { a: { y: 2 }, list: [{ y: 1 }, null, { y: 3 }], deep: [[{ y: 2 }]], added: [1] },
    ),
  ).toEqual({
    a: { x: 1, y: 2 },
    list: [{ x: 1, y: 1 }, null, { y: 3 }],
    deep: [[{ x: 1, y: 2 }]],
    kept: 1,
    added: [1],
  });
});

test.each([
  ['a list of another length', [1, 2], [3]],
  ['an object', null, { x: 1 }],
  ['null', { x: 1 }, null],
  ['a list', { x: 1 }, [1]],
  ['an object', [1], { x: 1 }],
])('%s replaces what was there', (_, before, after) => {
  expect(merged({ a: before }, { a: after })).toEqual({ a: after });
});

test('what is undefined changes nothing', () => {
  expect(merged({ a: 1 }, { a: undefined })).toEqual({ a: 1 });
});

test('no name reaches behind an object', () => {
  const hostile = JSON.parse(
    '{"__proto__":{"polluted":1},"a":{"__proto__":{"polluted":1}},"constructor":{"prototype":{"polluted":1}}}',
  ) as Record<string, unknown>;
  const target = merged({ a: {} }, hostile);
  expect(Object.getPrototypeOf(target)).toBe(Object.prototype);
  expect(Object.getPrototypeOf(target.a)).toBe(Object.prototype);
  expect(Object.getPrototypeOf(copyOf(hostile))).toBe(Object.prototype);
  expect(({} as Record<string, unknown>).polluted).toBeUndefined();
});

test('a copy shares nothing with its original', () => {
  const original = { a: [{ b: { c: 1 } }, null], d: 'x' };
  const copy = copyOf(original);
  expect(copy).toEqual(original);
  mergeInto(copy, { a: [{ b: { c: 2 } }, null] });
  expect(original.a[0]?.b.c).toBe(1);
});
