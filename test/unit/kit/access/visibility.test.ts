import sql from 'sql-template-tag';
import { expect, test } from 'vitest';

import { anyArm, EVERY_ROW, exclusiveArms, NO_ROW, visibleArms } from '@tributary/kit/access/visibility';
import { ALL_WALLS } from '@tributary/kit/access/walls';

const mine = sql`o.buyer_id = ${'u1'}`;
const ours = sql`o.organization_id = ANY(${['o1']}) OR o.shared`;

test('without an arm no row is visible', () => {
  expect(anyArm(NO_ROW).text).toBe('FALSE');
});

test('arms are joined with OR, each as a whole, so that a condition after them holds for all', () => {
  const joined = anyArm([mine, ours]);
  expect(joined.text).toBe('((o.buyer_id = $1) OR (o.organization_id = ANY($2) OR o.shared))');
  expect(joined.values).toEqual(['u1', ['o1']]);
});

test('an exclusive arm holds only where none of the earlier ones does, each taken as a whole', () => {
  expect(exclusiveArms([mine, ours, sql`TRUE`]).map((arm) => arm.text)).toEqual([
    '(o.buyer_id = $1)',
    '(o.organization_id = ANY($1) OR o.shared) AND (o.buyer_id = $2) IS NOT TRUE',
    '(TRUE) AND (o.buyer_id = $1) IS NOT TRUE AND (o.organization_id = ANY($2) OR o.shared) IS NOT TRUE',
  ]);
  expect(exclusiveArms([])).toEqual([]);
});

test('the policy decides while the wall stands, and is not even asked when it is down', () => {
  const never = () => {
    throw new Error('asked');
  };
  expect(visibleArms({ walls: ALL_WALLS }, () => [mine])).toEqual([mine]);
  expect(visibleArms({ walls: { ...ALL_WALLS, rows: false } }, never)).toBe(EVERY_ROW);
});
