import { setTimeout as sleep } from 'node:timers/promises';

import { expect, test } from 'vitest';

import { startPoll } from '@tributary/gateway/supergraph-sources/poll';

const NEVER_MS = 3_600_000;

/** Looks that end when the test says so. */
function createLooks() {
  const looks: PromiseWithResolvers<void>[] = [];
  return {
    look: () => {
      looks.push(Promise.withResolvers<void>());
      return looks.at(-1)!.promise;
    },
    begun: () => looks.length,
    async end() {
      looks.at(-1)!.resolve();
      await sleep(0);
    },
  };
}

test('whoever asks while a look is under way gets one more after it, together with all others', async () => {
  const looks = createLooks();
  const poll = startPoll(looks.look, NEVER_MS);
  for (let times = 0; times < 3; times += 1) poll.lookNow();
  expect(looks.begun()).toBe(1);
  poll.lookNow();
  await looks.end();
  expect(looks.begun()).toBe(2);
  await looks.end();
  expect(looks.begun()).toBe(2);
  poll.lookNow();
  expect(looks.begun()).toBe(3);
  await looks.end();
  await poll.stop();
});

test('stopping waits for a look that is under way, and there is none after it, though one was asked for', async () => {
  const looks = createLooks();
  const poll = startPoll(looks.look, 1);
  poll.lookNow();
  poll.lookNow();
  let stopped = false;
  const stopping = poll.stop().then(() => (stopped = true));
  await sleep(0);
  expect(stopped).toBe(false);
  await looks.end();
  await stopping;
  poll.lookNow();
  await sleep(20);
  expect(looks.begun()).toBe(1);
});
