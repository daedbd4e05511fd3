import sql from 'sql-template-tag';
import type { Sql } from 'sql-template-tag';

import { EVERY_ROW, hasRole, NO_ROW, organizationsWhere, partnerOrganizationOf } from '@tributary/kit';
import type { Principal } from '@tributary/kit';

/** Members see their organizations, an API client its own, staff and services all. The table's alias is `o`. */
export function organizationVisibility(principal: Principal | null): readonly Sql[] {
  if (hasRole(principal, 'SUPPORT', 'FINANCE', 'ADMIN', 'SERVICE')) return EVERY_ROW;
  const partner = partnerOrganizationOf(principal);
  const own = partner === null ? organizationsWhere(principal, 'VIEWER') : [partner];
  return own.length === 0 ? NO_ROW : [sql`o.id = ANY(${own}::uuid[])`];
}
