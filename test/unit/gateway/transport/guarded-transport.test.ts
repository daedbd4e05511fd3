import { expect, test } from 'vitest';

import { DEFAULT_GUARDS, guardTransport } from '@tributary/gateway/transport/guarded-transport';
import type { GuardDeps } from '@tributary/gateway/transport/guarded-transport';
import { FetchFailure } from '@tributary/gateway/transport/subgraph-transport';
import { systemClock } from '@tributary/kit/clock';
import { createLogger } from '@tributary/kit/logger';

import { callWith, createScriptedTransport, failed, fetchOf, good, pending } from './scripted-transport.ts';
import type { ScriptedTransport } from './scripted-transport.ts';

const logger = createLogger({ level: 'silent', name: 'test' });

function guarded(inner: ScriptedTransport, deps: Partial<GuardDeps> = {}) {
  const transport = guardTransport(inner, { guards: DEFAULT_GUARDS, clock: systemClock, logger, ...deps });
  return (changes = {}) => transport.execute(fetchOf, callWith(changes), 'query');
}

test('the breaker counts every try, and a try that it holds back is not repeated', async () => {
  const inner = createScriptedTransport(() => failed(FetchFailure.unreachable));
  const ask = guarded(inner);
  for (let sent = 0; sent < 40; sent += 1) await ask();
  expect(inner.asked).toHaveLength(DEFAULT_GUARDS.breaker.minCalls);
});

test('fetches that the queue refuses do not open the circuit', async () => {
  const hanging = pending();
  const inner = createScriptedTransport(() => hanging.promise);
  const guards = { ...DEFAULT_GUARDS, concurrency: { max: 1, queue: 0 } };
  const ask = guarded(inner, { guards });
  const first = ask();
  for (let sent = 0; sent < 100; sent += 1) expect((await ask()).failure).toBe(FetchFailure.unsent);
  hanging.resolve(good);
  await first;
  expect(await ask()).toBe(good);
});

test('a circuit that opens clears the line, and sends none of those who waited', async () => {
  const hanging = [pending(), pending()];
  const inner = createScriptedTransport((number) => hanging[number - 1]!.promise);
  const breaker = { ...DEFAULT_GUARDS.breaker, minCalls: 1 };
  const ask = guarded(inner, { guards: { ...DEFAULT_GUARDS, breaker, concurrency: { max: 2, queue: 100 } } });
  void ask();
  const second = ask();
  const waiting = Array.from({ length: 10 }, () => ask());
  hanging[1]!.resolve(failed(FetchFailure.timeout));
  await second;
  for (const answer of waiting) expect((await answer).failure).toBe(FetchFailure.unsent);
  expect((await ask()).failure).toBe(FetchFailure.unsent); // although the first one still hangs
  expect(inner.asked).toHaveLength(2);
});

test('who shares a fetch shares its retries', async () => {
  const inner = createScriptedTransport((number) => (number === 6 ? failed(FetchFailure.unreachable) : good));
  const ask = guarded(inner, { identityOf: () => 'everybody' });
  for (let sent = 0; sent < 5; sent += 1) await ask(); // five calls earn a retry
  const answers = await Promise.all([ask(), ask(), ask()]);
  expect(answers).toEqual([good, good, good]);
  expect(inner.asked).toHaveLength(7);
});
