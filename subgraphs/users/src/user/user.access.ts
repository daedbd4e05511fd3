import sql from 'sql-template-tag';
import type { Sql } from 'sql-template-tag';

import { EVERY_ROW, hasRole, hasScope, NO_ROW, userIdOf } from '@tributary/kit';
import type { Principal } from '@tributary/kit';

/** Support and administrators change what belongs to others, with the scope that writing or reading personal data takes. */
export const changesPeople = (principal: Principal | null): boolean =>
  (hasRole(principal, 'SUPPORT') && hasScope(principal, 'users:read_pii')) ||
  (hasRole(principal, 'ADMIN') && hasScope(principal, 'users:write'));

/** Whether the caller may change this person, who may not exist. */
export const mayChangePerson = (principal: Principal | null, userId: string): boolean =>
  userIdOf(principal) === userId || changesPeople(principal);

/** The same as predicates on rows, for the column that holds the person. */
export function changeablePeople(principal: Principal | null, userId: Sql): readonly Sql[] {
  if (changesPeople(principal)) return EVERY_ROW;
  const own = userIdOf(principal);
  return own === null ? NO_ROW : [sql`${userId} = ${own}::uuid`];
}
