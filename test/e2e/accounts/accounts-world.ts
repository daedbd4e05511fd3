import { insertFixture, organizations, people } from '../../kit/fixture.ts';
import { startTestGraph } from '../../kit/graph.ts';
import type { Answer, TestGraph } from '../../kit/graph.ts';
import type { TokenSubject } from '../../kit/issuer.ts';
import { startTestPostgres } from '../../kit/postgres.ts';
import type { TestDatabase } from '../../kit/postgres.ts';
import { saveSchema } from '../../kit/restore-schema.ts';
import { RESULTS } from './mutation-matrix.ts';
import type { AccountMutation, Versions } from './mutation-matrix.ts';

// The whole graph on the access world, with what a mutation leaves behind: rows, outbox messages, audit entries.

export interface AuditRow {
  action: string;
  objectType: string | null;
  allowed: boolean;
  details: Readonly<Record<string, unknown>>;
}

export interface AccountsWorld extends AsyncDisposable {
  database: TestDatabase;
  graph: TestGraph;
  /** Runs one mutation, with the payload's errors as code and path. */
  mutate(mutation: AccountMutation, input: object, as: TokenSubject | undefined, selection?: string): Promise<Outcome>;
  versions(): Promise<Versions>;
  /** Everything the subgraph stores, but for the audit log. */
  digest(): Promise<string>;
  /** Types of the events, and the audit entries, written since the last `restore`. */
  traces(): Promise<{ events: string[]; audit: AuditRow[] }>;
  /** Puts back everything that was there at the start. */
  restore(): Promise<void>;
}

export interface Outcome {
  payload: ({ userErrors: UserErrorAnswer[] } & Record<string, unknown>) | null;
  /** Codes of the entries of `errors`. */
  errors: unknown[];
}

export interface UserErrorAnswer {
  __typename: string;
  code: string;
  field: string[] | null;
}

const TABLES = [
  'users',
  'user_roles',
  'addresses',
  'organizations',
  'memberships',
  'api_clients',
  'outbox',
  'idempotency_keys',
];

export async function startAccountsWorld({
  transport,
  workers = false,
}: { transport?: 'http'; workers?: boolean } = {}): Promise<AccountsWorld> {
  const database = await startTestPostgres();
  await insertFixture(database.client);
  const graph = await startTestGraph({ database, workers, ...(transport && { transport }) });
  const restore = await saveSchema(database, 'users');
  return {
    database,
    graph,
    async mutate(mutation, input, as, selection = RESULTS[mutation]) {
      const type = `${mutation[0]!.toUpperCase()}${mutation.slice(1)}Input`;
      const query = `mutation ($input: ${type}!) { payload: ${mutation}(input: $input) { ${selection} userErrors { __typename code field } } }`;
      const { data, errors = [] }: Answer = await graph.ask({ query, variables: { input }, as });
      return {
        payload: (data?.payload ?? null) as Outcome['payload'],
        errors: errors.map(({ extensions }) => extensions?.code),
      };
    },
    async versions() {
      const [row] = await database.query<Versions>(
        `SELECT (SELECT version FROM users.users WHERE id = $1) AS person,
          (SELECT version FROM users.organizations WHERE id = $2) AS organization`,
        [people.viewer, organizations.buying],
      );
      return row!;
    },
    async digest() {
      const parts = TABLES.map(
        (table) => `(SELECT string_agg(t::text, E'\\n' ORDER BY t::text) FROM users.${table} t)`,
      );
      const [row] = await database.query<{ digest: string }>(
        `SELECT md5(concat_ws('|', ${parts.join(', ')})) AS digest`,
      );
      return row!.digest;
    },
    async traces() {
      const events = await database.query<{ type: string }>('SELECT type FROM users.outbox ORDER BY position');
      const audit = await database.query<AuditRow>(
        'SELECT action, object_type AS "objectType", allowed, details FROM users.audit_log ORDER BY id',
      );
      return { events: events.map(({ type }) => type), audit };
    },
    restore,
    async [Symbol.asyncDispose]() {
      await graph[Symbol.asyncDispose]();
      await database[Symbol.asyncDispose]();
    },
  };
}
