import sql, { empty, join, raw } from 'sql-template-tag';
import type { Sql } from 'sql-template-tag';

import { exclusiveArms } from '../access/visibility.ts';
import type { Position } from './cursor.ts';
import type { Page } from './page.ts';

// Writes the SQL of one page of a list, for the whole table or for many parents at once. Pages are cut by keyset, so page one and
// page ten thousand cost the same. The caller's visibility comes as arms: predicates, one per kind of ownership, each served by its
// own index. Every arm is read in index order up to the page size, and the arms are merged.

export type SortDirection = 'ASC' | 'DESC';

/** A list's order: by `column`, then by id, both in the same direction. Rows without a key come last in both directions. */
export interface Sort {
  direction: SortDirection;
  /** The sort key; null when the list is ordered by id alone. */
  key: { column: Sql; type: 'timestamptz' | 'date' | 'integer' | 'text'; nullable: boolean } | null;
}

export interface ListQuery {
  /** Names list and sort; cursors are bound to it. */
  name: string;
  /** The SELECT list of a row. */
  columns: Sql;
  /** Table and alias. */
  from: Sql;
  id: Sql;
  sort: Sort;
  /** A row is in the list when it meets one of these, or several. No arm: the caller sees nothing, and no SQL runs. */
  arms: readonly Sql[];
  /** What the client's filter demands. */
  filter: Sql;
  /**
   * The filter cut into parts that exclude each other, where each part has an index in list order and the whole has none, such as
   * "in one of two states". Pages read the parts side by side and merge them.
   */
  filterParts?: readonly Sql[];
  /**
   * Set when the filter's own index finds the rows, and they may lie far from where a walk through the list's index begins. The
   * planner expects them to be spread evenly, and would read everything in between; so pages sort what the filter finds.
   */
  sortsMatches?: boolean;
}

/** A list below parents: `parent` is the column that holds the parent's id. */
export interface NestedListQuery extends ListQuery {
  parent: Sql;
}

/** What `pageStatement` adds to each row. */
export interface KeysetRow {
  keysetKey: Date | string | number | null;
  keysetId: string;
}

export const noFilter = sql`TRUE`;

/** Conditions joined with AND; TRUE when there are none. Each is taken as a whole, also when it is an OR. */
export function allOf(conditions: readonly (Sql | null)[]): Sql {
  const present = conditions.filter((condition) => condition !== null);
  return present.length === 0
    ? noFilter
    : join(
        present.map((condition) => sql`(${condition})`),
        ' AND ',
      );
}

/** One page, with one row more than asked for when there is more. Rows come in reading order: reversed for backward pages. */
export function pageStatement(query: ListQuery, page: Page): Sql {
  return pageSelect(query, page, noFilter);
}

/** The same page below each of `parents`, in one statement. Rows carry `keysetParent`. */
export function nestedPageStatement(query: NestedListQuery, page: Page, parents: readonly string[]): Sql {
  const perParent = pageSelect(query, page, sql`${query.parent} = parent.id`);
  return sql`SELECT parent.id AS "keysetParent", item.* FROM unnest(${parents}::uuid[]) AS parent(id) CROSS JOIN LATERAL (${perParent}) AS item`;
}

/** Number of rows the whole list has. */
export function countStatement(query: ListQuery): Sql {
  return sql`SELECT (${countSelect(query, noFilter)})::integer AS count`;
}

/** Number of rows per parent. */
export function nestedCountStatement(query: NestedListQuery, parents: readonly string[]): Sql {
  const perParent = countSelect(query, sql`${query.parent} = parent.id`);
  return sql`SELECT parent.id AS "keysetParent", (${perParent})::integer AS count FROM unnest(${parents}::uuid[]) AS parent(id)`;
}

function countSelect({ arms, filter, from }: ListQuery, scope: Sql): Sql {
  // A sum over the arms rather than one OR: each arm counts in its own index, and a row that several arms meet counts in the first.
  const counts = exclusiveArms(arms).map(
    (arm) => sql`(SELECT count(*) FROM ${from} WHERE ${allOf([scope, arm, filter])})`,
  );
  return join(counts, ' + ');
}

