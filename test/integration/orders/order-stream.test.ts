import { generateKeyPairSync } from 'node:crypto';
import { request } from 'node:http';
import type { ClientRequest, IncomingMessage } from 'node:http';

import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';

import {
  createInternalTokenSigner,
  createInternalTokenVerifier,
  createLogger,
  SECOND,
  startSubgraphServer,
  systemClock,
} from '@tributary/kit';
import type { InternalTokenSigner, InternalTokenVerifier, Principal, SubgraphServer } from '@tributary/kit';

import { startCheckout } from './checkout-world.ts';
import type { CheckoutWorld, SavedOrder } from './checkout-world.ts';
import { customer } from './orders-world.ts';

// Subscriptions of a subgraph over HTTP, as the gateway sends them.

const { publicKey, privateKey } = generateKeyPairSync('ed25519');
const logger = createLogger({ level: 'silent', name: 'test' });
let world: CheckoutWorld;
let signer: InternalTokenSigner;
let tokens: InternalTokenVerifier;
let server: SubgraphServer;
beforeAll(async () => {
  world = await startCheckout({ subscriptions: { streams: 2 } });
  signer = await createInternalTokenSigner(privateKey.export({ format: 'jwk' }), systemClock);
  tokens = await createInternalTokenVerifier(publicKey.export({ format: 'jwk' }), 'orders', systemClock);
});
afterAll(() => world[Symbol.asyncDispose]());

const start = (eventStreams = {}) =>
  startSubgraphServer({
    ...{ subgraph: world.subgraph, host: '127.0.0.1', port: 0, clock: systemClock, logger, tokens, eventStreams },
  });
beforeEach(async () => {
  server = await start();
});
afterEach(() => server.stop());

const buyer = customer(1);
const QUERY = 'subscription ($id: ID!) { orderUpdated(orderId: $id) { type order { id status } } }';

const bearer = async (principal: Principal | null = buyer) => ({
  authorization: `Bearer ${await signer.sign(principal, 'orders')}`,
});

interface Stream {
  status: number | undefined;
  type: string | undefined;
  /** What comes until the text holds `mark`, or until the end. */
  until(mark?: string): Promise<string>;
  answer: IncomingMessage;
  leave(): void;
}

async function open(body: unknown, headers: Record<string, string>): Promise<Stream> {
  const { answer, sent } = await new Promise<{ answer: IncomingMessage; sent: ClientRequest }>((resolve, reject) => {
    const sent = request(
      `${server.url}/graphql`,
      { method: 'POST', headers: { 'content-type': 'application/json', accept: 'text/event-stream', ...headers } },
      (answer) => resolve({ answer, sent }),
    );
    sent.on('error', reject);
    sent.end(typeof body === 'string' ? body : JSON.stringify(body));
  });
  let text = '';
  const ended = Promise.withResolvers<void>();
  const changed = new Set<() => void>();
  answer.on('data', (chunk: Buffer) => {
    text += chunk.toString();
    for (const look of changed) look();
  });
  answer.on('error', () => undefined);
  answer.on('close', () => ended.resolve());
  return {
    answer,
    status: answer.statusCode,
    type: answer.headers['content-type'],
    async until(mark) {
      const found = Promise.withResolvers<void>();
      const look = () => {
        if (mark !== undefined && text.includes(mark)) found.resolve();
      };
      changed.add(look);
      look();
      await Promise.race([found.promise, ended.promise]);
      return text;
    },
    leave: () => void sent.destroy(),
  };
}

const follow = async (order: SavedOrder, query = QUERY) => open({ query, variables: { id: order.id } }, await bearer());

