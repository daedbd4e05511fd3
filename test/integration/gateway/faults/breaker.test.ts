import { setTimeout as delay } from 'node:timers/promises';

import { afterEach, beforeEach, expect, test } from 'vitest';

import { DEFAULT_GUARDS } from '@tributary/gateway';
import type { TransportGuards } from '@tributary/gateway';

import type { Fault } from './fault-proxy.ts';
import { startMarket, startMarketGateway } from './market-gateway.ts';
import type { Market, MarketAnswer, MarketGateway } from './market-gateway.ts';

// A subgraph that fails is left alone, and nobody but itself notices.

const OPEN_MS = 300;
const LONG_MS = 60_000;
const { minCalls } = DEFAULT_GUARDS.breaker;
const latest = { query: '{ latest { total } }' };
const lost = { latest: null };
const found = { latest: { total: 20 } };

let market: Market;
let gateway: MarketGateway;

beforeEach(async () => {
  market = await startMarket();
});

afterEach(async () => {
  await gateway[Symbol.asyncDispose]();
  await market[Symbol.asyncDispose]();
});

async function start({ openMs = LONG_MS, timeoutMs = LONG_MS }: { openMs?: number; timeoutMs?: number } = {}) {
  const guards: TransportGuards = {
    ...DEFAULT_GUARDS,
    retries: { ...DEFAULT_GUARDS.retries, max: 0 },
    breaker: { ...DEFAULT_GUARDS.breaker, openMs },
  };
  gateway = await startMarketGateway(market, { guards, timeoutMs });
}

const times = <T>(count: number, ask: () => Promise<T>) => Promise.all(Array.from({ length: count }, ask));
const codesOf = ({ body }: MarketAnswer) => (body.errors ?? []).map(({ extensions }) => extensions.code);
const sentTo = (name: 'people' | 'orders') => market.proxies[name].received.length;
const broken: Fault = ({ response }) => void response.writeHead(500).end();

async function open(settings: Parameters<typeof start>[0] = {}): Promise<void> {
  await start(settings);
  market.proxies.orders.fault = broken;
  await times(minCalls, () => gateway.query(latest));
}

test('an open circuit answers within 10 milliseconds and sends nothing', async () => {
  await open();
  expect(sentTo('orders')).toBe(minCalls);
  const durations: number[] = [];
  for (let asked = 0; asked < 50; asked += 1) {
    const answer = await gateway.query(latest);
    expect(answer.body.data).toEqual(lost);
    expect(codesOf(answer)).toEqual(['SUBGRAPH_UNAVAILABLE']);
    durations.push(answer.durationMs);
  }
  expect(sentTo('orders')).toBe(minCalls);
  expect(Math.min(...durations)).toBeLessThan(10); // the whole way to the client and back
});

test('the other subgraphs are asked as ever', async () => {
  await open();
  const answers = await times(20, () => gateway.query({ query: '{ people { name } latest { total } }' }));
  const [{ body }] = answers as [MarketAnswer];
  expect(body.data).toEqual({ people: [{ name: 'Ada' }, { name: 'Bob' }], ...lost });
  expect(body.errors?.map(({ path }) => path)).toEqual([['latest']]);
  expect(sentTo('people')).toBe(20);
});

test('one call finds out whether the subgraph is well again, and then it gets all of them', async () => {
  await open({ openMs: OPEN_MS });
  market.proxies.orders.fault = async ({ response, goodAnswer }) => {
    await delay(100);
    response.writeHead(200, { 'content-type': 'application/json' }).end(await goodAnswer());
  };
  await delay(OPEN_MS);
  const answers = await times(20, () => gateway.query(latest));
  expect(sentTo('orders')).toBe(minCalls + 1);
  expect(answers.filter((answer) => codesOf(answer).length === 0)).toHaveLength(1);
  market.proxies.orders.fault = null;
  for (const { body } of await times(20, () => gateway.query(latest))) expect(body.data).toEqual(found);
  expect(gateway.logs.map(({ msg }) => msg)).toContain('a subgraph answers again');
});

test('a subgraph that hangs costs its timeout once, and not everybody who comes later', async () => {
  await start({ timeoutMs: 500 });
  market.proxies.orders.fault = () => undefined;
  const first = await times(minCalls, () => gateway.query(latest));
  expect(first.map(codesOf)).toEqual(first.map(() => ['SUBGRAPH_TIMEOUT']));
  const later = await times(20, () => gateway.query(latest));
  expect(later.map(codesOf)).toEqual(later.map(() => ['SUBGRAPH_UNAVAILABLE']));
  expect(sentTo('orders')).toBeLessThanOrEqual(minCalls);
});

test('a subgraph that speaks nonsense is left alone too', async () => {
  await start();
  market.proxies.orders.fault = ({ response }) => void response.end('<h1>');
  await times(minCalls, () => gateway.query(latest));
  await times(20, () => gateway.query(latest));
  expect(sentTo('orders')).toBe(minCalls);
});

test.each<[string, Fault]>([
  ['GraphQL errors', ({ response }) => void response.writeHead(200, json).end(refusal)],
  ['HTTP 401', ({ response }) => void response.writeHead(401).end()],
  ['HTTP 400 without an answer', ({ response }) => void response.writeHead(400).end('<h1>')],
])('callers who are answered with %s do not spoil it for others', async (_title, fault) => {
  await start();
  market.proxies.orders.fault = fault;
  await times(3 * minCalls, () => gateway.query(latest));
  market.proxies.orders.fault = null;
  expect((await gateway.query(latest)).body.data).toEqual(found);
});

const json = { 'content-type': 'application/json' };
const refusal = JSON.stringify({ data: null, errors: [{ message: 'no', extensions: { code: 'FORBIDDEN' } }] });
