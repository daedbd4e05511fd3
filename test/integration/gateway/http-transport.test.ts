import { gzipSync } from 'node:zlib';

import { describe, expect, test } from 'vitest';

import { sendJson, startPeer } from './peer.ts';
import type { Peer } from './peer.ts';
import { startLibrary } from './library-gateway.ts';

const query = '{ book(id: "1") { title rating reviews { text } } }';
// What `reviews` would answer if it were well: nothing but the fault makes it unusable.
const goodText = '{"data":{"_entities":[{"rating":1,"reviews":[]}]}}';
const json = { 'content-type': 'application/json' };

// Whatever goes wrong with a subgraph's server: the healthy part of the answer stays, and the error has a code and a path.
const faults: readonly (readonly [string, string, NonNullable<Peer['fault']>])[] = [
  ['is gone', 'SUBGRAPH_UNAVAILABLE', (request) => request.socket.destroy()],
  [
    'answers HTTP 500',
    'SUBGRAPH_UNAVAILABLE',
    (_, response) => sendJson(response, { data: null, errors: [{ message: 'pg: password hunter2' }] }, 500),
  ],
  [
    'refuses our token',
    'SUBGRAPH_UNAVAILABLE',
    (_, response) => sendJson(response, { errors: [{ message: 'no' }] }, 401),
  ],
  ['cannot be found', 'SUBGRAPH_UNAVAILABLE', (_, response) => sendJson(response, {}, 404)],
  [
    'cuts its answer',
    'SUBGRAPH_UNAVAILABLE',
    (_, response) => {
      response.writeHead(200, { ...json, 'content-length': '100' }).write('{"data":');
      setImmediate(() => response.destroy());
    },
  ],
  ['never answers', 'SUBGRAPH_TIMEOUT', () => undefined],
  ['stops in the middle', 'SUBGRAPH_TIMEOUT', (_, response) => void response.writeHead(200, json).write('{"data":')],
  [
    'drips',
    'SUBGRAPH_TIMEOUT',
    (_, response) => {
      response.writeHead(200, json);
      const timer = setInterval(() => response.write(' '), 20);
      response.on('close', () => clearInterval(timer));
    },
  ],
  [
    'redirects',
    'SUBGRAPH_MALFORMED_RESPONSE',
    (_, response) => response.writeHead(307, { location: 'http://127.0.0.1:1/' }).end(),
  ],
  [
    'sends a page of HTML',
    'SUBGRAPH_MALFORMED_RESPONSE',
    (_, response) => response.writeHead(200, { 'content-type': 'text/html' }).end('<h1>hunter2</h1>'),
  ],
  [
    'calls its JSON text',
    'SUBGRAPH_MALFORMED_RESPONSE',
    (_, response) => response.writeHead(200, { 'content-type': 'text/plain' }).end(goodText),
  ],
  ['sends broken JSON', 'SUBGRAPH_MALFORMED_RESPONSE', (_, response) => response.writeHead(200, json).end('{"data":{')],
  ['sends an array', 'SUBGRAPH_MALFORMED_RESPONSE', (_, response) => sendJson(response, [])],
  ['sends null', 'SUBGRAPH_MALFORMED_RESPONSE', (_, response) => sendJson(response, null)],
  ['sends neither data nor errors', 'SUBGRAPH_MALFORMED_RESPONSE', (_, response) => sendJson(response, { data: null })],
  ['sends data that is a list', 'SUBGRAPH_MALFORMED_RESPONSE', (_, response) => sendJson(response, { data: [1] })],
  [
    'sends errors that are no list',
    'SUBGRAPH_MALFORMED_RESPONSE',
    (_, response) => sendJson(response, { errors: 'hunter2' }),
  ],
  ['sends no entities', 'SUBGRAPH_MALFORMED_RESPONSE', (_, response) => sendJson(response, { data: {} })],
  [
    'sends too few entities',
    'SUBGRAPH_MALFORMED_RESPONSE',
    (_, response) => sendJson(response, { data: { _entities: [] } }),
  ],
  [
    'sends entities that are no objects',
    'SUBGRAPH_MALFORMED_RESPONSE',
    (_, response) => sendJson(response, { data: { _entities: ['hunter2'] } }),
  ],
  [
    'compresses',
    'SUBGRAPH_MALFORMED_RESPONSE',
    (_, response) => response.writeHead(200, { ...json, 'content-encoding': 'gzip' }).end(gzipSync(goodText)),
  ],
  [
    'says that it compresses',
    'SUBGRAPH_MALFORMED_RESPONSE',
    (_, response) => response.writeHead(200, { ...json, 'content-encoding': 'gzip' }).end(goodText),
  ],
  [
    'sends 11 MiB',
    'SUBGRAPH_MALFORMED_RESPONSE',
    (_, response) => {
      response.writeHead(200, json);
      for (let sent = 0; sent < 11; sent += 1) response.write(' '.repeat(1024 * 1024));
      response.end(goodText);
    },
  ],
  [
    'sends an error without a code',
    'INTERNAL_SERVER_ERROR',
    (_, response) => sendJson(response, { errors: [{ message: 'hunter2' }] }),
  ],
  [
    'finds our fetch invalid',
    'INTERNAL_SERVER_ERROR',
    (_, response) =>
      sendJson(
        response,
        { errors: [{ message: 'Cannot query field "hunter2"', extensions: { code: 'GRAPHQL_VALIDATION_FAILED' } }] },
        400,
      ),
  ],
];

