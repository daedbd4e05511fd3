import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { DEFAULT_GUARDS } from '@tributary/gateway';
import type { TransportGuards } from '@tributary/gateway';

import { problemsOf } from './compare-answers.ts';
import { harmlessFaults, lostFaults, passingFaults, silentFaults, twistedFaults } from './faults.ts';
import { startMarket, startMarketGateway } from './market-gateway.ts';
import type { Market, MarketGateway, MarketGatewayOptions } from './market-gateway.ts';
import { marketSubgraphs } from './market.ts';
import { marketOperations } from './operations.ts';
import type { ExpectedOperation } from './operations.ts';

// Every fault at every subgraph under every operation. One test is one fault: thirty requests, all at once.

const allFaults = { ...silentFaults, ...lostFaults, ...twistedFaults, ...passingFaults, ...harmlessFaults };
const titles = Object.keys(allFaults);

// The breaker would keep most of the faults from happening, and the budget some of the retries that make up for others.
const guards: TransportGuards = {
  ...DEFAULT_GUARDS,
  retries: { max: 2, timeouts: false, budgetPercent: 100 }, // each call earns one
  breaker: { ...DEFAULT_GUARDS.breaker, minCalls: 1_000_000 },
};
const SHORT_MS = 500;
const LONG_MS = 15_000; // what a subgraph that is well may take, and all of them together

let market: Market;
const gateways: MarketGateway[] = [];
let patient: MarketGateway;
/** By the subgraph that nobody waits for. */
let impatient: Record<Case['subgraph'], MarketGateway>;

async function start(limits: Omit<MarketGatewayOptions, 'guards'>): Promise<MarketGateway> {
  const gateway = await startMarketGateway(market, { guards, ...limits });
  gateways.push(gateway);
  await Promise.all(marketOperations.map((each) => gateway.query(each)));
  return gateway;
}

async function startImpatient() {
  const without = (name: Case['subgraph']) => start({ timeoutMs: { [name]: SHORT_MS } });
  return { people: await without('people'), goods: await without('goods'), orders: await without('orders') };
}

beforeAll(async () => {
  market = await startMarket(Object.values(allFaults));
  patient = await start({});
  impatient = await startImpatient();
});

afterAll(async () => {
  for (const gateway of gateways) await gateway[Symbol.asyncDispose]();
  await market[Symbol.asyncDispose]();
});

interface Case {
  subgraph: (typeof marketSubgraphs)[number];
  operation: ExpectedOperation;
}

/** Runs all cases of one fault; every problem comes back with where it was met. */
async function problemsUnder(
  title: string,
  {
    gateway,
    check,
  }: {
    gateway: MarketGateway | Record<Case['subgraph'], MarketGateway>;
    check: (each: Case, answer: Answer) => string[];
  },
): Promise<string[]> {
  const cases = marketSubgraphs.flatMap((subgraph) =>
    marketOperations.map((operation): Case => ({ subgraph, operation })),
  );
  const found = await Promise.all(
    cases.map(async (each, index) => {
      const { query, variables } = each.operation;
      const requestId = `${each.subgraph}.${titles.indexOf(title)}.${index}`;
      const asked = 'query' in gateway ? gateway : gateway[each.subgraph];
      const answer = await asked.query({ query, ...(variables && { variables }) }, { 'x-request-id': requestId });
      return check(each, answer).map((problem) => `${each.subgraph}, ${each.operation.title}: ${problem}`);
    }),
  );
  return found.flat();
}

type Answer = Awaited<ReturnType<MarketGateway['query']>>;

const partial = ({ operation, subgraph }: Case, answer: Answer) =>
  problemsOf(answer, { complete: operation.complete, left: leftOf(operation, subgraph) });

const leftOf = ({ without, complete }: ExpectedOperation, subgraph: Case['subgraph']) =>
  subgraph in without ? without[subgraph] : complete;

/** All data, and no error. */
const whole = ({ operation }: Case, answer: Answer) => [
  ...problemsOf(answer, { complete: operation.complete, left: operation.complete }),
  ...(answer.body.errors ?? []).map(({ extensions }) => `has an error ${String(extensions.code)}`),
];

test('without a fault everything is answered', async () => {
  const answers = await Promise.all(marketOperations.map((each) => patient.query(each)));
  expect(answers.map(({ body }) => body)).toEqual(marketOperations.map(({ complete }) => ({ data: complete })));
});

describe('a subgraph that', () => {
  test.concurrent.each(Object.keys(silentFaults))('%s costs its fields, within the deadline', async (title) => {
    const check = (each: Case, answer: Answer) => [
      ...partial(each, answer),
      ...(answer.durationMs > LONG_MS ? [`took ${answer.durationMs} ms`] : []),
    ];
    expect(await problemsUnder(title, { gateway: impatient, check })).toEqual([]);
  });

  test.each(Object.keys(lostFaults))('%s costs its fields and nothing else', async (title) => {
    expect(await problemsUnder(title, { gateway: patient, check: partial })).toEqual([]);
  });

  test.each(Object.keys(passingFaults))('%s costs nothing but mutations', async (title) => {
    const check = (each: Case, answer: Answer) =>
      each.operation.query.startsWith('mutation') ? partial(each, answer) : whole(each, answer);
    expect(await problemsUnder(title, { gateway: patient, check })).toEqual([]);
  });

  test.each(Object.keys(twistedFaults))('%s is not believed', async (title) => {
    // No value is wrong where there may be none.
    const mayBeNull = /null|leaves/.test(title)
      ? ['email', 'profile', 'tags', 'level', 'rank', 'price', 'label', 'isPaid']
      : [];
    const check = ({ operation, subgraph }: Case, answer: Answer) =>
      problemsOf(answer, { complete: operation.complete, left: leftOf(operation, subgraph), mayBeNull });
    expect(await problemsUnder(title, { gateway: patient, check })).toEqual([]);
  });

  test.each(Object.keys(harmlessFaults))('%s costs nothing', async (title) => {
    expect(await problemsUnder(title, { gateway: patient, check: whole })).toEqual([]);
  });
});

test.each([
  ['the time of a fetch', { timeoutMs: SHORT_MS }],
  ['the time of the request', { deadlineMs: SHORT_MS }],
])('a subgraph that hangs is given up when %s is over', async (_title, limits) => {
  const gateway = await start(limits);
  const requestId = `orders.${titles.indexOf('never answers')}.alone`;
  const times: number[] = [];
  for (let asked = 0; asked < 3; asked += 1) {
    const { durationMs } = await gateway.query({ query: '{ latest { total } }' }, { 'x-request-id': requestId });
    times.push(durationMs);
  }
  expect(Math.min(...times)).toBeGreaterThan(SHORT_MS - 50);
  expect(Math.min(...times)).toBeLessThan(SHORT_MS + 300);
});

test('nothing of all this is left in the process', () => {
  expect(({} as { polluted?: number }).polluted).toBeUndefined();
  expect(Object.keys(Object.prototype)).toEqual([]);
});