describe('a stream', () => {
  test('begins at once with a comment and tells each event', async () => {
    const draft = await world.draft(buyer);
    const stream = await follow(draft);
    expect([stream.status, stream.type]).toEqual([200, 'text/event-stream; charset=utf-8']);
    expect(await stream.until(':\n\n')).toBe(':\n\n');
    await world.cancel(buyer, draft);
    const data = { data: { orderUpdated: { type: 'CANCELED', order: { id: draft.id, status: 'CANCELED' } } } };
    expect(await stream.until('event')).toBe(`:\n\nevent: next\ndata: ${JSON.stringify(data)}\n\n`);
    stream.leave();
  });

  test('shows by comments that it is alive', async () => {
    await server.stop();
    server = await start({ heartbeatMs: 5 });
    const stream = await follow(await world.draft(buyer));
    expect(await stream.until(':\n\n:\n\n:\n\n')).toMatch(/^(:\n\n){3,}$/);
    stream.leave();
  });

  test('makes room for another one when its reader leaves', async () => {
    const draft = await world.draft(buyer);
    const [first, second] = [await follow(draft), await follow(draft)];
    const refused = await follow(draft);
    expect(JSON.parse(await refused.until())).toMatchObject({ errors: [{ extensions: { code: 'UNAVAILABLE' } }] });
    first.leave();
    await expect
      .poll(async () => {
        const again = await follow(draft);
        again.leave();
        return again.type;
      })
      .toContain('text/event-stream');
    second.leave();
  });

  test('is cut off when its reader takes nothing', async () => {
    await server.stop();
    server = await start({ stalledMs: 100 });
    const draft = await world.draft(buyer, { customerNote: 'x'.repeat(500) });
    const notes = Array.from({ length: 4_000 }, (_, index) => `n${index}: customerNote`).join(' ');
    const query = `subscription ($id: ID!) { orderUpdated(orderId: $id) { order { ${notes} } } }`;
    const stalled = await follow(draft, query);
    stalled.answer.pause();
    let order = draft;
    for (let number = 0; number < 12; number += 1)
      order = (await world.update(buyer, order, { externalReference: `r-${number}` })).order!;
    // Both places are free again only after the stalled stream has gone.
    const brisk = await follow(order);
    await expect
      .poll(
        async () => {
          const third = await follow(order);
          third.leave();
          return third.type;
        },
        { timeout: 5 * SECOND },
      )
      .toContain('text/event-stream');
    brisk.leave();
    stalled.leave();
  });

  test('ends with the server, and says that events may have been missed', async () => {
    const stream = await follow(await world.draft(buyer));
    const stopping = performance.now();
    await server.stop();
    expect(performance.now() - stopping).toBeLessThan(5 * SECOND);
    const text = await stream.until();
    expect(text).toContain('"code":"GOING_AWAY"');
    expect(text).not.toContain('event: complete');
  });

  test('ends with the subgraph in the same way', async () => {
    const other = await startCheckout();
    await server.stop();
    server = await startSubgraphServer({
      ...{ subgraph: other.subgraph, host: '127.0.0.1', port: 0, clock: systemClock, logger, tokens },
    });
    const stream = await follow(await other.draft(buyer));
    await other[Symbol.asyncDispose]();
    const text = await stream.until();
    expect(text).toContain('"code":"GOING_AWAY"');
    expect(text).not.toContain('event: complete');
  });
});

describe('no stream', () => {
  test.each<[string, () => Promise<Record<string, string>>]>([
    ['without a token', async () => ({})],
    [
      'with a token for another subgraph',
      async () => ({ authorization: `Bearer ${await signer.sign(buyer, 'billing')}` }),
    ],
    ['with anything else', async () => ({ authorization: 'Bearer a.b.c' })],
  ])('is opened %s', async (_name, headers) => {
    const draft = await world.draft(buyer);
    const refused = await open({ query: QUERY, variables: { id: draft.id } }, await headers());
    expect(refused.status).toBe(401);
    expect(JSON.parse(await refused.until())).toMatchObject({ errors: [{ extensions: { code: 'UNAUTHENTICATED' } }] });
  });

  test('is opened for a stranger: the refusal is a single answer', async () => {
    const draft = await world.draft(buyer);
    const refused = await open({ query: QUERY, variables: { id: draft.id } }, await bearer(customer(2)));
    expect([refused.status, refused.type]).toEqual([200, 'application/json; charset=utf-8']);
    expect(JSON.parse(await refused.until())).toMatchObject({ errors: [{ extensions: { code: 'NOT_FOUND' } }] });
  });

  test('is needed for a query, which is answered once', async () => {
    const answer = await open({ query: '{ products { nodes { id } } }' }, await bearer());
    expect(JSON.parse(await answer.until())).toMatchObject({
      data: { products: { nodes: expect.any(Array) as unknown } },
    });
  });

  test.each([
    ['that is no JSON', '{', 400],
    ['without an operation', '{}', 400],
    ['with variables that are none', '{"query": "{ x }", "variables": []}', 400],
  ])('is opened by a body %s', async (_name, body, status) => {
    const refused = await open(body, await bearer());
    expect(refused.status).toBe(status);
    expect(JSON.parse(await refused.until())).toMatchObject({ errors: [{ extensions: { code: 'BAD_REQUEST' } }] });
  });

  test('is opened for a subscription that does not ask for one', async () => {
    const draft = await world.draft(buyer);
    const refused = await open({ query: QUERY, variables: { id: draft.id } }, { ...(await bearer()), accept: '*/*' });
    expect(JSON.parse(await refused.until())).toMatchObject({ errors: [{ extensions: { code: 'BAD_USER_INPUT' } }] });
  });
});
