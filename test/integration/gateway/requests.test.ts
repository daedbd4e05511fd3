import { gzipSync } from 'node:zlib';

import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';

import type { LibraryGateway } from './library-gateway.ts';
import { refusedWith, startLimitedLibrary } from './limited-library.ts';

// What arrives over HTTP and is no operation. It is refused before a single fetch.

let library: LibraryGateway;
beforeAll(async () => {
  library = await startLimitedLibrary();
});
afterAll(() => library[Symbol.asyncDispose]());
beforeEach(() => void library.fetches.splice(0));

async function send(
  body: string | Uint8Array,
  headers: Record<string, string> = { 'content-type': 'application/json' },
) {
  const response = await fetch(`${library.url}/graphql`, { method: 'POST', headers, body: body as never });
  return { status: response.status, type: response.headers.get('content-type'), body: await response.json() };
}

describe('a body', () => {
  test('that is too large', async () => {
    const { status, type, body } = await send(JSON.stringify({ query: `{ books { id } } # ${'x'.repeat(64 * 1024)}` }));
    expect([status, type]).toEqual([413, 'application/json; charset=utf-8']);
    expect(body).toEqual(refusedWith('BODY_TOO_LARGE', 'The body of a request may have at most 65536 bytes.'));
  });

  test('that is too large and never says so', async () => {
    const stream = new ReadableStream({
      pull(controller) {
        controller.enqueue(new TextEncoder().encode(' '.repeat(16 * 1024)));
      },
    });
    const response = await fetch(`${library.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: stream,
      duplex: 'half',
    }).catch(() => null); // the server may close before the client has finished sending
    if (response) expect(response.status).toBe(413);
    expect((await library.query('{ __typename }')).status).toBe(200);
  });

  type Broken = [
    title: string,
    status: number,
    code: string,
    body: string | Uint8Array,
    headers?: Record<string, string>,
  ];
  const broken: Broken[] = [
    ['of cut JSON', 400, 'BAD_REQUEST', '{"query": "{ books'],
    ['that is empty', 400, 'BAD_REQUEST', ''],
    ['of plain null', 400, 'BAD_REQUEST', 'null'],
    ['without a query', 400, 'BAD_REQUEST', '{"variables": {}}'],
    ['with a query that is no text', 400, 'BAD_REQUEST', '{"query": {"kind": "Document"}}'],
    ['with several operations', 400, 'BAD_REQUEST', '[{"query": "{ books { id } }"}, {"query": "{ books { id } }"}]'],
    ['with a __proto__ key', 400, 'BAD_REQUEST', '{"query": "{ books { id } }", "variables": {"__proto__": {"a": 1}}}'],
    [
      'of bytes that are no UTF-8',
      400,
      'BAD_REQUEST',
      Uint8Array.from([...Buffer.from('{"query": "{ books { id } } # '), 0xff, ...Buffer.from('"}')]),
    ],
    [
      'in UTF-16',
      415,
      'UNSUPPORTED_MEDIA_TYPE',
      '{"query": "{ books { id } }"}',
      { 'content-type': 'application/json; charset=utf-16' },
    ],
    [
      'that is compressed',
      400,
      'BAD_REQUEST',
      gzipSync('{"query": "{ books { id } }"}'),
      { 'content-type': 'application/json', 'content-encoding': 'gzip' },
    ],
    [
      'of 10,000 nested lists',
      400,
      'BAD_USER_INPUT',
      `{"query": "query ($id: ID!) { book(id: $id) { id } }", "variables": {"id": ${'['.repeat(10_000)}${']'.repeat(10_000)}}}`,
    ],
    [
      'with a persisted query',
      200,
      'PERSISTED_QUERY_NOT_SUPPORTED',
      '{"extensions": {"persistedQuery": {"version": 1, "sha256Hash": "00"}}}',
    ],
    [
      'with an unknown operation name',
      400,
      'OPERATION_RESOLUTION_FAILURE',
      '{"query": "query A { books { id } }", "operationName": "B"}',
    ],
    [
      'with several operations and no name',
      400,
      'OPERATION_RESOLUTION_FAILURE',
      '{"query": "query A { books { id } } query B { books { id } }"}',
    ],
    ['with broken GraphQL', 400, 'GRAPHQL_PARSE_FAILED', '{"query": "{ books"}'],
    ['with an unknown field', 400, 'GRAPHQL_VALIDATION_FAILED', '{"query": "{ bocks { id } }"}'],
  ];
  test.each(broken)('%s: %i %s', async (...[, status, code, body, headers]: Broken) => {
    const answer = await send(body, headers);
    expect([answer.status, answer.type]).toEqual([status, 'application/json; charset=utf-8']);
    expect(answer.body).toEqual(refusedWith(code));
    expect(library.fetches).toEqual([]);
  });
});

describe('a request that a foreign web page could send without asking', () => {
  test.each(['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x', undefined])(
    'by POST with content type %s',
    async (type) => {
      const body = new TextEncoder().encode('{"query": "{ books { id } }"}');
      const { status, body: answer } = await send(body, type === undefined ? {} : { 'content-type': type });
      expect([status, answer]).toEqual([400, refusedWith('BAD_REQUEST')]);
      expect(library.fetches).toEqual([]);
    },
  );

  test('by GET', async () => {
    const response = await fetch(`${library.url}/graphql?query=%7Bbooks%7Bid%7D%7D`);
    expect([response.status, await response.json()]).toEqual([400, refusedWith('BAD_REQUEST')]);
    expect(library.fetches).toEqual([]);
  });
});

describe('GET', () => {
  const get = (query: string, headers = {}) =>
    fetch(`${library.url}/graphql?${new URLSearchParams({ query, operationName: 'B' }).toString()}`, {
      headers: { 'apollo-require-preflight': 'true', ...headers },
    });

  test('runs a query', async () => {
    const response = await get('query B { book(id: "1") { title } }');
    expect(await response.json()).toEqual({ data: { book: { title: 'Emma' } } });
  });

  test('does not run a mutation, whichever operation is picked by name', async () => {
    const response = await get('query A { books { id } } mutation B { rename(id: "1", title: "x") { id } }');
    expect([response.status, response.headers.get('allow')]).toEqual([405, 'POST']);
    expect(await response.json()).toEqual(refusedWith('BAD_REQUEST'));
    expect(library.fetches).toEqual([]);
  });

  test('with a content type of another world is refused', async () => {
    const response = await get('query B { books { id } }', { 'content-type': 'message/rfc822' });
    expect(response.status).toBe(415);
  });
});

test.each(['PUT', 'DELETE', 'PATCH'])('%s is no way to ask', async (method) => {
  const response = await fetch(`${library.url}/graphql`, {
    method,
    headers: { 'content-type': 'application/json' },
    body: '{"query": "{ books { id } }"}',
  });
  expect(response.status).toBe(405);
  expect(await response.json()).toEqual(refusedWith('BAD_REQUEST'));
});
