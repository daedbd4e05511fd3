import pino from 'pino';
import sql, { raw } from 'sql-template-tag';
import type { Sql } from 'sql-template-tag';

import { ALL_WALLS, createCursorCodec, createRequestContext, openDatabase, systemClock } from '@tributary/kit';
import type { KeyRange, ListQuery, NestedListQuery, RequestContext, Sort, SortDirection } from '@tributary/kit';

import { startTestPostgres } from '../../../kit/postgres.ts';
import { noWriter } from '../../../kit/no-writer.ts';

// A table of 2,000 books whose sort keys have many duplicates and nulls, and requests that read it through the kit's lists.

export interface Book {
  id: string;
  shelfId: string;
}

export const SHELF_COUNT = 40;
export const shelfId = (number: number) => `01920000-0000-7000-8000-${number.toString(16).padStart(12, '0')}`;
/** Has no book. */
export const EMPTY_SHELF = shelfId(SHELF_COUNT);

const TABLE = `
  CREATE SCHEMA library;
  CREATE TABLE library.books (
    id uuid PRIMARY KEY, shelf_id uuid NOT NULL, pages integer NOT NULL, rating integer, title text, subtitle text NOT NULL,
    bought_on date, changed_at timestamptz(3) NOT NULL, lent_at timestamptz(3), owner text, club text, patron text);
  INSERT INTO library.books
  SELECT md5('book' || n)::uuid, ('01920000-0000-7000-8000-' || lpad(to_hex(n / 13 % ${SHELF_COUNT}), 12, '0'))::uuid,
    n * 31 % 17, nullif(n * 13 % 7, 3) - 2,
    nullif((ARRAY['', 'Alpha', 'alpha', 'ALPHA', 'Öl', 'Ol', 'a ''b', 'a"b', E'tab\\t', '100%', '𝔘nicode', 'z'])[1 + n / 7 % 12], 'z'),
    repeat(chr(97 + n % 5), 1 + n % 3),
    CASE WHEN n % 4 > 0 THEN date '2024-02-27' + n % 6 END,
    timestamptz '2026-03-29 00:59:59.998Z' + (n % 11) * interval '1 ms',
    CASE WHEN n % 3 > 0 THEN timestamptz '1999-12-31 23:00:00Z' + (n % 9) * interval '37 min' END,
    (ARRAY['ada', 'bob', NULL])[1 + n / 5 % 3], (ARRAY['x', 'y', NULL, 'w'])[1 + n / 3 % 4], (ARRAY['pat', NULL])[1 + n / 11 % 2]
  FROM generate_series(1, 2000) AS n;
  CREATE INDEX ON library.books (shelf_id, id);
  ANALYZE library.books;`;

export const SORT_KEYS = {
  id: null,
  pages: { column: sql`b.pages`, type: 'integer', nullable: false },
  rating: { column: sql`b.rating`, type: 'integer', nullable: true },
  title: { column: sql`b.title`, type: 'text', nullable: true },
  subtitle: { column: sql`b.subtitle`, type: 'text', nullable: false },
  bought_on: { column: sql`b.bought_on`, type: 'date', nullable: true },
  changed_at: { column: sql`b.changed_at`, type: 'timestamptz', nullable: false },
  lent_at: { column: sql`b.lent_at`, type: 'timestamptz', nullable: true },
} as const satisfies Record<string, Sort['key']>;
export type SortKey = keyof typeof SORT_KEYS;
export const SORTS = Object.keys(SORT_KEYS).flatMap((key) =>
  (['ASC', 'DESC'] as const).map((direction) => ({ key: key as SortKey, direction })),
);

// They overlap, compare columns that may be null, and one is an OR.
const PREDICATES = [sql`b.owner = ${'ada'}`, sql`b.club = ${'x'} OR b.club = ${'y'}`, sql`b.patron = ${'pat'}`];
export const ARM_COUNTS = [1, 2, 3] as const;
const FILTER = sql`b.pages < ${12} OR b.rating IS NULL`;
const FILTER_PARTS = [sql`b.pages < ${12}`, sql`b.pages >= ${12} AND b.rating IS NULL`];

export interface ListOptions {
  sort: { key: SortKey; direction: SortDirection };
  arms: number;
  filtered: boolean;
  /** Reads the parts of the filter side by side. */
  inParts?: boolean;
  sortsMatches?: boolean;
  /** Bounds of the sort key. */
  within?: KeyRange;
}

export function booksQuery({ sort, arms, filtered, inParts, sortsMatches, within }: ListOptions): NestedListQuery {
  const key: Sort['key'] = SORT_KEYS[sort.key];
  return {
    name: `books:${sort.key}:${sort.direction}`,
    columns: sql`b.id AS id, b.shelf_id AS "shelfId"`,
    from: sql`library.books b`,
    id: sql`b.id`,
    parent: sql`b.shelf_id`,
    sort: { direction: sort.direction, key: key && { ...key, range: within } },
    arms: PREDICATES.slice(0, arms),
    filter: filtered ? FILTER : sql`TRUE`,
    ...(inParts && { filterParts: FILTER_PARTS }),
    ...(sortsMatches && { sortsMatches }),
  };
}

export interface Library extends AsyncDisposable {
  /** A request of its own, with the statements it sends. */
  request(): { context: RequestContext; statements: string[] };
  /** Every row of a list in its order, asked in plain SQL. */
  expected(options: ListOptions): Promise<Book[]>;
}

export async function startLibrary(): Promise<Library> {
  const postgres = await startTestPostgres();
  await postgres.query(TABLE);
  const database = await openDatabase({
    url: postgres.adminUrl,
    applicationName: 'library',
    entities: [],
    maxConnections: 2,
    statementTimeoutMs: 20_000,
  });
  return {
    request() {
      const statements: string[] = [];
      const read = <Row>(statement: Sql) => {
        statements.push(statement.text);
        return database.query<Row>(statement);
      };
      const context = createRequestContext({
        principal: null,
        requestId: 'test',
        traceparent: null,
        deadline: Number.MAX_SAFE_INTEGER,
        clock: systemClock,
        logger: pino({ level: 'silent' }),
        walls: ALL_WALLS,
        writer: noWriter,
        cursors: createCursorCodec(new Uint8Array(32)),
        read,
        count: read,
      });
      return { context, statements };
    },
    async expected({ sort, arms, filtered, within }) {
      const predicates = PREDICATES.slice(0, arms).map((predicate) => sql`(${predicate})`);
      const visible = predicates.reduce((left, right) => sql`${left} OR ${right}`);
      const order = sort.key === 'id' ? '' : `${sort.key} ${sort.direction} NULLS LAST, `;
      return database.query<Book>(sql`SELECT id, shelf_id AS "shelfId" FROM library.books b
        WHERE (${visible}) AND (${filtered ? FILTER : sql`TRUE`}) AND (${isWithin(sort.key, within)}) ORDER BY ${raw(order)}id ${raw(sort.direction)}`);
    },
    async [Symbol.asyncDispose]() {
      await database.stop();
      await postgres[Symbol.asyncDispose]();
    },
  };
}

function isWithin(key: SortKey, { from, to, below }: KeyRange = {}): Sql {
  const column = raw(`b.${key}`);
  const lower = from ? sql`${column} >= ${from}` : sql`TRUE`;
  const upper = to ? sql`${column} < ${to}` : sql`TRUE`;
  return sql`${lower} AND ${upper} AND ${below ? sql`${column} < ${below}` : sql`TRUE`}`;
}

export const nothingVisible = (query: ListQuery): ListQuery => ({ ...query, arms: [] });
