import { setTimeout as delay } from 'node:timers/promises';

import { expect, test } from 'vitest';

import { breakCircuit } from '@tributary/gateway/transport/break-circuit';
import type { BreakerSettings } from '@tributary/gateway/transport/break-circuit';
import { FetchFailure } from '@tributary/gateway/transport/subgraph-transport';
import { systemClock } from '@tributary/kit/clock';
import { createLogger } from '@tributary/kit/logger';

import { callWith, createScriptedTransport, failed, fetchOf, good, pending } from './scripted-transport.ts';
import type { ScriptedTransport } from './scripted-transport.ts';

const OPEN_MS = 100;
const settings: BreakerSettings = { failurePercent: 50, minCalls: 20, windowMs: 10_000, openMs: OPEN_MS };
const logger = createLogger({ level: 'silent', name: 'test' });

function breaking(inner: ScriptedTransport, changes: Partial<BreakerSettings> = {}) {
  const transport = breakCircuit(inner, { settings: { ...settings, ...changes }, clock: systemClock, logger });
  return (changed = {}) => transport.execute(fetchOf, callWith(changed), 'query');
}

/** Asks until it is open, and then forgets what was asked. */
async function opened(inner: ScriptedTransport, changes: Partial<BreakerSettings> = {}) {
  const ask = breaking(inner, changes);
  const { answer } = inner;
  inner.answer = () => failed(FetchFailure.timeout);
  for (let asked = 0; asked < settings.minCalls; asked += 1) await ask();
  inner.answer = answer;
  return { ask, sent: () => inner.asked.length - settings.minCalls };
}

const half = (failure: FetchFailure) => (number: number) => (number % 2 === 0 ? failed(failure) : good);

test.each(['unreachable', 'broken', 'timeout', 'malformed'] as const)(
  'half of 20 calls %s is enough to send no more',
  async (failure) => {
    const inner = createScriptedTransport(half(failure));
    const ask = breaking(inner);
    for (let asked = 0; asked < 19; asked += 1) await ask();
    expect((await ask()).failure).toBe(failure);
    const times: number[] = [];
    for (let asked = 0; asked < 10; asked += 1) {
      const startedAt = performance.now();
      expect(await ask()).toMatchObject({ errors: [{ code: 'SUBGRAPH_UNAVAILABLE' }], failure: 'unsent' });
      times.push(performance.now() - startedAt);
    }
    expect(Math.min(...times)).toBeLessThan(10); // the machine may be busy, but not all the time
    expect(inner.asked).toHaveLength(20);
  },
);

test('fewer failures than half of the calls are borne', async () => {
  const inner = createScriptedTransport((number) => (number % 5 < 2 ? failed(FetchFailure.unreachable) : good));
  const ask = breaking(inner);
  for (let asked = 0; asked < 100; asked += 1) await ask();
  expect(inner.asked).toHaveLength(100);
});

test.each(['rejected', 'unsent', 'canceled'] as const)(
  'calls that are %s do not count as failures',
  async (failure) => {
    const inner = createScriptedTransport(() => failed(failure));
    const ask = breaking(inner);
    for (let asked = 0; asked < 100; asked += 1) await ask();
    expect(inner.asked).toHaveLength(100);
  },
);

test('calls that are canceled do not count as good either', async () => {
  const inner = createScriptedTransport((number) =>
    failed(number <= 100 ? FetchFailure.canceled : FetchFailure.timeout),
  );
  const ask = breaking(inner);
  for (let asked = 0; asked < 150; asked += 1) await ask();
  expect(inner.asked).toHaveLength(100 + settings.minCalls);
});

test('GraphQL errors of the subgraph do not count, whatever code it gives them', async () => {
  const errors = [{ message: 'no', code: 'SUBGRAPH_UNAVAILABLE' }];
  const inner = createScriptedTransport(() => ({ data: null, errors }));
  const ask = breaking(inner);
  for (let asked = 0; asked < 100; asked += 1) await ask();
  expect(inner.asked).toHaveLength(100);
});

test('failures from before the window do not count', async () => {
  let now = Date.now();
  const inner = createScriptedTransport(() => failed(FetchFailure.timeout));
  const transport = breakCircuit(inner, { settings, clock: { now: () => new Date(now) }, logger });
  for (let asked = 0; asked < 100; asked += 1) {
    if (asked % 19 === 0) now += 11_000;
    await transport.execute(fetchOf, callWith(), 'query');
  }
  expect(inner.asked).toHaveLength(100);
});

test('after a while one call tries, the others are still answered at once, and its answer lets all through again', async () => {
  const probe = pending();
  const { ask, sent } = await opened(createScriptedTransport(() => probe.promise));
  await delay(OPEN_MS + 5);
  const first = ask();
  expect((await ask()).failure).toBe('unsent');
  expect(sent()).toBe(1);
  probe.resolve(good);
  expect(await first).toBe(good);
  expect(await ask()).toBe(good);
  expect(sent()).toBe(2);
});

test('a probe that fails, or that nobody waits for, leaves the circuit open for as long again', async () => {
  for (const failure of [FetchFailure.timeout, FetchFailure.canceled, FetchFailure.unsent]) {
    const { ask, sent } = await opened(createScriptedTransport(() => failed(failure)));
    await delay(OPEN_MS + 5);
    expect((await ask()).failure).toBe(failure);
    expect((await ask()).failure).toBe('unsent');
    expect(sent()).toBe(1);
    await delay(OPEN_MS + 5);
    await ask();
    expect(sent()).toBe(2);
  }
});

test('a subgraph that refuses the probe of one caller lives, and gets the others again', async () => {
  const { ask, sent } = await opened(createScriptedTransport(() => failed(FetchFailure.rejected)));
  await delay(OPEN_MS + 5);
  for (let asked = 0; asked < 5; asked += 1) await ask();
  expect(sent()).toBe(5);
});

test('calls that began before the circuit opened do not open it again when they end', async () => {
  const hanging = pending();
  const inner = createScriptedTransport((number) =>
    number <= 50 ? hanging.promise : failed(FetchFailure.unreachable),
  );
  const ask = breaking(inner);
  const early = Array.from({ length: 50 }, () => ask());
  for (let asked = 0; asked < settings.minCalls; asked += 1) await ask();
  expect((await ask()).failure).toBe('unsent');
  inner.answer = () => good;
  await delay(OPEN_MS + 5);
  expect(await ask()).toBe(good);
  hanging.resolve(failed(FetchFailure.timeout));
  await Promise.all(early);
  expect(await ask()).toBe(good);
});
