import sql, { join } from 'sql-template-tag';
import type { Sql } from 'sql-template-tag';

import type { RequestContext } from '../context.ts';

// Which rows a caller sees, as SQL. A policy is a list of arms: predicates, of which a row has to meet one. Lists read each arm in its own
// index; single reads and entity loads join them with OR. No arm means no row.

/** The one arm of callers who see every row. */
export const EVERY_ROW: readonly Sql[] = [sql`TRUE`];
export const NO_ROW: readonly Sql[] = [];

/** The arms of a policy for this request. */
export function visibleArms(context: Pick<RequestContext, 'walls'>, policy: () => readonly Sql[]): readonly Sql[] {
  return context.walls.rows ? policy() : EVERY_ROW;
}

/** The arms as one predicate. */
export function anyArm(arms: readonly Sql[]): Sql {
  return arms.length === 0
    ? sql`FALSE`
    : sql`(${join(
        arms.map((arm) => sql`(${arm})`),
        ' OR ',
      )})`;
}

/**
 * Makes a list of predicates exclude each other: each one holds only where none of the earlier ones does. The predicates compare
 * columns that may be null, hence IS NOT TRUE.
 */
export function exclusiveArms(predicates: readonly Sql[]): readonly Sql[] {
  return predicates.map((predicate, index) =>
    join([sql`(${predicate})`, ...predicates.slice(0, index).map((earlier) => sql`(${earlier}) IS NOT TRUE`)], ' AND '),
  );
}