describe('a subgraph server that', () => {
  test.each(faults)('%s costs its fields: %s', async (_title, code, fault) => {
    await using library = await startLibrary({
      transport: 'http',
      // Short only where waiting is the point: a busy machine may take its time over an answer.
      timeoutMs: code === 'SUBGRAPH_TIMEOUT' ? { reviews: 300 } : {},
    });
    library.peers.reviews.fault = fault;
    const { status, body } = await library.query(query);
    expect(status).toBe(200);
    expect(body.data).toEqual({ book: { title: 'Emma', rating: null, reviews: null } });
    expect(body.errors?.map(({ path, extensions }) => [path, extensions.code])).toEqual([
      [['book', 'rating'], code],
      [['book', 'reviews'], code],
    ]);
    expect(JSON.stringify(body)).not.toMatch(/hunter2|127\.0\.0\.1|:\d{4,5}|stack|serviceName/);

    if (code === 'SUBGRAPH_TIMEOUT') return;
    library.peers.reviews.fault = null;
    expect((await library.query(query)).body.errors).toBeUndefined(); // and is used again once it is well
  });
});

test('a redirect is not followed, so no token reaches another server', async () => {
  await using library = await startLibrary({ transport: 'http' });
  await using elsewhere = await startPeer((_, response) => sendJson(response, { data: { book: { title: 'Evil' } } }));
  library.peers.books.fault = (_, response) => response.writeHead(308, { location: `${elsewhere.url}/graphql` }).end();
  expect((await library.query(query)).body.data).toEqual({ book: null });
  expect(elsewhere.received).toEqual([]);
});

const TRACEPARENT = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01';

test('a subgraph gets an internal token, request id, trace and the time left, and no other header of the client', async () => {
  await using library = await startLibrary({ transport: 'http' });
  await library.query(query, {
    headers: {
      'x-request-id': 'req-1',
      traceparent: TRACEPARENT,
      cookie: 'session=1',
      'x-user-id': '7',
      'x-internal-principal': 'admin',
    },
  });
  const [request] = library.peers.books.received;
  const { host, authorization, 'content-length': _, 'x-request-timeout-ms': timeoutMs, ...headers } = request!.headers;
  expect(headers).toEqual({
    accept: 'application/graphql-response+json, application/json',
    connection: 'keep-alive',
    'content-type': 'application/json',
    'x-request-id': 'req-1',
    traceparent: TRACEPARENT,
  });
  expect(authorization).toMatch(/^Bearer [\w-]+\.[\w-]+\.[\w-]+$/);
  expect(Number(timeoutMs)).toBeGreaterThan(9_000);
  expect(Number(timeoutMs)).toBeLessThanOrEqual(10_000);
  expect(library.peers.books.url).toContain(host);
});

test.each([undefined, 'nonsense', TRACEPARENT.toUpperCase(), `00-${'0'.repeat(32)}-00f067aa0ba902b7-01`])(
  'a trace begins here when the client brings none that is well formed: %s',
  async (brought) => {
    await using library = await startLibrary({ transport: 'http' });
    await library.query(query, { headers: brought === undefined ? {} : { traceparent: brought } });
    const begun = library.peers.books.received[0]!.headers.traceparent;
    expect(begun).toMatch(/^00-[0-9a-f]{32}-[0-9a-f]{16}-00$/);
    expect(begun).not.toBe(brought);
  },
);

test('queries of one principal share an internal token, each mutation has its own', async () => {
  await using library = await startLibrary({ transport: 'http' });
  const rename = 'mutation { rename(id: "1", title: "x") { id } }';
  for (const each of ['{ books { id } }', '{ books { title } }', rename, rename]) await library.query(each);
  const tokens = library.peers.books.received.map(({ headers }) => headers.authorization);
  expect(tokens[0]).toBe(tokens[1]);
  expect(new Set(tokens).size).toBe(3);
});

test('a fetch that would come too late is not sent', async () => {
  let aheadMs = 0;
  const clock = { now: () => new Date(Date.now() + aheadMs) };
  await using library = await startLibrary({ transport: 'http', deps: { clock } });
  library.peers.books.fault = (_, response) => {
    aheadMs = 60_000; // a minute passes before the first fetch is answered
    sendJson(response, { data: { book: { __typename: 'Book', id: '1', title: 'Emma' } } });
  };
  const { body } = await library.query(query);
  expect(body.errors?.map(({ extensions }) => extensions.code)).toContain('SUBGRAPH_TIMEOUT');
  expect(library.peers.books.received).toHaveLength(1);
  expect(library.peers.reviews.received).toEqual([]);
});
