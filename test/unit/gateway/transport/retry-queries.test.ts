import { expect, test } from 'vitest';

import { retryQueries } from '@tributary/gateway/transport/retry-queries';
import type { RetryDeps, RetrySettings } from '@tributary/gateway/transport/retry-queries';
import { FetchFailure } from '@tributary/gateway/transport/subgraph-transport';
import { systemClock } from '@tributary/kit/clock';

import { callWith, createScriptedTransport, failed, fetchOf, good } from './scripted-transport.ts';
import type { ScriptedTransport } from './scripted-transport.ts';

const unlimited: RetrySettings = { max: 2, timeouts: false, budgetPercent: 1_000 };

function retrying(inner: ScriptedTransport, settings: Partial<RetrySettings> = {}, deps: Partial<RetryDeps> = {}) {
  const all = { settings: { ...unlimited, ...settings }, clock: systemClock, random: () => 0, ...deps };
  return retryQueries(inner, all);
}

test('a query that found nobody is sent again, until it is answered', async () => {
  const inner = createScriptedTransport((number) => (number < 3 ? failed(FetchFailure.unreachable) : good));
  expect(await retrying(inner).execute(fetchOf, callWith(), 'query')).toBe(good);
  expect(inner.asked).toHaveLength(3);
});

test('a query is sent again at most as often as the settings say', async () => {
  const inner = createScriptedTransport(() => failed(FetchFailure.unreachable));
  const { failure } = await retrying(inner, { max: 1 }).execute(fetchOf, callWith(), 'query');
  expect(failure).toBe(FetchFailure.unreachable);
  expect(inner.asked).toHaveLength(2);
});

test.each(['mutation', 'subscription'] as const)('a %s is never sent again', async (kind) => {
  const inner = createScriptedTransport(() => failed(FetchFailure.unreachable));
  await retrying(inner, { timeouts: true }).execute(fetchOf, callWith(), kind);
  expect(inner.asked).toHaveLength(1);
});

const final = Object.values(FetchFailure).filter((each) => each !== FetchFailure.unreachable);
test.each(final)('a query that ended otherwise is not sent again: %s', async (failure) => {
  const inner = createScriptedTransport(() => failed(failure));
  await retrying(inner).execute(fetchOf, callWith(), 'query');
  expect(inner.asked).toHaveLength(1);
});

test('an answer with GraphQL errors is an answer', async () => {
  const errors = [{ message: 'no', code: 'SUBGRAPH_UNAVAILABLE' }];
  const inner = createScriptedTransport(() => ({ data: null, errors }));
  await retrying(inner).execute(fetchOf, callWith(), 'query');
  expect(inner.asked).toHaveLength(1);
});

test('a query that timed out is sent again where the settings say so', async () => {
  const inner = createScriptedTransport((number) => (number === 1 ? failed(FetchFailure.timeout) : good));
  expect(await retrying(inner, { timeouts: true }).execute(fetchOf, callWith(), 'query')).toBe(good);
});

test('the pause is random, up to 50 and then 100 milliseconds', async () => {
  const startedAt: number[] = [];
  const inner = createScriptedTransport(() => {
    startedAt.push(performance.now());
    return failed(FetchFailure.unreachable);
  });
  await retrying(inner, {}, { random: () => 0.999 }).execute(fetchOf, callWith(), 'query');
  const [first, second, third] = startedAt as [number, number, number];
  expect(second - first).toBeGreaterThanOrEqual(48);
  expect(third - second).toBeGreaterThanOrEqual(98);
});

test('a pause that would outlast the deadline is not begun', async () => {
  const inner = createScriptedTransport(() => failed(FetchFailure.unreachable));
  const call = callWith({ deadline: Date.now() + 20 });
  await retrying(inner, {}, { random: () => 0.999 }).execute(fetchOf, call, 'query');
  expect(inner.asked).toHaveLength(1);
});

test('a pause ends when nobody waits any more, and nothing is sent after it', async () => {
  const inner = createScriptedTransport(() => failed(FetchFailure.unreachable));
  const client = new AbortController();
  const call = callWith({ signal: client.signal });
  const answer = retrying(inner, { max: 5 }, { random: () => 0.999 }).execute(fetchOf, call, 'query');
  client.abort();
  expect((await answer).failure).toBe(FetchFailure.unreachable);
  expect(inner.asked).toHaveLength(1);
});

test('when everything fails, retries add a fifth to the calls and no more', async () => {
  const inner = createScriptedTransport(() => failed(FetchFailure.unreachable));
  const transport = retrying(inner, { budgetPercent: 20 });
  for (let sent = 1; sent <= 500; sent += 1) {
    await transport.execute(fetchOf, callWith(), 'query');
    expect(inner.asked.length).toBeLessThanOrEqual(1.2 * sent);
  }
  expect(inner.asked).toHaveLength(600);
});

test('good times save no more than ten retries', async () => {
  const inner = createScriptedTransport();
  const transport = retrying(inner, { budgetPercent: 20 });
  for (let sent = 0; sent < 500; sent += 1) await transport.execute(fetchOf, callWith(), 'query');
  inner.answer = () => failed(FetchFailure.unreachable);
  for (let sent = 0; sent < 50; sent += 1) await transport.execute(fetchOf, callWith(), 'query');
  const retries = inner.asked.length - 550;
  expect(retries).toBeGreaterThanOrEqual(10);
  expect(retries).toBeLessThanOrEqual(10 + 50 / 5); // ten, and what the failing calls earn
});

test('calls that were never sent earn no retries', async () => {
  const inner = createScriptedTransport((number) =>
    failed(number <= 100 ? FetchFailure.unsent : FetchFailure.unreachable),
  );
  const transport = retrying(inner, { budgetPercent: 20 });
  for (let sent = 0; sent < 101; sent += 1) await transport.execute(fetchOf, callWith(), 'query');
  expect(inner.asked).toHaveLength(101);
});
