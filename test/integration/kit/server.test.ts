import { generateKeyPairSync } from 'node:crypto';
import { Agent, request } from 'node:http';
import { connect } from 'node:net';
import type { Socket } from 'node:net';

import { auditServer } from 'graphql-http';
import type { JWK } from 'jose';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';

import {
  createInternalTokenSigner,
  createInternalTokenVerifier,
  SECOND,
  startSubgraphServer,
  systemClock,
} from '@tributary/kit';
import type { InternalTokenSigner, InternalTokenVerifier, Principal, SubgraphServer } from '@tributary/kit';

import { bookId, startLibrary, support } from './library.ts';
import type { Library } from './library.ts';

const { publicKey, privateKey } = generateKeyPairSync('ed25519');
const privateJwk = privateKey.export({ format: 'jwk' }) as JWK;

let library: Library;
let signer: InternalTokenSigner;
let verifier: InternalTokenVerifier;
beforeAll(async () => {
  library = await startLibrary();
  signer = await createInternalTokenSigner(privateJwk, systemClock);
  verifier = await createInternalTokenVerifier(publicKey.export({ format: 'jwk' }), 'library', systemClock);
});
afterAll(async () => {
  await library[Symbol.asyncDispose]();
});

const start = (options: Partial<Parameters<typeof startSubgraphServer>[0]> = {}) =>
  startSubgraphServer({
    subgraph: library.subgraph,
    host: '127.0.0.1',
    port: 0,
    clock: systemClock,
    logger: { error: () => undefined } as never,
    tokens: verifier,
    ...options,
  });

let server: SubgraphServer;
beforeEach(async () => {
  server = await start();
});
afterEach(async () => {
  await server.stop();
});

