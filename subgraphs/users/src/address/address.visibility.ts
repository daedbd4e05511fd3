import sql from 'sql-template-tag';
import type { Sql } from 'sql-template-tag';

import { EVERY_ROW, hasRole, hasScope, NO_ROW, userIdOf } from '@tributary/kit';
import type { Principal } from '@tributary/kit';

/**
 * People see their own addresses; support, administrators and services with the scope for personal data see all. The table's alias is `a`.
 */
export function addressVisibility(principal: Principal | null): readonly Sql[] {
  if (hasRole(principal, 'SUPPORT', 'ADMIN', 'SERVICE') && hasScope(principal, 'users:read_pii')) return EVERY_ROW;
  const own = userIdOf(principal);
  return own === null ? NO_ROW : [sql`a.user_id = ${own}::uuid`];
}
