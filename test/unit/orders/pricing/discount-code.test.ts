import { expect, test } from 'vitest';

import { applies, normalizeCode } from '@tributary/orders/pricing/discount-code';
import type { DiscountCode } from '@tributary/orders/pricing/discount-code';

const now = new Date('2026-06-15T12:00:00Z');
const code: DiscountCode = {
  code: 'SUMMER',
  title: 'Summer',
  kind: 'FIXED',
  value: 500n,
  currency: 'EUR',
  startsAt: new Date('2026-06-01T00:00:00Z'),
  endsAt: new Date('2026-07-01T00:00:00Z'),
  maxUses: 10,
  used: 9,
};

test.each<[string, Partial<DiscountCode>, boolean]>([
  ['applies while it runs and uses are left', {}, true],
  ['applies from its first moment on', { startsAt: now }, true],
  ['does not apply before it starts', { startsAt: new Date('2026-06-15T12:00:00.001Z') }, false],
  ['does not apply from its end on', { endsAt: now }, false],
  ['applies for ever without an end', { endsAt: null }, true],
  ['does not apply when all uses are gone', { used: 10 }, false],
  ['applies any number of times without a limit', { maxUses: null, used: 10_000 }, true],
  ['does not apply to another currency', { currency: 'USD' }, false],
  ['applies to every currency as a percentage', { kind: 'PERCENT', value: 1_000n, currency: null }, true],
])('a code %s', (_, change, expected) => {
  expect(applies({ ...code, ...change }, { currency: 'EUR', now })).toBe(expected);
});

test('a code is what was typed, in capitals and without the space around it', () => {
  expect(normalizeCode('  welcome10 ')).toBe('WELCOME10');
});