function pageSelect(query: ListQuery, page: Page, scope: Sql): Sql {
  const { sort, arms } = query;
  const limit = page.size + 1;
  const reading = readingDirection(sort.direction, page);
  const ranges = keyRanges(sort, page, query.id);
  const conditions = arms.flatMap((arm) =>
    (query.filterParts ?? [query.filter]).flatMap((filter) => ranges.map((range) => [scope, arm, filter, range])),
  );
  const parts = conditions.map(
    (
      condition,
    ) => sql`SELECT ${query.columns}, ${sort.key?.column ?? sql`NULL`} AS "keysetKey", ${query.id} AS "keysetId"
        FROM ${query.from} WHERE ${allOf(condition)}
        ORDER BY ${orderBy(query, reading)} LIMIT ${limit}`,
  );
  const [only] = parts;
  if (parts.length === 1 && only) return only;
  const order = [
    ...(sort.key?.nullable ? [['("keysetKey" IS NULL)', page.direction === 'forward' ? 'ASC' : 'DESC']] : []),
    ...(sort.key ? [['"keysetKey"', reading]] : []),
    ['"keysetId"', reading],
  ];
  // Several arms may meet the same row. Each is read up to its own limit, so that none has to read past the rows of another, and the
  // merge keeps one of each.
  const distinct = arms.length > 1 ? raw(`DISTINCT ON (${order.map(([column]) => column).join(', ')}) `) : empty;
  return sql`SELECT ${distinct}* FROM (${join(
    parts.map((part) => sql`(${part})`),
    ' UNION ALL ',
  )}) AS merged ORDER BY ${raw(order.map((term) => term.join(' ')).join(', '))} LIMIT ${limit}`;
}

function readingDirection(direction: SortDirection, page: Page): SortDirection {
  return page.direction === 'forward' ? direction : direction === 'ASC' ? 'DESC' : 'ASC';
}

function orderBy({ sort: { key }, id, sortsMatches }: ListQuery, reading: SortDirection): Sql {
  if (!key) return sql`${id} ${raw(reading)}`;
  // No index is in the order of an expression, which takes the walk out of the planner's choice.
  const column = sortsMatches ? sql`GREATEST(${key.column}, ${key.column})` : key.column;
  return sql`${column} ${raw(reading)}, ${id} ${raw(reading)}`;
}

// A nullable key cuts the list in two: rows with a key, then rows without. Each part is one range of the same index, so neither
// needs its own null ordering.
function keyRanges(sort: Sort, { after, before }: Page, id: Sql): Sql[] {
  const { key } = sort;
  const [beyond, short] = sort.direction === 'ASC' ? ['>', '<'] : ['<', '>'];
  if (!key) return [allOf([after && idBound(id, beyond, after), before && idBound(id, short, before)])];

  const withKey = allOf([
    key.nullable ? sql`${key.column} IS NOT NULL` : null,
    after && rowBound(sort, id, beyond, after),
    before && before.key !== null ? rowBound(sort, id, short, before) : null,
  ]);
  if (!key.nullable) return [withKey];
  const withoutKey = allOf([
    sql`${key.column} IS NULL`,
    after?.key === null ? idBound(id, beyond, after) : null,
    before?.key === null ? idBound(id, short, before) : null,
  ]);
  const ranges = [...(after?.key === null ? [] : [withKey]), ...(before && before.key !== null ? [] : [withoutKey])];
  // From a row without a key to a row with one: the end lies before the start.
  return ranges.length > 0 ? ranges : [sql`FALSE`];
}

const idBound = (id: Sql, operator: string, position: Position) => sql`${id} ${raw(operator)} ${position.id}::uuid`;

function rowBound({ key }: Sort, id: Sql, operator: string, position: Position): Sql {
  return sql`(${key!.column}, ${id}) ${raw(operator)} (${position.key}::${raw(key!.type)}, ${position.id}::uuid)`;
}
