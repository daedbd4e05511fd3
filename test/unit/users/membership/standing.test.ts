import { describe, expect, test } from 'vitest';

import type { OrganizationRole, Principal } from '@tributary/kit';
import { assertStillManages, takesLastOwner } from '@tributary/users/membership/standing';
import type { Membership } from '@tributary/users/membership/membership';

import { refusalOf } from '../../../kit/refusal.ts';

const member = (userId: string, role: OrganizationRole): Membership => ({
  id: `m-${userId}`,
  organizationId: 'o',
  userId,
  role,
  createdAt: new Date(0),
  updatedAt: new Date(0),
  version: 1,
});

describe('the last owner', () => {
  const owner = member('a', 'OWNER');
  const viewer = member('b', 'VIEWER');

  test('neither leaves nor gets another role', () => {
    expect(takesLastOwner([owner, viewer], owner, null)).toBe(true);
    expect(takesLastOwner([owner, viewer], owner, 'BILLING_MANAGER')).toBe(true);
  });

  test('stays owner when asked to', () => {
    expect(takesLastOwner([owner], owner, 'OWNER')).toBe(false);
  });

  test('may go where another one stays', () => {
    expect(takesLastOwner([owner, member('c', 'OWNER')], owner, null)).toBe(false);
  });

  test('is none of those who own nothing', () => {
    expect(takesLastOwner([owner, viewer], viewer, null)).toBe(false);
  });
});

describe('who manages an organization by what is stored', () => {
  const person = (userId: string, administrator = false): Principal => ({
    type: 'user',
    userId,
    roles: [administrator ? 'ADMIN' : 'CUSTOMER'],
    scopes: administrator ? ['users:write'] : [],
    memberships: [{ organizationId: 'o', role: 'OWNER' }],
    authTime: null,
    amr: [],
  });
  const check = (principal: Principal | null) => () =>
    assertStillManages(principal, [member('a', 'OWNER'), member('b', 'VIEWER')], ['input', 'id']);

  test('an owner and an administrator do', () => {
    expect(refusalOf(check(person('a')))).toEqual([]);
    expect(refusalOf(check(person('x', true)))).toEqual([]);
  });

  test('somebody who has left does not see it any more', () => {
    expect(refusalOf(check(person('c')))).toEqual([['NOT_FOUND', 'input.id']]);
    expect(refusalOf(check(null))).toEqual([['NOT_FOUND', 'input.id']]);
  });

  test('somebody who is owner no longer may not', () => {
    expect(check(person('b'))).toThrow(expect.objectContaining({ code: 'FORBIDDEN' }));
  });
});
