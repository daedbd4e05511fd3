import { expect, test } from 'vitest';

import { createTurns } from '@tributary/gateway/execution/turns';

const AT_ONCE = 6;

/** Work that ends by hand, in a process that is busy until it is told to be idle. */
function busyProcess() {
  let events = 0;
  let isIdle = false;
  let now = Date.now();
  const inTurn = createTurns({
    clock: { now: () => new Date(now) },
    countEvents: () => (isIdle ? events : (events += 1)),
  });
  const begun: number[] = [];
  const ends: PromiseWithResolvers<number>[] = [];
  return {
    begun,
    becomeIdle: () => void (isIdle = true),
    passTime: (ms: number) => void (now += ms),
    begin: (number: number) =>
      inTurn(() => {
        begun.push(number);
        const end = (ends[number] = Promise.withResolvers<number>());
        return end.promise;
      }),
    end: (number: number) => ends[number]!.resolve(number),
    fail: (number: number) => ends[number]!.reject(new Error('The work failed.')),
  };
}

/** So long that whatever waits for the loop has had its chance. */
async function rounds(count = 20): Promise<void> {
  for (let round = 0; round < count; round += 1) await new Promise((resolve) => setImmediate(resolve));
}

const upTo = (count: number) => Array.from({ length: count }, (_, number) => number);

test('a busy process has so much work under way, and what waits begins in its order when something ends', async () => {
  const { begun, begin, end } = busyProcess();
  const done = upTo(AT_ONCE + 2).map(begin);
  await rounds();
  expect(begun).toEqual(upTo(AT_ONCE));
  end(3);
  expect(await done[3]).toBe(3);
  await rounds();
  expect(begun).toEqual(upTo(AT_ONCE + 1));
  end(0);
  await rounds();
  expect(begun).toEqual(upTo(AT_ONCE + 2));
});

test('work that fails makes room as well, and tells its own caller', async () => {
  const { begun, begin, fail } = busyProcess();
  const done = upTo(AT_ONCE + 1).map(begin);
  await rounds();
  fail(1);
  await expect(done[1]).rejects.toThrow('The work failed.');
  await rounds();
  expect(begun).toEqual(upTo(AT_ONCE + 1));
});

test('an idle process begins everything, whatever is under way', async () => {
  const { begun, begin, becomeIdle } = busyProcess();
  void upTo(30).map(begin);
  await rounds();
  expect(begun).toEqual(upTo(AT_ONCE));
  becomeIdle();
  await rounds(40);
  expect(begun).toEqual(upTo(30));
});

test('nothing waits for longer than a quarter of a second, however busy the process is', async () => {
  const { begun, begin, passTime } = busyProcess();
  void upTo(AT_ONCE + 3).map(begin);
  passTime(249);
  await rounds();
  expect(begun).toEqual(upTo(AT_ONCE));
  passTime(1);
  await rounds();
  expect(begun).toEqual(upTo(AT_ONCE + 3));
});

test('with the events of the real loop, work that waits for something slow does not hold up the rest', async () => {
  const inTurn = createTurns({ clock: { now: () => new Date(0) } });
  const begun: number[] = [];
  const slow = Promise.withResolvers<undefined>();
  const done = upTo(50).map((number) =>
    inTurn(() => {
      begun.push(number);
      return slow.promise;
    }),
  );
  await expect.poll(() => begun).toEqual(upTo(50));
  slow.resolve(undefined);
  await Promise.all(done);
});
