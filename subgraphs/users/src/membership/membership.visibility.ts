import sql from 'sql-template-tag';
import type { Sql } from 'sql-template-tag';

import { EVERY_ROW, hasRole, NO_ROW, organizationsWhere } from '@tributary/kit';
import type { Principal } from '@tributary/kit';

/**
 * A person sees the memberships of the organizations they belong to, their own among them; staff see all. The organizations are
 * those of the principal, as for every other object of an organization, so that a membership never shows without its organization.
 * The table's alias is `m`.
 */
export function membershipVisibility(principal: Principal | null): readonly Sql[] {
  if (hasRole(principal, 'SUPPORT', 'FINANCE', 'ADMIN')) return EVERY_ROW;
  const own = organizationsWhere(principal, 'VIEWER');
  return own.length === 0 ? NO_ROW : [sql`m.organization_id = ANY(${own}::uuid[])`];
}
