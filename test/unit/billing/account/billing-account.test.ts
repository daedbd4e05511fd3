import { expect, test } from 'vitest';

import { fitsCreditLimit, ownerOf } from '@tributary/billing/account/billing-account';
import type { BillingAccount } from '@tributary/billing/account/billing-account';

const account = (creditLimitMinor: bigint): BillingAccount => ({
  id: 'a',
  ownerType: 'ORGANIZATION',
  ownerId: 'o',
  currency: 'EUR',
  paymentTermDays: 14,
  creditLimitMinor,
  version: 1,
});

test.each([
  [1000n, 'EUR', 0n, 1000n, true],
  [1000n, 'EUR', 1n, 1000n, false],
  [1000n, 'EUR', 999n, 1n, true],
  [1000n, 'CHF', 0n, 1n, false],
  [0n, 'EUR', 0n, 0n, false],
])('a limit of %d in euros, %s, %d open, %d more: %s', (limit, currency, open, total, fits) => {
  expect(fitsCreditLimit(account(limit), currency, open, total)).toBe(fits);
});

test('an organization owes what was bought for it, else the person', () => {
  expect(ownerOf({ buyerId: 'u', organizationId: 'o' })).toEqual({ ownerType: 'ORGANIZATION', ownerId: 'o' });
  expect(ownerOf({ buyerId: 'u', organizationId: null })).toEqual({ ownerType: 'USER', ownerId: 'u' });
  expect(() => ownerOf({ buyerId: null, organizationId: null })).toThrow('a person or an organization');
});
