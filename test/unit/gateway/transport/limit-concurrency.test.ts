import { expect, test } from 'vitest';

import { limitConcurrency } from '@tributary/gateway/transport/limit-concurrency';
import { FetchFailure } from '@tributary/gateway/transport/subgraph-transport';
import type { SubgraphCall } from '@tributary/kit/subgraph';

import { collectLogs } from '../../../kit/collect-logs.ts';
import { callWith, createScriptedTransport, fetchOf, good, pending } from './scripted-transport.ts';

/** Two fetches at a time, two more may wait. Fetches are answered by hand, in any order. */
function limited({ queue = 2 }: { queue?: number } = {}) {
  const answers: ReturnType<typeof pending>[] = [];
  const inner = createScriptedTransport(() => {
    answers.push(pending());
    return answers.at(-1)!.promise;
  });
  const { logger, lines } = collectLogs();
  let now = Date.now();
  const transport = limitConcurrency(inner, {
    settings: { max: 2, queue },
    clock: { now: () => new Date(now) },
    logger,
  });
  return {
    inner,
    lines,
    passTime: (ms: number) => void (now += ms),
    ask: (changes: Partial<SubgraphCall> = {}) => transport.execute(fetchOf, callWith(changes), 'query'),
    /** Answers one of the fetches that were sent. */
    answer: (index: number) => answers[index]!.resolve(good),
  };
}

/** Lets everything go on that waits for nothing but its turn in this process. */
const settle = () => new Promise((resolve) => setImmediate(resolve));

test('so many fetches are on their way, the others follow in the order in which they came', async () => {
  const { inner, ask, answer } = limited();
  const [first, , third, fourth] = ['1', '2', '3', '4'].map((requestId) => ask({ requestId }));
  expect(inner.asked).toHaveLength(2);
  answer(0);
  await first;
  await settle();
  expect(inner.asked.map(({ call }) => call.requestId)).toEqual(['1', '2', '3']);
  answer(1);
  answer(2);
  await third;
  await settle();
  answer(3);
  expect(await fourth).toBe(good);
});

test('what does not fit into the queue is refused at once, and sent to nobody', async () => {
  const { inner, ask } = limited();
  for (let sent = 0; sent < 4; sent += 1) void ask();
  expect(await ask()).toMatchObject({
    data: null,
    errors: [{ code: 'SUBGRAPH_UNAVAILABLE' }],
    failure: FetchFailure.unsent,
  });
  expect(inner.asked).toHaveLength(2);
});

test('refusals are logged at most every five seconds, with their number', async () => {
  const { lines, ask, passTime } = limited({ queue: 0 });
  void ask();
  void ask();
  for (let sent = 0; sent < 100; sent += 1) await ask();
  expect(lines.map(({ refused }) => refused)).toEqual([1]);
  passTime(5_000);
  await ask();
  expect(lines.map(({ refused }) => refused)).toEqual([1, 100]);
});

test('who waits for a turn waits until the deadline and no longer', async () => {
  const { inner, ask, answer } = limited();
  const first = ask();
  void ask();
  const late = await ask({ deadline: Date.now() + 30 });
  expect(late).toMatchObject({ errors: [{ code: 'SUBGRAPH_TIMEOUT' }], failure: FetchFailure.unsent });
  answer(0);
  await first;
  await settle();
  expect(inner.asked).toHaveLength(2); // it has left the line
});

test('who is gone leaves the line, and the next one gets the turn', async () => {
  const { inner, ask, answer } = limited();
  const first = ask();
  void ask();
  const client = new AbortController();
  const gone = ask({ requestId: 'gone', signal: client.signal });
  void ask({ requestId: 'next' });
  client.abort();
  expect((await gone).failure).toBe(FetchFailure.canceled);
  expect((await ask({ signal: client.signal })).failure).toBe(FetchFailure.canceled);
  answer(0);
  await first;
  await settle();
  expect(inner.asked.map(({ call }) => call.requestId)).toEqual(['r-1', 'r-1', 'next']);
});
