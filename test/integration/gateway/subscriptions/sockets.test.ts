import { once } from 'node:events';
import { connect as connectTcp } from 'node:net';

import { createClient } from 'graphql-ws';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';

import { startIssuer } from '../issuer.ts';
import type { Issuer } from '../issuer.ts';
import { connect } from './clients.ts';
import { startNews } from './news-gateway.ts';
import type { NewsGateway } from './news-gateway.ts';

// Connections over WebSocket: who may open one, and what it may ask for.

let issuer: Issuer;
let news: NewsGateway;
beforeAll(async () => {
  issuer = await startIssuer('ES256');
  news = await startNews({
    config: {
      issuers: [issuer],
      corsOrigins: ['https://shop.example.com'],
      limits: { bodyBytes: 2_000 },
      streams: { operationsPerConnection: 3, initTimeoutMs: 3_000 },
    },
    findPrincipal: async () => ({ type: 'user', userId: 'jane', status: 'ACTIVE', roles: [], memberships: [] }),
  });
});
afterAll(async () => {
  await news[Symbol.asyncDispose]();
  await issuer[Symbol.asyncDispose]();
});

const whoami = { id: '1', type: 'subscribe', payload: { query: '{ whoami }' } };
const watch = (id: string) => ({
  id,
  type: 'subscribe',
  payload: { query: `subscription { ${id}: bookChanged(id: 1) { title } }` },
});

describe('the token of a connection', () => {
  test.each(['authorization', 'Authorization'])('may be in the payload of its beginning, as %s', async (name) => {
    await using client = await connect(news.endpoint, { payload: { [name]: `Bearer ${await issuer.token()}` } });
    client.send(whoami);
    expect(await client.next()).toMatchObject({ payload: { data: { whoami: 'jane' } } });
  });

  test('may be in the header of the handshake', async () => {
    const headers = { authorization: `Bearer ${await issuer.token()}` };
    await using client = await connect(news.endpoint, { headers });
    client.send(whoami);
    expect(await client.next()).toMatchObject({ payload: { data: { whoami: 'jane' } } });
  });

  test('may be missing', async () => {
    await using client = await connect(news.endpoint);
    client.send(whoami);
    expect(await client.next()).toMatchObject({ payload: { data: { whoami: 'nobody' } } });
  });

  test.each([['nonsense'], ['Bearer nonsense'], [17]])('closes the connection when it is %j', async (authorization) => {
    await using client = await connect(news.endpoint, { init: false });
    client.send({ type: 'connection_init', payload: { authorization } });
    expect(await client.closed).toEqual({ code: 4403, reason: 'UNAUTHENTICATED: The access token is not valid.' });
  });
});

describe('a handshake', () => {
  const open = async (headers: Record<string, string>, path = '/graphql') => {
    const socket = new WebSocket(`${news.url.replace('http', 'ws')}${path}`, 'graphql-transport-ws', { headers });
    const outcome = await new Promise<string>((resolve) => {
      socket.on('open', () => resolve('open'));
      socket.on('unexpected-response', (_request, response) => {
        let body = '';
        response.on('data', (chunk) => (body += String(chunk)));
        response.on('end', () => resolve(`${response.statusCode} ${body}`));
      });
    });
    socket.on('error', () => undefined).terminate();
    return outcome;
  };

  test('from a page of a configured origin is accepted', async () => {
    expect(await open({ origin: 'https://shop.example.com' })).toBe('open');
  });

  test('from a page of this very origin is accepted', async () => {
    expect(await open({ origin: news.url })).toBe('open');
  });

  test('from a page of another origin is refused', async () => {
    const refused = {
      message: 'Pages of this origin may not open a WebSocket here.',
      extensions: { code: 'ORIGIN_NOT_ALLOWED' },
    };
    expect(await open({ origin: 'https://evil.example.com' })).toBe(`403 ${JSON.stringify({ errors: [refused] })}`);
  });

  test('at another path finds nothing', async () => {
    expect(await open({}, '/other')).toMatch(/^404 .*ROUTE_NOT_FOUND/);
  });

  test('without the protocol is closed as the protocol says', async () => {
    const socket = new WebSocket(news.endpoint.replace('http', 'ws'));
    const [code] = (await once(socket, 'close')) as [number];
    expect(code).toBe(4406);
  });

  test('that is broken is refused', async () => {
    const { port } = new URL(news.url);
    const socket = connectTcp(Number(port), '127.0.0.1');
    socket.write('GET /graphql HTTP/1.1\r\nhost: a\r\nconnection: upgrade\r\nupgrade: websocket\r\n\r\n');
    const [answer] = (await once(socket, 'data')) as [Buffer];
    expect(answer.toString()).toMatch(/^HTTP\/1\.1 400 /);
    socket.destroy();
  });
});

