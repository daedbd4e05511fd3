import DataLoader from 'dataloader';

import type { RequestContext } from '../context.ts';
import { groupedInKeyOrder } from '../loaders.ts';
import type { CursorCodec } from './cursor.ts';
import { countStatement, nestedCountStatement, nestedPageStatement, pageStatement } from './keyset.ts';
import type { KeysetRow, ListQuery, NestedListQuery } from './keyset.ts';
import { parsePage } from './page.ts';
import type { Page, PageArguments } from './page.ts';

// The object behind a connection field. Its parts are functions, so the page is read only when edges, nodes or page info are
// selected, and the count only when `totalCount` is.

export interface Edge<Row> {
  cursor: string;
  node: Row;
}

export interface Connection<Row> {
  edges(): Promise<Edge<Row>[]>;
  nodes(): Promise<Row[]>;
  pageInfo(): Promise<{
    hasNextPage: boolean;
    hasPreviousPage: boolean;
    startCursor: string | null;
    endCursor: string | null;
  }>;
  /** Null when counting ran past its time budget. */
  totalCount(): Promise<number | null>;
}

type Counted = { count: number };
type BelowParent = { keysetParent: string };

/** A connection over a whole table. Throws at once, before any SQL, when a paging argument is wrong. */
export function connection<Row>(context: RequestContext, query: ListQuery, args: PageArguments): Connection<Row> {
  const page = parsePage(args, query.name, context.cursors);
  const { arms } = query;
  return connectionOf<Row>(
    query.name,
    page,
    context.cursors,
    async () => (arms.length === 0 ? [] : context.db.query<Row & KeysetRow>(pageStatement(query, page))),
    async () =>
      arms.length === 0 ? 0 : ((await context.counts.query<Counted>(countStatement(query)))?.[0]?.count ?? null),
  );
}

/**
 * A connection below one parent. All parents of the same field with the same arguments are answered by one statement.
 * `field` names the field (`Order.lines`); the list query must depend on `args` and the caller only, never on the parent.
 */
export function nestedConnection<Row>(
  context: RequestContext,
  field: string,
  parentId: string,
  args: PageArguments,
  makeQuery: () => NestedListQuery,
): Connection<Row> {
  const batch = context.memo(`${field}:${textOf(args)}`, () => nestedBatch<Row>(context, makeQuery(), args));
  return connectionOf<Row>(
    batch.query.name,
    batch.page,
    context.cursors,
    () => batch.rows.load(parentId),
    () => batch.counts.load(parentId),
  );
}

function nestedBatch<Row>(context: RequestContext, query: NestedListQuery, args: PageArguments) {
  const page = parsePage(args, query.name, context.cursors);
  const nothing = query.arms.length === 0;
  return {
    query,
    page,
    rows: new DataLoader<string, (Row & KeysetRow)[]>(async (parents) => {
      const rows = nothing
        ? []
        : await context.db.query<Row & KeysetRow & BelowParent>(nestedPageStatement(query, page, parents));
      return groupedInKeyOrder(parents, rows, (row) => row.keysetParent);
    }),
    counts: new DataLoader<string, number | null>(async (parents) => {
      const rows = nothing
        ? []
        : await context.counts.query<Counted & BelowParent>(nestedCountStatement(query, parents));
      if (rows === null) return parents.map(() => null);
      const counts = new Map(rows.map(({ keysetParent, count }) => [keysetParent, count]));
      return parents.map((parent) => counts.get(parent) ?? 0);
    }),
  };
}

function connectionOf<Row>(
  list: string,
  page: Page,
  cursors: CursorCodec,
  readPage: () => Promise<(Row & KeysetRow)[]>,
  readCount: () => Promise<number | null>,
): Connection<Row> {
  let reading: Promise<{ rows: (Row & KeysetRow)[]; more: boolean }> | undefined;
  const read = () =>
    (reading ??= readPage().then((found) => {
      const more = found.length > page.size;
      const rows = more ? found.slice(0, page.size) : found;
      return { rows: page.direction === 'forward' ? rows : [...rows].reverse(), more };
    }));
  const cursorOf = (row: KeysetRow) => cursors.encode(list, { key: keyText(row.keysetKey), id: row.keysetId });
  return {
    nodes: async () => (await read()).rows,
    edges: async () => (await read()).rows.map((row) => ({ cursor: cursorOf(row), node: row })),
    async pageInfo() {
      const { rows, more } = await read();
      const [start, end] = [rows[0], rows.at(-1)];
      // A bound that was given is itself a row of the list, so there is something on its other side.
      return {
        hasNextPage: page.direction === 'forward' ? more : page.before !== null,
        hasPreviousPage: page.direction === 'backward' ? more : page.after !== null,
        startCursor: start ? cursorOf(start) : null,
        endCursor: end ? cursorOf(end) : null,
      };
    },
    totalCount: readCount,
  };
}

// Filters may hold amounts, which JSON cannot write.
function textOf(args: PageArguments): string {
  return JSON.stringify(args, (_key, value: unknown) => (typeof value === 'bigint' ? `${value}n` : value));
}

function keyText(key: KeysetRow['keysetKey']): string | null {
  if (key === null) return null;
  return key instanceof Date ? key.toISOString() : String(key);
}
