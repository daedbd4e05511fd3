import { afterEach, beforeEach, expect, test, vi } from 'vitest';

import { DEFAULT_GUARDS, guardTransport } from '@tributary/gateway';
import type { SubgraphAnswer, SubgraphTransport } from '@tributary/gateway';
import { createHttpTransport } from '@tributary/gateway/transport/http';
import { systemClock } from '@tributary/kit/clock';
import { createLogger } from '@tributary/kit/logger';

import { startMarket } from './market-gateway.ts';
import type { Market } from './market-gateway.ts';

// A subgraph works for nobody when the client is gone.

const query = '{ latest { total } }';
const fetchOf = { query, body: JSON.stringify({ query }) };

let market: Market;
let transport: SubgraphTransport;

beforeEach(async () => {
  market = await startMarket();
  const logger = createLogger({ level: 'silent', name: 'test' });
  const http = createHttpTransport({
    name: 'orders',
    url: market.proxies.orders.url,
    headers: () => ({}),
    clock: systemClock,
    logger,
  });
  const identityOf = () => 'everybody';
  transport = guardTransport(http, { guards: DEFAULT_GUARDS, identityOf, clock: systemClock, logger });
});

afterEach(async () => {
  await transport.stop();
  await market[Symbol.asyncDispose]();
});

const ask = (signal: AbortSignal, kind: 'query' | 'mutation' = 'query'): Promise<SubgraphAnswer> =>
  transport.execute(fetchOf, { principal: null, requestId: 'r', deadline: Date.now() + 20_000, signal }, kind);

const arrived = () => vi.waitFor(() => expect(market.proxies.orders.received).toHaveLength(1));
const isCanceled = () => market.proxies.orders.received[0]?.isCanceled;

test.each(['query', 'mutation'] as const)('a %s ends at the subgraph when its client leaves', async (kind) => {
  market.proxies.orders.fault = () => undefined;
  const client = new AbortController();
  const answer = ask(client.signal, kind);
  await arrived();
  client.abort();
  expect((await answer).failure).toBe('canceled');
  await vi.waitFor(() => expect(isCanceled()).toBe(true));
  expect(market.proxies.orders.received).toHaveLength(1); // and is not sent again
});

test('an answer that is on its way is cut off when its client leaves', async () => {
  market.proxies.orders.fault = ({ response }) => {
    response.writeHead(200, { 'content-type': 'application/json' });
    const timer = setInterval(() => response.write(' '), 10);
    response.on('close', () => clearInterval(timer));
  };
  const client = new AbortController();
  const answer = ask(client.signal);
  await arrived();
  client.abort();
  await answer;
  await vi.waitFor(() => expect(isCanceled()).toBe(true));
});

test('a fetch that two clients share ends when both have left', async () => {
  market.proxies.orders.fault = () => undefined;
  const clients = [new AbortController(), new AbortController()];
  const answers = clients.map(({ signal }) => ask(signal));
  await arrived();
  clients[0]!.abort();
  await new Promise((resolve) => setTimeout(resolve, 50)); // time for a mistake to reach the subgraph
  expect(isCanceled()).toBe(false);
  clients[1]!.abort();
  await vi.waitFor(() => expect(isCanceled()).toBe(true));
  await Promise.all(answers);
});
