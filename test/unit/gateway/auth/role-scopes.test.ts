import { expect, test } from 'vitest';

import { scopesOf } from '@tributary/gateway';
import { ROLES } from '@tributary/kit/principal';
import type { OrganizationRole, Role } from '@tributary/kit/principal';
import type { PrincipalRecord } from '@tributary/kit/principal-record';
import { accessMap } from '@tributary/schema';

const person = (roles: Role[], memberships: OrganizationRole[] = []): PrincipalRecord => ({
  type: 'user',
  userId: 'u',
  status: 'ACTIVE',
  roles,
  memberships: memberships.map((role) => ({ organizationId: 'o', role })),
});

test('a customer reads and writes orders, reads bills and pays them', () => {
  expect(scopesOf(person(['CUSTOMER']))).toEqual(['orders:read', 'orders:write', 'billing:read', 'billing:pay']);
});

test('an owner of an organization also manages its clients and webhooks; lesser members do not', () => {
  expect(scopesOf(person([], ['VIEWER', 'OWNER']))).toEqual(['clients:write', 'webhooks:write']);
  expect(scopesOf(person([], ['BILLING_MANAGER', 'BUYER']))).toEqual([]);
});

test('several roles add up without repeating scopes', () => {
  const scopes = scopesOf(person(['CUSTOMER', 'SUPPORT']));
  expect(new Set(scopes).size).toBe(scopes.length);
  expect(scopes).toEqual(expect.arrayContaining(['billing:pay', 'support:read']));
});

test('no role can both pay out and grant roles', () => {
  for (const role of ROLES) {
    const scopes = scopesOf(person([role]));
    expect([role, scopes.includes('payouts:write') && scopes.includes('roles:write')]).toEqual([role, false]);
  }
});

test('a client has no scope that clients may not have, even when it was granted', () => {
  const granted = ['orders:read', 'payouts:read', 'payouts:write', 'users:read_all', 'support:read'];
  const client: PrincipalRecord = {
    type: 'client',
    clientId: 'c',
    organizationId: 'o',
    status: 'ACTIVE',
    scopes: granted,
  };
  expect(scopesOf(client)).toEqual(['orders:read', 'payouts:read']);
});

test('every scope that the contract asks for is held by some role', () => {
  const held = new Set(ROLES.flatMap((role) => scopesOf(person([role], ['OWNER']))));
  const asked = new Set(Object.values(accessMap().fields).flatMap(({ scopes }) => scopes.flat()));
  expect([...asked].filter((scope) => !held.has(scope))).toEqual([]);
});
