import sql from 'sql-template-tag';
import type { Sql } from 'sql-template-tag';

import { EVERY_ROW, hasRole, hasScope, NO_ROW, organizationsWhere } from '@tributary/kit';
import type { Principal } from '@tributary/kit';

import type { AccountOwnerType } from '../account/account.ts';

// Who sees saved payment methods: the person, whoever manages billing for the organization, and finance. Only the former two pay with them
// and see more than what is needed to tell them apart.

const SCOPE = 'billing:read';

interface AccountOwner {
  ownerType: AccountOwnerType;
  ownerId: string;
}

/** Accounts whose methods the caller may use. Statements name their table `a`. */
export function usableMethodPolicy(principal: Principal | null): readonly Sql[] {
  if (principal?.type !== 'user') return NO_ROW;
  return [
    sql`a.owner_type = 'USER' AND a.owner_id = ${principal.userId}::uuid`,
    sql`a.owner_type = 'ORGANIZATION' AND a.owner_id = ANY(${organizationsWhere(principal, 'BILLING_MANAGER')}::uuid[])`,
  ];
}

/** Accounts whose methods the caller sees. */
export function methodPolicy(principal: Principal | null): readonly Sql[] {
  if (!hasScope(principal, SCOPE)) return NO_ROW;
  return hasRole(principal, 'FINANCE') ? EVERY_ROW : usableMethodPolicy(principal);
}

/** The same rules for an account at hand. */
export function seesMethodsOf(principal: Principal | null, owner: AccountOwner): boolean {
  return hasScope(principal, SCOPE) && (hasRole(principal, 'FINANCE') || usesMethodsOf(principal, owner));
}

export function usesMethodsOf(principal: Principal | null, { ownerType, ownerId }: AccountOwner): boolean {
  if (principal?.type !== 'user') return false;
  return ownerType === 'USER'
    ? ownerId === principal.userId
    : organizationsWhere(principal, 'BILLING_MANAGER').includes(ownerId);
}
