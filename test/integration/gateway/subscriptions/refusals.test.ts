import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { connect, MULTIPART, post, SSE } from './clients.ts';
import { startNews } from './news-gateway.ts';
import type { NewsGateway } from './news-gateway.ts';

// What is wrong with an operation is refused by the same rules, whatever protocol it comes by, before a single fetch.

let news: NewsGateway;
beforeAll(async () => {
  news = await startNews({
    config: { limits: { tokens: 60, depth: 3, selections: 30, costAnonymous: 50, bodyBytes: 2_000 } },
  });
});
afterAll(() => news[Symbol.asyncDispose]());

const watch = 'subscription Watch($id: ID!) { bookChanged(id: $id) { title } }';
const alias = (name: string) => `subscription { bookChanged(id: 1) { ${name}: title } }`;

const refused: readonly (readonly [what: string, code: string, operation: Record<string, unknown>])[] = [
  ['no GraphQL', 'GRAPHQL_PARSE_FAILED', { query: 'subscription {' }],
  ['a field that is not there', 'GRAPHQL_VALIDATION_FAILED', { query: 'subscription { nothing }' }],
  [
    'two root fields',
    'GRAPHQL_VALIDATION_FAILED',
    { query: 'subscription { a: bookChanged(id: 1) { id } ownBookChanged { id } }' },
  ],
  ['a name that picks no operation', 'OPERATION_RESOLUTION_FAILURE', { query: watch, operationName: 'Other' }],
  ['variables that do not fit', 'BAD_USER_INPUT', { query: watch, variables: {} }],
  ['too many tokens', 'TOKEN_LIMIT_EXCEEDED', { query: `subscription { bookChanged(id: 1) { ${'id '.repeat(60)} } }` }],
  [
    'too many selections',
    'SELECTION_LIMIT_EXCEEDED',
    { query: `subscription { bookChanged(id: 1) { ${'id '.repeat(31)} } }` },
  ],
  ['a reserved name', 'RESERVED_NAME', { query: alias('constructor') }],
  ['too high a cost', 'COST_LIMIT', { query: 'subscription { catalog(size: 100) { id } }' }],
  [
    'a hash in place of a query',
    'PERSISTED_QUERY_NOT_SUPPORTED',
    { extensions: { persistedQuery: { version: 1, sha256Hash: 'a' } } },
  ],
];

describe.each(refused)('%s is refused as %s', (_what, code, operation) => {
  const errors = [expect.objectContaining({ extensions: { code } })] as unknown[];

  test('in an event stream', async () => {
    const answer = await post(news.endpoint, operation, { accept: SSE });
    expect(answer.status).toBe(200);
    expect(await answer.rest()).toEqual([{ event: 'next', data: { errors } }, { event: 'complete' }]);
    expect(news.fetches).toEqual([]);
  });

  test('in a multipart answer', async () => {
    const answer = await post(news.endpoint, operation, { accept: MULTIPART });
    expect(await answer.rest()).toEqual([{ payload: { errors } }]);
  });

  test('as JSON with its status, where the client takes that as well', async () => {
    const answer = await post(news.endpoint, operation, { accept: `${MULTIPART},application/json` });
    expect(answer.status).toBe(code === 'PERSISTED_QUERY_NOT_SUPPORTED' ? 200 : 400);
    expect(JSON.parse(await answer.text())).toEqual({ errors });
  });

  test('over a WebSocket', async () => {
    await using client = await connect(news.endpoint);
    client.send({ id: 'a', type: 'subscribe', payload: { query: '', ...operation } });
    expect(await client.next()).toEqual({ id: 'a', type: 'error', payload: errors });
    expect(news.fetches).toEqual([]);
  });
});

test.each([
  ['nothing but a name', '"subscription"'],
  ['a list of operations', '[{"query":"subscription { bookChanged(id: 1) { id } }"}]'],
  ['no JSON', '{"query"'],
])('%s in place of an operation is refused before it is looked at', async (_what, body) => {
  const answer = await post(news.endpoint, body, { accept: SSE });
  expect(answer.status).toBe(400);
  expect(JSON.parse(await answer.text())).toMatchObject({ errors: [{ extensions: { code: 'BAD_REQUEST' } }] });
});

test('a request that another site could have forged is refused', async () => {
  const answer = await post(
    news.endpoint,
    { query: watch },
    { accept: SSE, headers: { 'content-type': 'text/plain' } },
  );
  expect(answer.status).toBe(400);
  expect(JSON.parse(await answer.text())).toMatchObject({ errors: [{ extensions: { code: 'BAD_REQUEST' } }] });
});

test('a subscription that leaves room for one answer only is told how it is served', async () => {
  const answer = await post(news.endpoint, { query: watch, variables: { id: '1' } }, { accept: 'application/json' });
  expect(answer.status).toBe(400);
  expect(JSON.parse(await answer.text())).toEqual({
    errors: [
      {
        message:
          'A subscription is answered as a stream: send it with "accept: text/event-stream" or ' +
          '"accept: multipart/mixed;subscriptionSpec=1.0", or over a WebSocket with the protocol graphql-transport-ws.',
        extensions: { code: 'OPERATION_NOT_SUPPORTED' },
      },
    ],
  });
});

test('an event stream that cannot hold more than one answer is not begun by GET', async () => {
  const response = await fetch(
    `${news.endpoint}?query=${encodeURIComponent('subscription { bookChanged(id: 1) { id } }')}`,
    {
      headers: { accept: SSE, 'apollo-require-preflight': '1' },
    },
  );
  expect(response.status).toBe(405);
});
