import { buildSchema } from 'graphql';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import type { Principal, Subgraph } from '@tributary/kit';
import { apiSdl } from '@tributary/schema';
import { createUsersSubgraph } from '@tributary/users';

import { insertFixture } from '../kit/fixture.ts';
import { startTestPostgres } from '../kit/postgres.ts';
import type { TestDatabase } from '../kit/postgres.ts';
import { startTestSubgraph, subgraphDependencies } from '../kit/subgraph.ts';
import { tryToSubscribe } from '../kit/subscriber.ts';
import { CALLERS } from './access-matrix.ts';
import type { Caller } from './access-matrix.ts';
import { resolveCallers } from './directory.ts';
import { SUBSCRIPTION_MATRIX } from './subscription-matrix.ts';
import type { SubscriptionRow } from './subscription-matrix.ts';

// The matrix of live changes: every subscription, started by everybody, at the subgraph that serves it.

let database: TestDatabase;
let callers: ReadonlyMap<Caller, Principal | null>;
const subgraphs = new Map<string, Subgraph>();
beforeAll(async () => {
  database = await startTestPostgres();
  await insertFixture(database.client);
  const users = await createUsersSubgraph(subgraphDependencies('users', database));
  callers = await resolveCallers(users.findPrincipal);
  await users.stop();
  for (const name of ['orders', 'billing'] as const) subgraphs.set(name, await startTestSubgraph(name, database));
});
afterAll(async () => {
  for (const subgraph of subgraphs.values()) await subgraph.stop();
  await database[Symbol.asyncDispose]();
});

test('every subscription, with each of its arguments, has a row in the matrix', () => {
  const fields = buildSchema(apiSdl(), { assumeValidSDL: true }).getSubscriptionType()!.getFields();
  const known = Object.values(fields).flatMap(({ name, args }) => args.map((argument) => `${name} ${argument.name}`));
  expect(SUBSCRIPTION_MATRIX.map(({ field, of }) => `${field} ${of.split(':')[0]}`).sort()).toEqual(known.sort());
});

describe.each(SUBSCRIPTION_MATRIX)('$field($of)', (row) => {
  test.each(CALLERS)('tells %s what the matrix says', async (caller) => {
    const query = `subscription { ${row.field}(${row.of}) { type } }`;
    expect(await tryToSubscribe(subgraphs.get(row.subgraph)!, callers.get(caller)!, query)).toBe(expected(row, caller));
  });
});

function expected({ callers: allowed, blind }: SubscriptionRow, caller: Caller): string {
  if (caller === 'anonymous') return 'UNAUTHENTICATED';
  if (allowed.includes(caller)) return 'started';
  return blind.includes(caller) ? 'NOT_FOUND' : 'FORBIDDEN';
}
