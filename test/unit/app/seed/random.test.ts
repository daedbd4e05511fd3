import { describe, expect, test } from 'vitest';

import { createRandom } from '@tributary/app/seed/random';

const take = <T>(count: number, draw: () => T) => Array.from({ length: count }, draw);

test('a label gives the same stream every time, and another label another one', () => {
  const first = createRandom('orders');
  const second = createRandom('orders');
  const other = createRandom('people');
  const numbers = take(1_000, () => first.uint32());
  expect(take(1_000, () => second.uint32())).toEqual(numbers);
  expect(take(1_000, () => other.uint32())).not.toEqual(numbers);
  expect(new Set(numbers).size).toBeGreaterThan(995);
});

test('the stream is this one for good: changing it would change every seeded company', () => {
  const random = createRandom('fixed');
  expect(take(4, () => random.uint32())).toMatchInlineSnapshot(`
    [
      1160421341,
      3023594411,
      3822996783,
      4066511815,
    ]
  `);
});

test('whole numbers stay within their bounds and reach both', () => {
  const random = createRandom('integers');
  const numbers = take(2_000, () => random.integer(-2, 3));
  expect([...new Set(numbers)].sort((left, right) => left - right)).toEqual([-2, -1, 0, 1, 2, 3]);
});

test('fractions spread evenly from 0 to 1', () => {
  const random = createRandom('fractions');
  const buckets = new Array<number>(10).fill(0);
  for (let draw = 0; draw < 20_000; draw += 1) buckets[Math.floor(random.fraction() * 10)]! += 1;
  for (const size of buckets) expect(size).toBeGreaterThan(1_800);
});

describe('picking by weight', () => {
  test('follows the weights', () => {
    const random = createRandom('weights');
    const picked = take(10_000, () => random.pickWeighted([['rare', 1], ['common', 3]])); // prettier-ignore
    const common = picked.filter((item) => item === 'common').length;
    expect(common).toBeGreaterThan(7_300);
    expect(common).toBeLessThan(7_700);
  });

  test('never picks what weighs nothing', () => {
    const random = createRandom('nothing');
    expect(take(1_000, () => random.pickWeighted([['never', 0], ['always', 2]]))).not.toContain('never'); // prettier-ignore
  });
});

describe('a UUID', () => {
  const TIME = Date.UTC(2026, 10, 21, 9, 30, 0, 123);

  test('is of version 7 and carries its time', () => {
    const uuid = createRandom('uuid').uuid(TIME);
    expect(uuid).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(Number.parseInt(uuid.replace('-', '').slice(0, 12), 16)).toBe(TIME);
  });

  test('is another one each time', () => {
    const random = createRandom('uuids');
    expect(new Set(take(10_000, () => random.uuid(TIME))).size).toBe(10_000);
  });
});
