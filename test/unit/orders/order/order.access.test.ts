import { expect, test } from 'vitest';

import type { OrganizationRole, Principal, Role } from '@tributary/kit';
import {
  seesAddresses,
  seesFulfillmentBlockers,
  seesOrdersOfOrganization,
  seesOrdersOfUser,
  seesSupportData,
} from '@tributary/orders/order/order.access';

const session = { authTime: null, amr: [] };
const user = (userId: string, role?: OrganizationRole, roles: readonly Role[] = ['CUSTOMER']): Principal => ({
  ...session,
  type: 'user',
  userId,
  roles,
  scopes: ['orders:read'],
  memberships: role ? [{ organizationId: 'buying', role }] : [],
});
const staff = (role: Role) => user('employee', undefined, [role]);
const client = (organizationId: string): Principal => ({
  ...session,
  type: 'client',
  clientId: 'client',
  organizationId,
  roles: ['PARTNER'],
  scopes: ['orders:read', 'orders:fulfill'],
});
const service = (...scopes: string[]): Principal => ({
  ...session,
  type: 'service',
  service: 'warehouse',
  roles: ['SERVICE'],
  scopes,
});

const order = { buyerId: 'buyer', organizationId: 'buying', partnerOrganizationId: 'partner' };
const ownerless = { buyerId: null, organizationId: null, partnerOrganizationId: null };

const cases: [string, Principal | null, { addresses: boolean; blockers: boolean; support: boolean }][] = [
  ['nobody', null, { addresses: false, blockers: false, support: false }],
  ['the buyer', user('buyer'), { addresses: true, blockers: false, support: false }],
  ['an owner', user('m', 'OWNER'), { addresses: true, blockers: false, support: false }],
  ['a billing manager', user('m', 'BILLING_MANAGER'), { addresses: true, blockers: false, support: false }],
  ['a member who buys', user('m', 'BUYER'), { addresses: true, blockers: false, support: false }],
  ['a member who views', user('m', 'VIEWER'), { addresses: false, blockers: false, support: false }],
  ['a stranger', user('stranger'), { addresses: false, blockers: false, support: false }],
  ['the support desk', staff('SUPPORT'), { addresses: true, blockers: true, support: true }],
  ['finance', staff('FINANCE'), { addresses: false, blockers: false, support: false }],
  ['an administrator', staff('ADMIN'), { addresses: false, blockers: true, support: true }],
  ['the client that placed it', client('partner'), { addresses: true, blockers: false, support: false }],
  ['the client of the buyer', client('buying'), { addresses: true, blockers: false, support: false }],
  ['another client', client('other'), { addresses: false, blockers: false, support: false }],
  ['a service that ships', service('orders:fulfill'), { addresses: true, blockers: true, support: false }],
  ['another service', service('orders:read'), { addresses: false, blockers: false, support: false }],
];

test.each(cases)('%s sees of an order what the role allows', (_who, principal, { addresses, blockers, support }) => {
  expect(seesAddresses(principal, order)).toBe(addresses);
  expect(seesFulfillmentBlockers(principal)).toBe(blockers);
  expect(seesSupportData(principal)).toBe(support);
});

test('an owner that an order does not have is nobody', () => {
  for (const principal of [null, user('buyer', 'OWNER'), client('partner'), service()])
    expect(seesAddresses(principal, ownerless)).toBe(false);
});

test('orders of a person are for the person and staff', () => {
  const sees = [null, user('ann'), user('bob', 'OWNER'), client('buying'), staff('FINANCE'), service()];
  expect(sees.map((principal) => seesOrdersOfUser(principal, 'ann'))).toEqual([false, true, false, false, true, true]);
});

test('orders of an organization are for its members, its own client and staff', () => {
  const sees = [null, user('ann'), user('bob', 'VIEWER'), client('buying'), client('other'), staff('ADMIN'), service()];
  expect(sees.map((principal) => seesOrdersOfOrganization(principal, 'buying'))).toEqual([
    false,
    false,
    true,
    true,
    false,
    true,
    true,
  ]);
});
