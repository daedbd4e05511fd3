import pino from 'pino';
import sql, { raw } from 'sql-template-tag';

import {
  badUserInput,
  connection,
  createSubgraph,
  everyone,
  fields,
  hiddenUnless,
  inKeyOrder,
  notFound,
  parseGlobalId,
  required,
  signedIn,
  systemClock,
  toGlobalId,
  VALUE_TYPE,
} from '@tributary/kit';
import type {
  Database,
  ListQuery,
  PageArguments,
  Permissions,
  Principal,
  RequestContext,
  Subgraph,
  SubgraphDefinition,
  SubgraphDependencies,
} from '@tributary/kit';
import DataLoader from 'dataloader';

import { startTestPostgres } from '../../kit/postgres.ts';
import type { TestDatabase } from '../../kit/postgres.ts';

// A subgraph of its own for the tests of the kit: a library with books, among them resolvers that fail in every way.

const SDL = /* GraphQL */ `
  extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key"])

  scalar DateTime
  scalar MinorUnits

  type Query {
    motto: String!
    book(id: ID!): Book
    books(
      first: Int
      after: String
      last: Int
      before: String
      filter: BookFilter
      slowly: Boolean = false
    ): BookConnection!
    staffMotto: String
    leak: String
    leakInList: [String!]
    thrown: String
    refused: String
    nothing: String!
    afterwards: String
  }

  input BookFilter {
    title: String
    boughtSince: DateTime
  }

  type Book @key(fields: "id") {
    id: ID!
    title: String!
    boughtAt: DateTime
    priceMinor: MinorUnits
    secretNote: String
  }

  type BookConnection {
    edges: [BookEdge!]!
    nodes: [Book!]!
    pageInfo: PageInfo!
    totalCount: Int
  }

  type BookEdge {
    cursor: String!
    node: Book!
  }

  type PageInfo {
    hasNextPage: Boolean!
    hasPreviousPage: Boolean!
    startCursor: String
    endCursor: String
  }
`;

export const BOOKS = 500;

const TABLE = `
  CREATE SCHEMA library;
  CREATE TABLE library.books (id uuid PRIMARY KEY, title text NOT NULL, bought_at timestamptz(3), price_minor bigint, note text);
  INSERT INTO library.books SELECT ('01920000-0000-7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid, 'Book ' || n,
    timestamptz '2026-01-01 00:00Z' + n * interval '1 hour', 9007199254740993 + n, 'note ' || n FROM generate_series(1, ${BOOKS}) n;
  ANALYZE library.books;`;

export const bookId = (number: number) =>
  toGlobalId('Product', `01920000-0000-7000-8000-${number.toString(16).padStart(12, '0')}`);

interface Book {
  id: string;
  title: string;
  boughtAt: Date | null;
  priceMinor: bigint | null;
  secretNote: string | null;
}

interface LibraryContext extends RequestContext {
  bookById: DataLoader<string, Book | null>;
}

const columns = sql`id, title, bought_at AS "boughtAt", price_minor AS "priceMinor", note AS "secretNote"`;

function booksQuery(filter: { title?: string; boughtSince?: Date } | undefined, slowly: boolean): ListQuery {
  return {
    name: 'books:ID:ASC',
    columns,
    from: sql`library.books b`,
    id: sql`b.id`,
    sort: { direction: 'ASC', key: null },
    arms: [sql`TRUE`],
    // A page reads the few rows it shows, a count all of them: 20 ms for each.
    filter: sql`(${filter?.title ?? null}::text IS NULL OR title = ${filter?.title ?? null})
      AND (${filter?.boughtSince ?? null}::timestamptz IS NULL OR bought_at >= ${filter?.boughtSince ?? null})
      ${raw(slowly ? 'AND pg_sleep(0.02) IS NOT NULL' : '')}`,
  };
}

interface BooksArguments extends PageArguments {
  filter?: { title?: string; boughtSince?: Date };
  slowly: boolean;
}

const toss = (anything: unknown): never => {
  throw anything;
};

