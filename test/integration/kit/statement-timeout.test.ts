import sql from 'sql-template-tag';
import { expect, test } from 'vitest';

import { createSubgraph, everyone, SECOND } from '@tributary/kit';
import type { RequestContext } from '@tributary/kit';

import { startTestPostgres } from '../../kit/postgres.ts';
import { subgraphDependencies } from '../../kit/subgraph.ts';

test('a statement that runs too long is ended, and the caller is told that the answer was late', async () => {
  await using database = await startTestPostgres();
  const subgraph = await createSubgraph(
    {
      name: 'slow',
      sdl: 'type Query { nap: Boolean }',
      resolvers: {
        Query: {
          nap: (_root: unknown, _args: unknown, context: RequestContext) => context.db.query(sql`SELECT pg_sleep(20)`),
        },
      },
      permissions: { Query: { nap: everyone } },
      requirements: {},
      entities: [],
      extendContext: (context) => context,
    },
    { ...subgraphDependencies('users', database), statementTimeoutMs: 200 },
  );
  const call = { principal: null, requestId: 'test', deadline: Date.now() + 60_000 };
  const startedAt = performance.now();
  const { data, errors } = await subgraph.execute({ query: '{ nap }' }, call);
  const tookMs = performance.now() - startedAt;
  expect({ data, codes: errors?.map(({ extensions }) => extensions.code) }).toEqual({
    data: { nap: null },
    codes: ['DEADLINE_EXCEEDED'],
  });
  expect(tookMs).toBeLessThan(4 * SECOND); // less than a statement has by default
  await subgraph.stop();
});
