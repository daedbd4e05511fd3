import sql from 'sql-template-tag';
import type { Sql } from 'sql-template-tag';

import { EVERY_ROW, hasRole, NO_ROW, organizationsWhere } from '@tributary/kit';
import type { Principal } from '@tributary/kit';

/** Owners see the clients of their organizations, administrators all, a client itself. The table's alias is `c`. */
export function apiClientVisibility(principal: Principal | null): readonly Sql[] {
  if (hasRole(principal, 'ADMIN')) return EVERY_ROW;
  if (principal?.type === 'client') return [sql`c.id = ${principal.clientId}::uuid`];
  const owned = organizationsWhere(principal, 'OWNER');
  return owned.length === 0 ? NO_ROW : [sql`c.organization_id = ANY(${owned}::uuid[])`];
}
