import type { IncomingMessage, ServerResponse } from 'node:http';

import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';

import { createHttpTransport } from '@tributary/gateway';
import type { SubgraphAnswer, SubgraphTransport } from '@tributary/gateway';
import { systemClock } from '@tributary/kit/clock';
import { createLogger } from '@tributary/kit/logger';

import { sendJson, startPeer } from '../peer.ts';
import type { Peer } from '../peer.ts';

// What a subgraph may do to a subscription over server-sent events. Whatever it is, the subscription never goes on as if nothing had
// been lost.

const logger = createLogger({ level: 'silent', name: 'test' });
const request = { query: 'subscription { tick }' };
const events = { 'content-type': 'text/event-stream' };
const next = (data: unknown) => `event: next\ndata: ${JSON.stringify(data)}\n\n`;

let peer: Peer;
let transport: SubgraphTransport;
beforeAll(async () => {
  peer = await startPeer(() => undefined);
  transport = createHttpTransport({
    ...{ name: 'ticks', url: `${peer.url}/graphql`, headers: () => ({}), clock: systemClock, logger },
    timeoutMs: 300,
    subscriptions: { idleTimeoutMs: 300, maxEventBytes: 1_000 },
  });
});
beforeEach(() => {
  peer.received.length = 0;
});
afterAll(async () => {
  await transport.stop();
  await peer[Symbol.asyncDispose]();
});

function subscribe(fault: (request: IncomingMessage, response: ServerResponse) => void, signal?: AbortSignal) {
  peer.fault = fault;
  const call = { principal: null, requestId: 'r', deadline: Date.now() + 10_000, ...(signal && { signal }) };
  return transport.subscribe(request, call);
}

const starts: readonly (readonly [what: string, code: string, fault: Parameters<typeof subscribe>[0]])[] = [
  ['is gone', 'SUBGRAPH_UNAVAILABLE', (asked) => asked.socket.destroy()],
  ['answers HTTP 500', 'SUBGRAPH_UNAVAILABLE', (_, response) => response.writeHead(500, events).end()],
  ['refuses our token', 'SUBGRAPH_UNAVAILABLE', (_, response) => response.writeHead(401).end()],
  ['redirects', 'SUBGRAPH_MALFORMED_RESPONSE', (_, response) => response.writeHead(307, { location: '/' }).end()],
  [
    'sends a page',
    'SUBGRAPH_MALFORMED_RESPONSE',
    (_, response) => response.writeHead(200, { 'content-type': 'text/html' }).end(),
  ],
  ['never answers', 'SUBGRAPH_TIMEOUT', () => undefined],
  ['answers once', 'SUBGRAPH_MALFORMED_RESPONSE', (_, response) => sendJson(response, { data: { tick: 1 } })],
  [
    'says why not',
    'FORBIDDEN',
    (_, response) => sendJson(response, { errors: [{ message: 'No.', extensions: { code: 'FORBIDDEN' } }] }),
  ],
];

describe.each(starts)('a subgraph that %s', (_what, code, fault) => {
  test(`refuses the subscription as ${code}`, async () => {
    expect(await subscribe(fault)).toMatchObject({ data: null, errors: [{ code }] });
  });
});

async function readAll(answer: AsyncIterable<SubgraphAnswer> | SubgraphAnswer): Promise<unknown[]> {
  if ('errors' in answer) throw new Error('The subscription was refused.');
  const read: unknown[] = [];
  try {
    for await (const { data } of answer) read.push(data);
  } catch (error) {
    const [{ code }] = (error as { errors: [{ code: string }] }).errors;
    read.push(code);
  }
  return read;
}

const tick = { tick: 1 };
const good = next({ data: tick });
const ends: readonly (readonly [what: string, body: string | Buffer, read: unknown[]])[] = [
  ['completes', `${good}event: complete\ndata:\n\n`, [tick]],
  ['completes without data', `${good}event: complete\n\n`, [tick]],
  ['ends without completing', good, [tick, 'SUBGRAPH_UNAVAILABLE']],
  ['ends in the middle of an event', `${good}event: next\ndata: {"da`, [tick, 'SUBGRAPH_UNAVAILABLE']],
  ['sends broken JSON', `${good}event: next\ndata: {"da\n\n`, [tick, 'SUBGRAPH_MALFORMED_RESPONSE']],
  ['sends what is no result', next([]), ['SUBGRAPH_MALFORMED_RESPONSE']],
  ['sends data that is a list', next({ data: [1] }), ['SUBGRAPH_MALFORMED_RESPONSE']],
  ['sends errors in place of a result', next({ errors: [{ message: 'No.', extensions: { code: 'GONE' } }] }), ['GONE']],
  ['sends an event that is too large', next({ data: { tick: 'x'.repeat(1_000) } }), ['SUBGRAPH_MALFORMED_RESPONSE']],
  ['sends a line that never ends', 'x'.repeat(2_000), ['SUBGRAPH_MALFORMED_RESPONSE']],
  ['sends what is no UTF-8', Buffer.from([0x64, 0xff, 0x0a]), ['SUBGRAPH_MALFORMED_RESPONSE']],
  ['sends comments and unknown events', `:\n\nevent: hello\ndata: x\n\n${good}event: complete\n\n`, [tick]],
  [
    'ends its lines as it likes',
    good.replaceAll('\n', '\r\n') + good.replaceAll('\n', '\r') + 'event: complete\r\n\r\n',
    [tick, tick],
  ],
];

describe.each(ends)('a stream that %s', (_what, body, read) => {
  test('gives its events and says how it ended', async () => {
    expect(await readAll(await subscribe((_, response) => response.writeHead(200, events).end(body)))).toEqual(read);
  });

  test('is read alike byte by byte', async () => {
    const answer = await subscribe((_, response) => {
      response.writeHead(200, events);
      for (const byte of Buffer.from(body)) response.write(Buffer.from([byte]));
      response.end();
    });
    expect(await readAll(answer)).toEqual(read);
  });
});

test('a stream that falls silent is lost', async () => {
  const answer = await subscribe((_, response) => void response.writeHead(200, events).write(good));
  expect(await readAll(answer)).toEqual([tick, 'SUBGRAPH_UNAVAILABLE']);
});

test('comments keep a stream alive', async () => {
  const answer = await subscribe((_, response) => {
    response.writeHead(200, events);
    let beats = 0;
    const timer = setInterval(() => {
      beats += 1;
      if (beats < 8) response.write(':\n\n');
      else response.end(`${good}event: complete\n\n`);
    }, 100);
    response.on('close', () => clearInterval(timer));
  });
  expect(await readAll(answer)).toEqual([tick]);
});

test('a subscription that nobody wants any more is ended at the subgraph, also while it waits', async () => {
  const left = Promise.withResolvers<void>();
  const cancel = new AbortController();
  const answer = await subscribe((_, response) => {
    response.on('close', () => left.resolve());
    response.writeHead(200, events).write(good);
  }, cancel.signal);
  const reading = readAll(answer);
  cancel.abort();
  await left.promise;
  expect(await reading).toEqual([]);
});

test('the request is what the protocol asks for', async () => {
  await readAll(await subscribe((_, response) => response.writeHead(200, events).end('event: complete\n\n')));
  expect(peer.received).toEqual([
    expect.objectContaining({
      method: 'POST',
      url: '/graphql',
      headers: expect.objectContaining({ accept: 'text/event-stream', 'content-type': 'application/json' }) as unknown,
      body: JSON.stringify(request),
    }),
  ]);
});