interface Answer {
  status: number;
  body: unknown;
}
async function send(path: string, init: RequestInit = {}): Promise<Answer> {
  const answer = await fetch(`${server.url}${path}`, init);
  const text = await answer.text();
  return { status: answer.status, body: text === '' ? null : (JSON.parse(text) as unknown) };
}
const bearer = async (principal: Principal | null = null, subgraph = 'library') => ({
  authorization: `Bearer ${await signer.sign(principal, subgraph)}`,
});
async function post(body: unknown, headers: Record<string, string> = {}): Promise<Answer> {
  return send('/graphql', {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...(await bearer()), ...headers },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
}
const refusal = (status: number, code: string, message: string): Answer => ({
  status,
  body: { errors: [{ message, extensions: { code } }] },
});

const unauthenticated = refusal(401, 'UNAUTHENTICATED', 'Only the gateway may call this subgraph.');
const unusable = (status: number) => refusal(status, 'BAD_REQUEST', 'The request is not usable.');

describe('without the gateway', () => {
  test('health is answered', async () => {
    expect(await send('/livez')).toEqual({ status: 200, body: { status: 'alive' } });
    expect(await send('/readyz')).toEqual({ status: 200, body: { status: 'ready' } });
  });

  test.each(['{ motto }', '{ _service { sdl } }', '{ __typename }', 'no GraphQL', ''])(
    'the operation %j is refused',
    async (query) => {
      expect(await post({ query }, { authorization: '' })).toEqual(unauthenticated);
    },
  );

  test.each([
    ['GET', '/graphql'],
    ['PUT', '/graphql'],
    ['DELETE', '/graphql'],
    ['GET', '/'],
    ['POST', '/graphql/'],
    ['GET', '/livez/..'],
    ['POST', '/anything?access_token=x'],
    ['OPTIONS', '/graphql'],
  ])('%s %s is refused and does not tell what there is', async (method, path) => {
    expect(await send(path, { method })).toEqual(unauthenticated);
  });

  test('a large body is refused before it is read', async () => {
    expect(await post('x'.repeat(5 * 1024 * 1024), { authorization: '' })).toEqual(unauthenticated);
  });

  const headers: [string, () => Promise<string>][] = [
    ['a token for another subgraph', async () => (await bearer(support, 'billing')).authorization],
    ['a token of an hour ago', async () => `Bearer ${await signedAnHourAgo()}`],
    ['a cut token', async () => (await bearer(support)).authorization.slice(0, -2)],
    ['the token twice', async () => `${(await bearer()).authorization}, ${(await bearer()).authorization}`],
    ['another scheme', async () => (await bearer()).authorization.replace('Bearer', 'Basic')],
    ['no scheme', async () => (await bearer()).authorization.replace('Bearer ', '')],
    ['words', async () => 'Bearer let me in'],
  ];
  test.each(headers)('%s is refused', async (_name, authorization) => {
    expect(await post({ query: '{ motto }' }, { authorization: await authorization() })).toEqual(unauthenticated);
  });

  test('a token in the address does not count', async () => {
    const token = (await bearer()).authorization.slice('Bearer '.length);
    expect(await send(`/graphql?access_token=${token}`, { method: 'POST' })).toEqual(unauthenticated);
  });

  const signedAnHourAgo = async () => {
    const clock = { now: () => new Date(Date.now() - 3_600 * SECOND) };
    return (await createInternalTokenSigner(privateJwk, clock)).sign(support, 'library');
  };
});

describe('for the gateway', () => {
  test('an operation runs as the principal of the token', async () => {
    const query = 'query ($id: ID!) { book(id: $id) { title priceMinor secretNote } staffMotto }';
    expect(await post({ query, variables: { id: bookId(1) } }, await bearer(support))).toEqual({
      status: 200,
      body: {
        data: {
          book: { title: 'Book 1', priceMinor: '9007199254740994', secretNote: 'note 1' },
          staffMotto: 'dust',
        },
      },
    });
    const { body } = await post({ query: '{ staffMotto }' }, await bearer(null));
    expect(body).toMatchObject({ data: { staffMotto: null }, errors: [{ extensions: { code: 'UNAUTHENTICATED' } }] });
  });

  test('nothing else in the request says who calls', async () => {
    const forged = {
      'x-user-id': support.type === 'user' ? support.userId : '',
      'x-role': 'SUPPORT',
      'x-internal-principal': '{}',
    };
    const { body } = await post({ query: '{ staffMotto }' }, forged);
    expect(body).toMatchObject({ data: { staffMotto: null }, errors: [{ extensions: { code: 'UNAUTHENTICATED' } }] });
  });

  test('the operation name chooses among several', async () => {
    const query = 'query A { motto } query B { afterwards }';
    expect(await post({ query, operationName: 'B' })).toEqual({
      status: 200,
      body: { data: { afterwards: 'at once' } },
    });
  });

  test('the request id is the one the gateway sends, and one is made up where it sends none', async () => {
    library.log.length = 0;
    await post({ query: '{ leak }' }, { 'x-request-id': 'from-the-gateway' });
    await post({ query: '{ leak }' });
    expect(library.log.map((line) => line.requestId)).toEqual([
      'from-the-gateway',
      expect.stringMatching(/^[0-9a-f-]{36}$/),
    ]);
  });

  test.each(['-5', '0', 'soon', '1e9', ''])('a time limit of %j is not taken at its word', async (limit) => {
    const query = `{ book(id: "${bookId(1)}") { title } }`;
    expect(await post({ query }, { 'x-request-timeout-ms': limit })).toEqual({
      status: 200,
      body: { data: { book: { title: 'Book 1' } } },
    });
  });

  test('the deadline is the one the gateway sends', async () => {
    const clock = { now: steppingClock(100) };
    const stepping = await start({
      clock,
      subgraph: { ...library.subgraph, execute: async (_request, call) => ({ data: { deadline: call.deadline } }) },
    });
    const answer = await fetch(`${stepping.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-request-timeout-ms': '250', ...(await bearer()) },
      body: JSON.stringify({ query: '{ motto }' }),
    });
    expect(await answer.json()).toEqual({ data: { deadline: 350 } });
    await stepping.stop();
  });
  const steppingClock = (milliseconds: number) => () => new Date(milliseconds);

  test('a path that does not exist is 404, another method 405', async () => {
    const headers = await bearer();
    expect(await send('/nothing', { headers })).toEqual(refusal(404, 'NOT_FOUND', 'There is nothing here.'));
    for (const method of ['GET', 'PUT', 'PATCH', 'DELETE'])
      expect(await send('/graphql?query={motto}', { method, headers })).toEqual(
        refusal(405, 'BAD_REQUEST', 'Operations are sent with POST.'),
      );
  });

  test.each<[string, string, Answer]>([
    ['no JSON', '{"query"', unusable(400)],
    ['nothing', '', unusable(400)],
    ['a key that would change a prototype', '{"query":"{ motto }","variables":{"__proto__":{"a":1}}}', unusable(400)],
    ['no query', '{}', refusal(400, 'BAD_REQUEST', 'Missing query')],
    ['a list', '[{"query":"{ motto }"}]', refusal(400, 'BAD_REQUEST', 'Missing query')],
    ['a query that is no text', '{"query":5}', refusal(400, 'BAD_REQUEST', 'Invalid query')],
    [
      'variables that are no object',
      '{"query":"{ motto }","variables":[]}',
      refusal(400, 'BAD_REQUEST', 'Invalid variables'),
    ],
    ['more than 4 MiB', JSON.stringify({ query: `# ${'x'.repeat(4 * 1024 * 1024)}` }), unusable(413)],
  ])('a body of %s is refused with a code', async (_name, body, answer) => {
    expect(await post(body)).toEqual(answer);
  });

  test.each(['application/x-www-form-urlencoded', 'multipart/form-data; boundary=x', 'application/xml'])(
    'a body of type %s is not read',
    async (type) => {
      expect(await post('query=%7Bmotto%7D', { 'content-type': type })).toEqual(unusable(415));
    },
  );

  test('a body of 4 MiB is read', async () => {
    const start = '{ motto } #';
    const body = JSON.stringify({ query: start });
    const query = start + 'x'.repeat(4 * 1024 * 1024 - body.length);
    expect(await post({ query })).toEqual({ status: 200, body: { data: { motto: 'read' } } });
  });

  test('10,000 representations fit into one request', async () => {
    const representations = Array.from({ length: 10_000 }, (_, number) => ({
      __typename: 'Book',
      id: bookId(1 + (number % 500)),
    }));
    const query = 'query ($r: [_Any!]!) { _entities(representations: $r) { ... on Book { id } } }';
    const { status, body } = await post({ query, variables: { r: representations } });
    expect(status).toBe(200);
    const { data, errors } = body as { data: { _entities: { id: string }[] }; errors?: unknown };
    expect(errors).toBeUndefined();
    expect(data._entities.map(({ id }) => id)).toEqual(representations.map(({ id }) => id));
  });

  test('GraphQL over HTTP is spoken as its specification says', async () => {
    const headers = await bearer();
    const results = await auditServer({
      url: `${server.url}/graphql`,
      fetchFn: (url: string, init: RequestInit = {}) => {
        const sent = new Headers(init.headers);
        sent.set('authorization', headers.authorization);
        return fetch(url, { ...init, headers: sent });
      },
    });
    expect(results).toHaveLength(61);
    const failed = results.filter((result) => result.status === 'error' || result.status === 'warn');
    expect(failed.map(({ id, name, status }) => `${status} ${id} ${name}`)).toEqual([]);
  });
});

test('a fault outside of GraphQL is masked and logged', async () => {
  const logged: unknown[] = [];
  const failing = { ...library.subgraph, execute: () => Promise.reject(new Error('hunter2')) };
  await server.stop();
  server = await start({
    subgraph: failing,
    logger: { error: (...line: unknown[]) => void logged.push(line) } as never,
  });
  expect(await post({ query: '{ motto }' })).toEqual(
    refusal(500, 'INTERNAL_SERVER_ERROR', 'Something went wrong on our side.'),
  );
  expect(logged).toEqual([[{ err: new Error('hunter2'), url: '/graphql' }, 'a request failed']]);
});

test('with the wall taken down, which only tests do, every caller is anonymous', async () => {
  await server.stop();
  server = await start({ tokens: null });
  expect((await post({ query: '{ motto }' }, { authorization: '' })).body).toEqual({ data: { motto: 'read' } });
  const { body } = await post({ query: '{ staffMotto }' }, await bearer(support));
  expect(body).toMatchObject({ errors: [{ extensions: { code: 'UNAUTHENTICATED' } }] });
});

test('internal routes stand behind the token and learn whom it speaks for', async () => {
  await server.stop();
  server = await start({
    internalRoutes: (routes, principalOf) => routes.get('/internal/me', (each) => ({ principal: principalOf(each) })),
  });
  expect(await send('/internal/me')).toEqual(unauthenticated);
  expect(await send('/internal/me', { headers: await bearer(support) })).toEqual({
    status: 200,
    body: { principal: support },
  });
});

test('a database that is away makes the subgraph not ready, but alive', async () => {
  await server.stop();
  server = await start({ subgraph: { ...library.subgraph, isReady: async () => false } });
  expect(await send('/readyz')).toEqual({ status: 503, body: { status: 'not ready' } });
  expect(await send('/livez')).toEqual({ status: 200, body: { status: 'alive' } });
});

test('a port that is taken fails the start', async () => {
  await expect(start({ port: Number(new URL(server.url).port) })).rejects.toMatchObject({ code: 'EADDRINUSE' });
});

describe('stopping', () => {
  const agent = new Agent({ keepAlive: true });
  afterAll(() => agent.destroy());

  /** Sends an operation on a connection that is kept alive. */
  async function postKeptAlive(
    query: string,
  ): Promise<{ status: number | undefined; body: string; connection: string | undefined }> {
    const headers = { 'content-type': 'application/json', ...(await bearer()) };
    return new Promise((resolve, reject) => {
      const sent = request(`${server.url}/graphql`, { method: 'POST', agent, headers }, (answer) => {
        let body = '';
        answer.on('data', (chunk: Buffer) => (body += chunk.toString()));
        answer.on('end', () => resolve({ status: answer.statusCode, body, connection: answer.headers.connection }));
      });
      sent.on('error', reject);
      sent.end(JSON.stringify({ query }));
    });
  }
  /** A connection on which somebody has written only a part of a request. */
  async function openSocket(text: string): Promise<Socket> {
    const { hostname, port } = new URL(server.url);
    const socket = connect(Number(port), hostname);
    socket.on('error', () => undefined);
    await new Promise<void>((resolve) => socket.once('connect', resolve));
    if (text) await new Promise((resolve) => socket.write(text, resolve));
    return socket;
  }
  const slow = '{ books(first: 1, slowly: true) { totalCount } }'; // takes the second that a count may take
  const pause = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));
  /** Milliseconds until the server has stopped. */
  const timeToStop = async () => {
    const started = performance.now();
    await server.stop();
    return performance.now() - started;
  };

  test('answers what is in flight, takes nothing new, and does not wait for kept-alive connections', async () => {
    await postKeptAlive('{ motto }');
    const answers = Promise.all([postKeptAlive(slow), postKeptAlive(slow)]);
    await pause(300);
    const stopping = timeToStop();
    await expect(fetch(`${server.url}/livez`)).rejects.toThrow();
    expect(await answers).toEqual(
      [1, 2].map(() => ({ status: 200, body: '{"data":{"books":{"totalCount":null}}}', connection: 'close' })),
    );
    expect(await stopping).toBeLessThan(5 * SECOND);
  });

  test.each([
    ['is silent', ''],
    ['has sent half of its headers', 'POST /graphql HTTP/1.1\r\nhost: x\r\n'],
    ['has been answered', 'GET /livez HTTP/1.1\r\nhost: x\r\n\r\n'],
  ])('does not wait for a connection that %s', async (_name, text) => {
    const socket = await openSocket(text);
    const closed = new Promise((resolve) => socket.once('close', resolve));
    socket.resume();
    await pause(100);
    expect(await timeToStop()).toBeLessThan(5 * SECOND);
    await closed;
  });

  test('shares one promise among all calls and leaves the subgraph running', async () => {
    const stopping = server.stop();
    expect(server.stop()).toBe(stopping);
    await stopping;
    expect(await library.subgraph.isReady()).toBe(true);
  });
});
