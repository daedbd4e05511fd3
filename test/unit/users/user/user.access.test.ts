import { expect, test } from 'vitest';

import type { Principal, Role } from '@tributary/kit';
import { mayChangePerson } from '@tributary/users/user/user.access';

const person = (userId: string, roles: readonly Role[], scopes: readonly string[]): Principal => ({
  type: 'user',
  userId,
  roles,
  scopes,
  memberships: [],
  authTime: null,
  amr: [],
});

test('people change themselves, whatever their role and the scopes of their token', () => {
  expect(mayChangePerson(person('a', ['FINANCE'], []), 'a')).toBe(true);
  expect(mayChangePerson(person('a', ['CUSTOMER'], []), 'b')).toBe(false);
});

test.each([
  ['SUPPORT', 'users:read_pii'],
  ['ADMIN', 'users:write'],
] as const)('%s changes others with the scope %s, and not without', (role, scope) => {
  expect(mayChangePerson(person('a', [role], [scope]), 'b')).toBe(true);
  expect(mayChangePerson(person('a', [role], []), 'b')).toBe(false);
  expect(mayChangePerson(person('a', ['FINANCE'], [scope]), 'b')).toBe(false);
});

test('nobody, clients and services change no one', () => {
  const base = { scopes: ['users:write', 'users:read_pii'], authTime: null, amr: [] };
  const client: Principal = { ...base, type: 'client', clientId: 'c', organizationId: 'o', roles: ['PARTNER'] };
  const service: Principal = { ...base, type: 'service', service: 's', roles: ['SERVICE'] };
  for (const principal of [null, client, service]) expect(mayChangePerson(principal, 'c')).toBe(false);
});
