import { buildSchema } from 'graphql';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { apiSdl } from '@tributary/schema';

import { RESULTS as accountMutations } from '../e2e/accounts/mutation-matrix.ts';
import { insertFixture } from '../kit/fixture.ts';
import { startTestGraph } from '../kit/graph.ts';
import type { TestGraph } from '../kit/graph.ts';
import { startTestPostgres } from '../kit/postgres.ts';
import type { TestDatabase } from '../kit/postgres.ts';
import { SUBGRAPHS } from '../kit/test-database.ts';
import type { Caller } from './access-matrix.ts';
import { GATEWAY_CALLERS, subjectOf } from './callers.ts';
import { MUTATION_MATRIX } from './mutation-matrix.ts';
import type { MutationRow } from './mutation-matrix.ts';

// The matrix of changes as clients meet it: every mutation, called by everybody, through the gateway.

let database: TestDatabase;
let graph: TestGraph;
beforeAll(async () => {
  database = await startTestPostgres();
  await insertFixture(database.client);
  graph = await startTestGraph({ database });
});
afterAll(async () => {
  await graph[Symbol.asyncDispose]();
  await database[Symbol.asyncDispose]();
});

const mutationFields = buildSchema(apiSdl(), { assumeValidSDL: true }).getMutationType()!.getFields();

test('every mutation has a row in this matrix or in the one of accounts', () => {
  const rows = [...MUTATION_MATRIX.map(({ mutation }) => mutation), ...Object.keys(accountMutations)];
  expect(rows.sort()).toEqual(Object.keys(mutationFields).sort());
});

describe.each(MUTATION_MATRIX)('$mutation', (row) => {
  test.each(GATEWAY_CALLERS)('tells %s what the matrix says, and changes nothing', async (caller) => {
    const before = await contentOf();
    expect(await call(row, caller)).toEqual(expected(row, caller));
    const after = await contentOf();
    // Whoever has no account leaves no entry: anybody could fill the log.
    const entries = caller === 'anonymous' ? [] : [{ action: row.mutation, allowed: false }];
    // What is refused before a subgraph is asked was not tried there.
    expect(await takeAudit()).toSatisfy((found: unknown[]) =>
      [[], entries].some((each) => JSON.stringify(each) === JSON.stringify(found)),
    );
    expect(after).toEqual(before);
  });
});

async function call({ mutation, input }: MutationRow, caller: Caller): Promise<string> {
  const type = String(mutationFields[mutation]!.args[0]!.type);
  const { data, errors } = await graph.ask({
    query: `mutation ($input: ${type}) { ${mutation}(input: $input) { userErrors { code } } }`,
    variables: { input },
    as: subjectOf(caller),
  });
  if (errors) return errors.map(({ extensions }) => String(extensions?.code)).join();
  const { userErrors } = data![mutation] as { userErrors: { code: string }[] };
  return userErrors.map(({ code }) => code).join();
}

function expected({ allowed, callers, blind = [] }: MutationRow, caller: Caller): string {
  if (caller === 'anonymous') return 'UNAUTHENTICATED';
  if (callers.includes(caller)) return allowed;
  return blind.includes(caller) ? 'NOT_FOUND' : 'FORBIDDEN';
}

/** A hash per table over everything in the subgraphs' schemas but the audit log. */
async function contentOf(): Promise<unknown[]> {
  const tables = await database.query<{ name: string }>(
    `SELECT c.oid::regclass::text AS name FROM pg_class c WHERE c.relkind = 'r' AND c.relname NOT IN ('audit_log', 'migrations')
      AND c.relnamespace = ANY ($1::regnamespace[]) ORDER BY 1`,
    [SUBGRAPHS],
  );
  const hashes = tables.map(
    ({ name }) => `SELECT '${name}' AS name, md5(string_agg(t::text, ',' ORDER BY t::text)) AS hash FROM ${name} t`,
  );
  return database.query(`${hashes.join(' UNION ALL ')} ORDER BY name`);
}

async function takeAudit(): Promise<{ action: string; allowed: boolean }[]> {
  const entries: { action: string; allowed: boolean }[] = [];
  for (const schema of SUBGRAPHS) {
    entries.push(
      ...(await database.query<(typeof entries)[number]>(`SELECT action, allowed FROM ${schema}.audit_log`)),
    );
    await database.query(`ALTER TABLE ${schema}.audit_log DISABLE TRIGGER USER`);
    await database.query(`DELETE FROM ${schema}.audit_log`);
    await database.query(`ALTER TABLE ${schema}.audit_log ENABLE TRIGGER USER`);
  }
  return entries;
}
