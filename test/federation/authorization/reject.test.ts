import { afterAll, beforeAll, expect, test } from 'vitest';

import { startFederation } from '../kit/federated-graph.ts';
import type { FederatedGraph } from '../kit/federated-graph.ts';
import { blog } from './blog.subgraph.ts';
import { people } from './people.subgraph.ts';

let graph: FederatedGraph;
beforeAll(async () => {
  graph = await startFederation({ subgraphs: [blog, people], config: { authorization: { mode: 'reject' } } });
});
afterAll(() => graph[Symbol.asyncDispose]());

const query = `query ($views: Boolean = true) {
  post(id: "p1") { id views @include(if: $views) author { phones { number } } }
  posts { ... on PrivatePost { id } }
}`;

test('one denied field refuses the whole operation, and nothing of it runs', async () => {
  const refused = (code: string, ...path: string[]) =>
    expect.objectContaining({ path, extensions: { code } }) as unknown;
  expect(await graph.send(query)).toEqual({
    status: 401,
    body: {
      errors: [
        refused('UNAUTHENTICATED', 'post', 'views'),
        refused('UNAUTHENTICATED', 'post', 'author', 'phones', 'number'),
        refused('UNAUTHENTICATED', 'posts', 'id'),
      ],
    },
  });
  expect(graph.sent).toEqual([]);
  expect(await graph.send(query, { scopes: [] })).toEqual({
    status: 403,
    body: { errors: [refused('FORBIDDEN', 'posts', 'id')] },
  });
});

test('an operation without a denied field runs', async () => {
  const { status, body } = await graph.send(query, { scopes: ['private'] });
  expect({ status, errors: body.errors }).toEqual({ status: 200, errors: undefined });
});

test('a denied field that a condition leaves out refuses nothing', async () => {
  const conditional = 'query ($views: Boolean!) { post(id: "p1") { id views @include(if: $views) } }';
  expect(await graph.ask(conditional, { variables: { views: false } })).toEqual({ data: { post: { id: 'p1' } } });
  expect((await graph.send(conditional, { variables: { views: true } })).status).toBe(401);
});