test('a connection that says nothing is closed', async () => {
  await using client = await connect(news.endpoint, { init: false });
  expect(await client.closed).toMatchObject({ code: 4408 });
});

test('an operation before the beginning closes the connection', async () => {
  await using client = await connect(news.endpoint, { init: false });
  client.send(whoami);
  expect(await client.closed).toMatchObject({ code: 4401 });
});

test.each([
  ['is no JSON', '{'],
  ['is of no type', '{"id":"1"}'],
  [
    'would reach behind an object',
    '{"id":"1","type":"subscribe","payload":{"query":"{ whoami }","variables":{"__proto__":{}}}}',
  ],
])('a message that %s closes the connection', async (_what, text) => {
  await using client = await connect(news.endpoint);
  client.socket.send(text);
  expect(await client.closed).toMatchObject({ code: 4400 });
});

test('a message that is too large closes the connection', async () => {
  await using client = await connect(news.endpoint);
  client.send({ ...whoami, payload: { query: `{ whoami } #${'x'.repeat(2_000)}` } });
  expect(await client.closed).toMatchObject({ code: 1009 });
});

test('an operation too many is refused, and the others go on', async () => {
  await using client = await connect(news.endpoint);
  for (const id of ['a', 'b', 'c', 'd']) client.send(watch(id));
  expect(await client.next()).toEqual({
    id: 'd',
    type: 'error',
    payload: [
      {
        message: 'A connection may run at most 3 operations at a time.',
        extensions: { code: 'OPERATION_LIMIT_EXCEEDED' },
      },
    ],
  });
  await news.hub.reached(3);
  client.send({ id: 'a', type: 'complete' });
  await news.hub.reached(2);
  client.send(watch('e'));
  await news.hub.reached(3);
  news.hub.publish({ id: '1', title: 'Emma' });
  const ids = [await client.next(), await client.next(), await client.next()].map(
    (each) => (each as { id: string }).id,
  );
  expect(ids.sort()).toEqual(['b', 'c', 'e']);
});

test('a connection that is closed ends its subscriptions', async () => {
  const client = await connect(news.endpoint);
  client.send(watch('a'));
  client.send(watch('b'));
  await news.hub.reached(2);
  await client[Symbol.asyncDispose]();
  await news.hub.reached(0);
});

test('the client of the protocol is served', async () => {
  const client = createClient({ url: news.endpoint.replace('http', 'ws'), webSocketImpl: WebSocket, retryAttempts: 0 });
  const results = client.iterate({ query: 'subscription { bookChanged(id: 7) { title rating } }' });
  const first = results.next();
  await news.hub.reached(1);
  news.hub.publish({ id: '7', title: 'Emma' });
  expect(await first).toMatchObject({ value: { data: { bookChanged: { title: 'Emma', rating: 70 } } } });
  news.hub.complete();
  expect(await results.next()).toMatchObject({ done: true });
  await client.dispose();
});

test('pings are answered', async () => {
  await using client = await connect(news.endpoint);
  client.send({ type: 'ping', payload: { n: 1 } });
  expect(await client.next()).toEqual({ type: 'pong', payload: { n: 1 } });
});
