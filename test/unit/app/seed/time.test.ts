import { expect, test } from 'vitest';

import { dateOf, HISTORY_DAYS, instant, positionAtAge, startOfDay, timeInHistory } from '@tributary/app/seed/time';
import { DAY } from '@tributary/kit/clock';

const REFERENCE = Date.UTC(2026, 10, 21);

test('the reference is the start of the day in UTC', () => {
  expect(startOfDay(new Date('2026-11-21T00:00:00Z'))).toBe(REFERENCE);
  expect(startOfDay(new Date('2026-11-21T23:59:59.999Z'))).toBe(REFERENCE);
});

test('the history runs from its first day to the reference and never backward', () => {
  const times = Array.from({ length: 5_001 }, (_, index) => timeInHistory(REFERENCE, index / 5_000));
  expect(times[0]).toBe(REFERENCE - HISTORY_DAYS * DAY);
  expect(times.at(-1)).toBe(REFERENCE);
  expect(times).toEqual([...times].sort((left, right) => left - right));
});

test('the newest quarter of the history holds half of the orders', () => {
  const newer = Array.from({ length: 1_000 }, (_, index) => timeInHistory(REFERENCE, index / 1_000)).filter(
    (time) => time > REFERENCE - (HISTORY_DAYS / 4) * DAY,
  );
  expect(newer.length).toBeGreaterThan(490);
  expect(newer.length).toBeLessThan(530);
});

test.each([0.5, 3, 30, 200, 500])('an order placed by its age of %d days is that old, give or take a day', (days) => {
  const age = (REFERENCE - timeInHistory(REFERENCE, positionAtAge(days))) / DAY;
  expect(Math.abs(age - days)).toBeLessThan(1);
});

test('few orders come at night', () => {
  const hours = Array.from({ length: 20_000 }, (_, index) =>
    new Date(timeInHistory(REFERENCE, index / 20_000)).getUTCHours(),
  );
  const share = hours.filter((hour) => hour < 6).length / hours.length;
  expect(share).toBeGreaterThan(0.02);
  expect(share).toBeLessThan(0.06);
});

test('a time is written with milliseconds, whichever was written before', () => {
  const [first, second, third] = [REFERENCE, REFERENCE + 1, REFERENCE + 2];
  expect([first, second, first, second, third, first].map(instant)).toEqual([
    '2026-11-21T00:00:00.000Z',
    '2026-11-21T00:00:00.001Z',
    '2026-11-21T00:00:00.000Z',
    '2026-11-21T00:00:00.001Z',
    '2026-11-21T00:00:00.002Z',
    '2026-11-21T00:00:00.000Z',
  ]);
  expect(dateOf(REFERENCE - 1)).toBe('2026-11-20');
});
