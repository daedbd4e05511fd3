import { expect, test } from 'vitest';

import { beginsOutsidePeriod } from '@tributary/kit/connection/range';
import type { Range } from '@tributary/kit/connection/range';

const NOW = '2026-06-15';
const past = { from: '2026-01-01', to: '2026-02-01' };
const current = { from: '2026-06-01', to: '2026-07-01' };

test.each<[Range<string> | null | undefined, 'ASC' | 'DESC', { first?: number; last?: number }, boolean]>([
  // From the newest end: outside a period that is over, inside one that is not.
  [past, 'DESC', { first: 5 }, true],
  [past, 'DESC', {}, true],
  [past, 'ASC', { last: 5 }, true],
  [current, 'DESC', { first: 5 }, false],
  [current, 'ASC', { last: 5 }, false],
  [{ from: '2026-01-01', to: NOW }, 'DESC', {}, true],
  // From the oldest end.
  [past, 'ASC', { first: 5 }, true],
  [current, 'ASC', {}, true],
  [current, 'DESC', { last: 5 }, true],
  // With one end it is no period.
  [{ from: '2026-01-01' }, 'ASC', {}, false],
  [{ from: null, to: '2026-02-01' }, 'DESC', {}, false],
  [{}, 'ASC', {}, false],
  [null, 'ASC', {}, false],
  [undefined, 'DESC', {}, false],
])('a page of %o, %s %o, begins outside: %s', (range, direction, args, outside) => {
  expect(beginsOutsidePeriod(range, direction, args, NOW)).toBe(outside);
});
