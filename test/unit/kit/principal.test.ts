import { expect, test } from 'vitest';

import { hasRole, hasScope, organizationsWhere, partnerOrganizationOf, userIdOf } from '@tributary/kit/principal';
import type { Principal } from '@tributary/kit/principal';

const base = { scopes: ['orders:read'], authTime: null, amr: [] };
const user: Principal = {
  ...base,
  type: 'user',
  userId: 'u1',
  roles: ['CUSTOMER', 'SUPPORT'],
  memberships: [
    { organizationId: 'o1', role: 'OWNER' },
    { organizationId: 'o2', role: 'BILLING_MANAGER' },
    { organizationId: 'o3', role: 'BUYER' },
    { organizationId: 'o4', role: 'VIEWER' },
  ],
};
const client: Principal = { ...base, type: 'client', clientId: 'c1', organizationId: 'o9', roles: ['PARTNER'] };
const service: Principal = { ...base, type: 'service', service: 'billing', roles: ['SERVICE'] };

test('a role is held when any of the named ones is, and by nobody without a sign-in', () => {
  expect(hasRole(user, 'SUPPORT')).toBe(true);
  expect(hasRole(user, 'ADMIN', 'CUSTOMER')).toBe(true);
  expect(hasRole(user, 'ADMIN', 'FINANCE')).toBe(false);
  expect(hasRole(user)).toBe(false);
  expect(hasRole(null, 'CUSTOMER')).toBe(false);
});

test('a scope is held under its exact name only', () => {
  expect(hasScope(user, 'orders:read')).toBe(true);
  expect(hasScope(user, 'orders:rea')).toBe(false);
  expect(hasScope(user, 'orders')).toBe(false);
  expect(hasScope(null, 'orders:read')).toBe(false);
});

test('an organization role includes the weaker ones and never the stronger', () => {
  expect(organizationsWhere(user, 'OWNER')).toEqual(['o1']);
  expect(organizationsWhere(user, 'BILLING_MANAGER')).toEqual(['o1', 'o2']);
  expect(organizationsWhere(user, 'BUYER')).toEqual(['o1', 'o2', 'o3']);
  expect(organizationsWhere(user, 'VIEWER')).toEqual(['o1', 'o2', 'o3', 'o4']);
});

test('only persons are members, only clients act for a partner organization, only persons have a user id', () => {
  expect([client, service, null].map((caller) => organizationsWhere(caller, 'VIEWER'))).toEqual([[], [], []]);
  expect([user, client, service, null].map(partnerOrganizationOf)).toEqual([null, 'o9', null, null]);
  expect([user, client, service, null].map(userIdOf)).toEqual(['u1', null, null, null]);
});
