import { afterEach, beforeEach, expect, test } from 'vitest';

import { DEFAULT_GUARDS } from '@tributary/gateway';
import type { TransportGuards } from '@tributary/gateway';

import type { Fault } from './fault-proxy.ts';
import { startMarket, startMarketGateway } from './market-gateway.ts';
import type { Market, MarketGateway } from './market-gateway.ts';

// What is sent again, counted where it arrives. The breaker is kept out of it: it would end the traffic.

const guards: TransportGuards = {
  ...DEFAULT_GUARDS,
  breaker: { ...DEFAULT_GUARDS.breaker, minCalls: 1_000_000 },
};
const latest = { query: '{ latest { total } }' };
const rename = { query: 'mutation { rename(id: "p1", name: "Eve") { name } }' };
const gone: Readonly<Record<string, Fault>> = {
  'resets connections': ({ response }) => void response.socket?.resetAndDestroy(),
  'answers HTTP 502': ({ response }) => void response.writeHead(502).end(),
  'answers HTTP 503': ({ response }) => void response.writeHead(503).end(),
  'answers HTTP 504': ({ response }) => void response.writeHead(504).end(),
};

let market: Market;
let gateway: MarketGateway;

beforeEach(async () => {
  market = await startMarket();
  gateway = await startMarketGateway(market, { guards, timeoutMs: 2_000 });
});

afterEach(async () => {
  await gateway[Symbol.asyncDispose]();
  await market[Symbol.asyncDispose]();
});

const times = (count: number, operation: { query: string }) =>
  Promise.all(Array.from({ length: count }, () => gateway.query(operation)));

test.each(Object.keys(gone))('a subgraph that %s all the time gets at most a fifth more calls', async (title) => {
  market.proxies.orders.fault = gone[title]!;
  for (let batch = 0; batch < 5; batch += 1) await times(20, latest);
  const { received } = market.proxies.orders;
  expect(received.length).toBeGreaterThan(100);
  expect(received.length).toBeLessThanOrEqual(120);
});

test('a subgraph that nobody can connect to gets no more attempts than that either', async () => {
  await market.proxies.orders[Symbol.asyncDispose]();
  for (let batch = 0; batch < 5; batch += 1) await times(20, latest);
  const attempts = gateway.logs.filter(({ failure }) => failure === 'unreachable').length;
  expect(attempts).toBeGreaterThan(100);
  expect(attempts).toBeLessThanOrEqual(120);
});

test('a query that finds nobody for a moment is answered all the same', async () => {
  await times(10, latest); // good times, which earn some retries
  let failures = 2;
  market.proxies.orders.fault = async ({ response, goodAnswer }) => {
    if (failures-- > 0) response.socket?.resetAndDestroy();
    else response.writeHead(200, { 'content-type': 'application/json' }).end(await goodAnswer());
  };
  expect((await gateway.query(latest)).body).toEqual({ data: { latest: { total: 20 } } });
});

test.each(Object.keys(gone))('a mutation is sent once, also when the subgraph %s', async (title) => {
  await times(50, { query: '{ people { name } }' });
  market.proxies.people.received.length = 0;
  market.proxies.people.fault = gone[title]!;
  for (const { body } of await times(20, rename)) expect(body.data).toEqual({ rename: null });
  expect(market.proxies.people.received).toHaveLength(20);
});

test.each<[string, Fault]>([
  ['does not answer in time', () => undefined],
  ['answers HTTP 500', ({ response }) => void response.writeHead(500).end()],
  ['answers HTTP 429', ({ response }) => void response.writeHead(429).end()],
  ['answers nonsense', ({ response }) => void response.end('<h1>')],
])('a query is sent once to a subgraph that %s', async (_title, fault) => {
  await times(50, latest);
  market.proxies.orders.received.length = 0;
  market.proxies.orders.fault = fault;
  await times(20, latest);
  expect(market.proxies.orders.received).toHaveLength(20);
});
