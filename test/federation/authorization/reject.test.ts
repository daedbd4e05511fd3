import { afterAll, beforeAll, expect, test } from 'vitest';

import { startFederation } from '../../kit/federation.ts';
import { blog } from './blog.subgraph.ts';
import { people } from './people.subgraph.ts';

let graph: Awaited<ReturnType<typeof startFederation>>;
beforeAll(async () => {
  graph = await startFederation({ blog, people }, { config: { authorization: { mode: 'reject' } } });
});
afterAll(() => graph[Symbol.asyncDispose]());

const query = `query ($views: Boolean = true) {
  post(id: "p1") { id views @include(if: $views) author { phones { number } } }
  posts { ... on PrivatePost { id } }
}`;

test('one denied field refuses the whole operation, and nothing of it runs', async () => {
  const anyText = expect.any(String) as string;
  const refused = (code: string, ...path: string[]) => ({ message: anyText, path, code });
  expect(await graph.send(query)).toEqual({
    status: 401,
    text: anyText,
    answer: {
      errors: [
        refused('UNAUTHENTICATED', 'post', 'views'),
        refused('UNAUTHENTICATED', 'post', 'author', 'phones', 'number'),
        refused('UNAUTHENTICATED', 'posts', 'id'),
      ],
    },
  });
  expect(graph.fetches).toEqual([]);
  expect(await graph.send(query, { scopes: [] })).toEqual({
    status: 403,
    text: anyText,
    answer: { errors: [refused('FORBIDDEN', 'posts', 'id')] },
  });
});

test('an operation without a denied field runs', async () => {
  const { status, answer } = await graph.send(query, { scopes: ['private'] });
  expect({ status, errors: answer.errors }).toEqual({ status: 200, errors: undefined });
});

test('a denied field that a condition leaves out refuses nothing', async () => {
  const conditional = 'query ($views: Boolean!) { post(id: "p1") { id views @include(if: $views) } }';
  expect(await graph.ask(conditional, { variables: { views: false } })).toEqual({ data: { post: { id: 'p1' } } });
  expect((await graph.send(conditional, { variables: { views: true } })).status).toBe(401);
});
