import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { DEFAULT_GUARDS } from '@tributary/gateway';
import type { TransportGuards } from '@tributary/gateway';

import { problemsOf } from './compare-answers.ts';
import { harmlessFaults, lostFaults, passingFaults, silentFaults, twistedFaults } from './faults.ts';
import { startMarket, startMarketGateway } from './market-gateway.ts';
import type { Market, MarketGateway } from './market-gateway.ts';
import { marketSubgraphs } from './market.ts';
import { marketOperations } from './operations.ts';
import type { ExpectedOperation } from './operations.ts';

// Every fault at every subgraph under every operation. One test is one fault: thirty requests, all at once.

const allFaults = { ...silentFaults, ...lostFaults, ...twistedFaults, ...passingFaults, ...harmlessFaults };
const titles = Object.keys(allFaults);

// The breaker would keep most of the faults from happening, and the budget some of the retries that make up for others.
const guards: TransportGuards = {
  ...DEFAULT_GUARDS,
  retries: { max: 2, timeouts: false, budgetPercent: 100 },
  breaker: { ...DEFAULT_GUARDS.breaker, minCalls: 1_000_000 },
};
const IMPATIENT = { timeoutMs: 700, deadlineMs: 2_000 };
const SLACK_MS = 5_000; // ninety requests wait at a time, and the machine may have other things to do

const clients = ['plain', 'undici'] as const;
type Client = (typeof clients)[number];

let market: Market;
let patient: Record<Client, MarketGateway>;
let impatient: Record<Client, MarketGateway>;

beforeAll(async () => {
  market = await startMarket(Object.values(allFaults));
  const start = (client: Client, limits = {}) => startMarketGateway(market, { guards, client, ...limits });
  patient = { plain: await start('plain'), undici: await start('undici') };
  impatient = { plain: await start('plain', IMPATIENT), undici: await start('undici', IMPATIENT) };
  for (const gateway of [...Object.values(patient), ...Object.values(impatient)])
    await Promise.all(marketOperations.map((each) => gateway.query(each)));
});

afterAll(async () => {
  for (const gateway of [...Object.values(patient), ...Object.values(impatient)]) await gateway[Symbol.asyncDispose]();
  await market[Symbol.asyncDispose]();
});

interface Case {
  gateway: MarketGateway;
  subgraph: (typeof marketSubgraphs)[number];
  operation: ExpectedOperation;
}

/** Runs all cases of one fault; every problem comes back with where it was met. */
async function problemsUnder(
  title: string,
  { gateway, check }: { gateway: MarketGateway; check: (each: Case, answer: Answer) => string[] },
): Promise<string[]> {
  const cases = marketSubgraphs.flatMap((subgraph) =>
    marketOperations.map((operation): Case => ({ gateway, subgraph, operation })),
  );
  const found = await Promise.all(
    cases.map(async (each, index) => {
      const { query, variables } = each.operation;
      const requestId = `${each.subgraph}.${titles.indexOf(title)}.${index}`;
      const answer = await gateway.query({ query, ...(variables && { variables }) }, { 'x-request-id': requestId });
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
  const answers = await Promise.all(marketOperations.map((each) => patient.plain.query(each)));
  expect(answers.map(({ body }) => body)).toEqual(marketOperations.map(({ complete }) => ({ data: complete })));
});

describe.each(clients)('over a connection of the %s client a subgraph that', (client) => {
  test.concurrent.each(Object.keys(silentFaults))('%s costs its fields, within the deadline', async (title) => {
    const check = (each: Case, answer: Answer) => [
      ...partial(each, answer),
      ...(answer.durationMs > IMPATIENT.deadlineMs + SLACK_MS ? [`took ${answer.durationMs} ms`] : []),
    ];
    expect(await problemsUnder(title, { gateway: impatient[client], check })).toEqual([]);
  });

  test.each(Object.keys(lostFaults))('%s costs its fields and nothing else', async (title) => {
    expect(await problemsUnder(title, { gateway: patient[client], check: partial })).toEqual([]);
  });

  test.each(Object.keys(passingFaults))('%s costs nothing but mutations', async (title) => {
    const check = (each: Case, answer: Answer) =>
      each.operation.query.startsWith('mutation') ? partial(each, answer) : whole(each, answer);
    expect(await problemsUnder(title, { gateway: patient[client], check })).toEqual([]);
  });
});

describe('a subgraph that', () => {
  test.each(Object.keys(twistedFaults))('%s is not believed', async (title) => {
    // No value is wrong where there may be none.
    const mayBeNull = /null|leaves/.test(title)
      ? ['email', 'profile', 'tags', 'level', 'rank', 'price', 'label', 'isPaid']
      : [];
    const check = ({ operation, subgraph }: Case, answer: Answer) =>
      problemsOf(answer, { complete: operation.complete, left: leftOf(operation, subgraph), mayBeNull });
    expect(await problemsUnder(title, { gateway: patient.plain, check })).toEqual([]);
  });

  test.each(Object.keys(harmlessFaults))('%s costs nothing', async (title) => {
    expect(await problemsUnder(title, { gateway: patient.plain, check: whole })).toEqual([]);
  });
});

test('a subgraph that hangs is given up when its time is over', async () => {
  const requestId = `orders.${titles.indexOf('never answers')}.alone`;
  const times: number[] = [];
  for (let asked = 0; asked < 3; asked += 1) {
    const { durationMs } = await impatient.plain.query(
      { query: '{ latest { total } }' },
      { 'x-request-id': requestId },
    );
    times.push(durationMs);
  }
  expect(Math.min(...times)).toBeGreaterThan(IMPATIENT.timeoutMs - 20);
  expect(Math.min(...times)).toBeLessThan(IMPATIENT.timeoutMs + 300);
});

test('nothing of all this is left in the process', () => {
  expect(({} as { polluted?: number }).polluted).toBeUndefined();
  expect(Object.keys(Object.prototype)).toEqual([]);
});