const resolvers: SubgraphDefinition<LibraryContext>['resolvers'] = {
  Query: {
    motto: () => 'read',
    staffMotto: () => 'dust',
    book: (_: unknown, { id }: { id: string }, context: LibraryContext) =>
      context.bookById.load(parseGlobalId('Product', id)),
    books: (_: unknown, { filter, slowly, ...page }: BooksArguments, context: LibraryContext) =>
      connection<Book>(context, booksQuery(filter, slowly), page),
    leak: (_: unknown, _args: unknown, context: LibraryContext) =>
      context.db.query(sql`SELECT secret FROM library.vault WHERE owner = ${'hunter2'}`),
    leakInList: () => [Promise.reject(new Error('connect ECONNREFUSED 10.0.0.7:5432')), 'fine'],
    thrown: () => toss({ password: 'hunter2' }),
    refused: () => toss(badUserInput('Not like this.')),
    nothing: () => null,
    afterwards: (_: unknown, _args: unknown, context: LibraryContext) => {
      context.afterExecution(() => context.logger.info('afterwards'));
      return 'at once';
    },
  },
  Book: {
    id: (book: Book) => toGlobalId('Product', book.id),
    async __resolveReference({ id }: { id: string }, context: LibraryContext) {
      return (await context.bookById.load(parseGlobalId('Product', id))) ?? Promise.reject(notFound());
    },
  },
};

const permissions: Permissions = {
  Query: {
    ...fields(everyone, ['motto', 'book', 'books', 'leak', 'leakInList', 'thrown', 'refused', 'nothing', 'afterwards']),
    staffMotto: required('staff', (context) => context.principal?.roles.includes('SUPPORT') ?? false),
  },
  Book: {
    ...fields(everyone, ['id', 'title', 'boughtAt']),
    priceMinor: signedIn,
    secretNote: hiddenUnless('staff', (context) => context.principal?.roles.includes('SUPPORT') ?? false),
  },
  BookConnection: VALUE_TYPE,
  BookEdge: VALUE_TYPE,
  PageInfo: VALUE_TYPE,
};

export const libraryDefinition: SubgraphDefinition<LibraryContext> = {
  name: 'library',
  sdl: SDL,
  resolvers,
  permissions,
  requirements: { 'Book.priceMinor': { authenticated: true, scopes: [['books:price']] } },
  entities: [],
  extendContext: (context) => ({
    ...context,
    bookById: new DataLoader(async (ids: readonly string[]) =>
      inKeyOrder(
        ids,
        await context.db.query<Book>(sql`SELECT ${columns} FROM library.books WHERE id = ANY(${ids}::uuid[])`),
        (book) => book.id,
      ),
    ),
  }),
};

export const support: Principal = {
  type: 'user',
  userId: '01919191-9191-7919-8919-191919191919',
  roles: ['SUPPORT'],
  scopes: ['books:price'],
  memberships: [],
  authTime: null,
  amr: [],
};
export const reader: Principal = { ...support, roles: ['CUSTOMER'], scopes: [] };

export interface Library extends AsyncDisposable {
  postgres: TestDatabase;
  subgraph: Subgraph & { readonly database: Database };
  /** Every log line, parsed. */
  log: Record<string, unknown>[];
  /** Every statement sent. */
  statements: string[];
  /** Runs one operation and returns what goes over the wire. */
  ask(
    query: string,
    variables?: Record<string, unknown>,
    call?: { principal?: Principal | null; deadline?: number },
  ): Promise<unknown>;
}

export async function startLibrary(dependencies: Partial<SubgraphDependencies> = {}): Promise<Library> {
  const postgres = await startTestPostgres();
  await postgres.query(TABLE);
  const log: Library['log'] = [];
  const statements: string[] = [];
  const subgraph = await createSubgraph(libraryDefinition, {
    databaseUrl: postgres.adminUrl,
    cursorKey: new Uint8Array(32),
    logger: pino({ base: null }, { write: (line) => void log.push(JSON.parse(line) as Record<string, unknown>) }),
    clock: systemClock,
    onStatement: (text) => void statements.push(text),
    ...dependencies,
  });
  return {
    postgres,
    subgraph,
    log,
    statements,
    async ask(query, variables = {}, { principal = null, deadline = Date.now() + 30_000 } = {}) {
      statements.length = 0;
      log.length = 0;
      const result = await subgraph.execute({ query, variables }, { principal, requestId: 'request-1', deadline });
      return JSON.parse(JSON.stringify(result)) as unknown;
    },
    async [Symbol.asyncDispose]() {
      await subgraph.stop();
      await postgres[Symbol.asyncDispose]();
    },
  };
}
