import sql, { empty, join, raw } from 'sql-template-tag';
import type { Sql } from 'sql-template-tag';

import { exclusiveArms } from '../access/visibility.ts';
import type { Position } from './cursor.ts';
import type { Page } from './page.ts';
import type { Range } from './range.ts';

// Writes the SQL of one page of a list, for the whole table or for many parents at once. Pages are cut by keyset, so page one and
// page ten thousand cost the same. The caller's visibility comes as arms: predicates, one per kind of ownership, each served by its
// own index. Every arm is read in index order up to the page size, and the arms are merged.

export type SortDirection = 'ASC' | 'DESC';

/** A list's order: by `column`, then by id, both in the same direction. Rows without a key come last in both directions. */
export interface Sort {
  direction: SortDirection;
  /** The sort key; null when the list is ordered by id alone. */
  key: SortKey | null;
}

export interface SortKey {
  column: Sql;
  type: 'timestamptz' | 'date' | 'integer' | 'text';
  nullable: boolean;
  /** Bounds that the client's filter sets to the sort key itself; they do not stand in `filter` as well. */
  range?: KeyRange | undefined;
}

/** Half-open. Rows without a key are in none. */
export interface KeyRange extends Range<Date | string> {
  /** A further upper bound, which moves on with the time: SQL. Cursors are only given out for rows below it. */
  below?: Sql;
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

function countSelect({ arms, filter, from, sort }: ListQuery, scope: Sql): Sql {
  // A sum over the arms rather than one OR: each arm counts in its own index, and a row that several arms meet counts in the first.
  const counts = exclusiveArms(arms).map(
    (arm) => sql`(SELECT count(*) FROM ${from} WHERE ${allOf([scope, arm, filter, ...keyBounds(sort.key)])})`,
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
function keyRanges({ key, direction }: Sort, page: Page, id: Sql): Sql[] {
  const [lower, upper] = direction === 'ASC' ? [page.after, page.before] : [page.before, page.after];
  if (!key) return [allOf([lower && idBound(id, '>', lower), upper && idBound(id, '<', upper)])];

  const { after, before } = page;
  const nullable = key.nullable && keyBounds(key).length === 0;
  const withKey = allOf([nullable ? sql`${key.column} IS NOT NULL` : null, ...tightestBounds(key, id, lower, upper)]);
  if (!nullable) return after?.key === null ? [sql`FALSE`] : [withKey];
  const withoutKey = allOf([
    sql`${key.column} IS NULL`,
    lower?.key === null ? idBound(id, '>', lower) : null,
    upper?.key === null ? idBound(id, '<', upper) : null,
  ]);
  const ranges = [...(after?.key === null ? [] : [withKey]), ...(before && before.key !== null ? [] : [withoutKey])];
  // From a row without a key to a row with one: the end lies before the start.
  return ranges.length > 0 ? ranges : [sql`FALSE`];
}

// At most one bound on either side, the tighter of cursor and filter. With two, a scan of the index may start at the looser one: it
// does not compare a row bound with a plain one, and reads every row in between.
function tightestBounds(key: SortKey, id: Sql, lower: Position | null, upper: Position | null): Sql[] {
  const { from, to } = key.range ?? {};
  const byLower = hasKey(lower) && !(isGiven(from) && isBefore(lower.key, from));
  const byUpper = hasKey(upper) && !(isGiven(to) && !isBefore(upper.key, to));
  return [
    ...(byLower ? [rowBound(key, id, '>', lower)] : lowerBounds(key)),
    ...(byUpper ? [rowBound(key, id, '<', upper)] : upperBounds(key)),
  ];
}

const keyBounds = (key: SortKey | null): Sql[] => (key ? [...lowerBounds(key), ...upperBounds(key)] : []);

const lowerBounds = ({ column, type, range }: SortKey): Sql[] =>
  isGiven(range?.from) ? [sql`${column} >= ${range.from}::${raw(type)}`] : [];

function upperBounds({ column, type, range }: SortKey): Sql[] {
  const to = isGiven(range?.to) ? [sql`${column} < ${range.to}::${raw(type)}`] : [];
  return range?.below ? [...to, sql`${column} < ${range.below}`] : to;
}

const idBound = (id: Sql, operator: string, position: Position) => sql`${id} ${raw(operator)} ${position.id}::uuid`;

const rowBound = ({ column, type }: SortKey, id: Sql, operator: string, position: Position) =>
  sql`(${column}, ${id}) ${raw(operator)} (${position.key}::${raw(type)}, ${position.id}::uuid)`;

const hasKey = (position: Position | null): position is Position & { key: string } =>
  position !== null && position.key !== null;

const isBefore = (key: string, bound: Date | string): boolean =>
  bound instanceof Date ? Date.parse(key) < bound.getTime() : key < bound;

const isGiven = <T>(value: T | null | undefined): value is T => value !== null && value !== undefined;
