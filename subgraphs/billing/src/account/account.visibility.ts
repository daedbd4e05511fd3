import sql from 'sql-template-tag';
import type { Sql } from 'sql-template-tag';

import { EVERY_ROW, hasRole, hasScope, organizationsWhere } from '@tributary/kit';
import type { Principal } from '@tributary/kit';

import type { AccountOwnerType } from './account.ts';

// Who sees what an owner has and owes: support, finance and services everybody's; a person the own and that of organizations in
// which they manage billing; an API client that of its organization, but not of organizations it places orders for.

const SCOPE = 'billing:read';

export function seesEveryAccount(principal: Principal | null): boolean {
  return hasScope(principal, SCOPE) && hasRole(principal, 'SUPPORT', 'FINANCE', 'SERVICE');
}

/** Accounts the caller sees. Statements name their table `a`. */
export function accountPolicy(principal: Principal | null): readonly Sql[] {
  if (seesEveryAccount(principal)) return EVERY_ROW;
  const owned = ownedBy(principal);
  return (Object.entries(owned) as [AccountOwnerType, readonly string[]][])
    .filter(([, ids]) => ids.length > 0)
    .map(([type, ids]) => sql`a.owner_type = ${type} AND a.owner_id = ANY(${ids}::uuid[])`);
}

/** The same rule for an owner at hand. */
export function seesAccountOf(principal: Principal | null, ownerType: AccountOwnerType, ownerId: string): boolean {
  return seesEveryAccount(principal) || ownedBy(principal)[ownerType].includes(ownerId);
}

function ownedBy(principal: Principal | null): Record<AccountOwnerType, readonly string[]> {
  if (principal === null || !hasScope(principal, SCOPE)) return { USER: [], ORGANIZATION: [] };
  switch (principal.type) {
    case 'user':
      return { USER: [principal.userId], ORGANIZATION: organizationsWhere(principal, 'BILLING_MANAGER') };
    case 'client':
      return { USER: [], ORGANIZATION: [principal.organizationId] };
    case 'service':
      return { USER: [], ORGANIZATION: [] };
  }
}
