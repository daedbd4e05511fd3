import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';

import { createSubgraph, everyone, VALUE_TYPE } from '@tributary/kit';
import type { Subgraph } from '@tributary/kit';

import { startTestPostgres } from '../../kit/postgres.ts';
import type { TestDatabase } from '../../kit/postgres.ts';
import { subgraphDependencies } from '../../kit/subgraph.ts';

// A schema with a cycle: every step of it multiplies the objects by ten.

let database: TestDatabase;
let subgraph: Subgraph;
let made = 0;
beforeEach(() => {
  made = 0;
});
beforeAll(async () => {
  database = await startTestPostgres();
  subgraph = await createSubgraph(
    {
      name: 'cycle',
      sdl: 'type Query { root(at: DateTime): Place } type Place { name: String next: [Place!]! } scalar DateTime',
      resolvers: {
        Query: { root: () => ({ name: 'a place' }) },
        Place: {
          next: () => {
            made += 1;
            return Array.from({ length: 10 }, () => ({ name: 'a place' }));
          },
        },
      },
      permissions: { Query: { root: everyone }, Place: VALUE_TYPE },
      requirements: {},
      entities: [],
      extendContext: (context) => context,
    },
    subgraphDependencies('users', database),
  );
});
afterAll(async () => {
  await subgraph.stop();
  await database[Symbol.asyncDispose]();
});

const cycles = (count: number) => `{ root ${'{ next '.repeat(count)} { name } ${'}'.repeat(count)} }`;
const ask = async (query: string, waitMs = 60_000) => {
  const { data, errors } = await subgraph.execute(
    { query },
    { principal: null, requestId: 'test', deadline: Date.now() + waitMs },
  );
  return { data: data ?? null, errors: errors?.map(({ message, extensions }) => [extensions.code, message]) };
};

test('an operation within the budget is answered whole', async () => {
  const { data, errors } = await ask(cycles(3));
  expect(errors).toBeUndefined();
  expect(JSON.stringify(data).match(/a place/g)).toHaveLength(1_000);
});

test('a cycle that multiplies beyond the budget is ended with one error, and takes no more memory than the budget', async () => {
  expect(await ask(cycles(12))).toEqual({
    data: null,
    errors: [
      [
        'COST_LIMIT',
        'The operation leads to more than 50000 objects. Ask for smaller pages or fewer levels of nested lists.',
      ],
    ],
  });
  expect(made).toBeLessThanOrEqual(50_000);
});

test('work that outlasts the deadline is ended, although nothing ever waits', async () => {
  expect(await ask(cycles(12), 1)).toEqual({
    data: null,
    errors: [['DEADLINE_EXCEEDED', 'The answer was not ready in time.']],
  });
});

test('a literal that a scalar refuses is told as the mistake of the caller', async () => {
  expect(await ask('{ root(at: "garbage") { name } }')).toEqual({
    data: null,
    errors: [['BAD_USER_INPUT', expect.stringContaining('DateTime must be an instant in RFC 3339 form')]],
  });
});
