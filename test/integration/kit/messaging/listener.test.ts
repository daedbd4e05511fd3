import pg from 'pg';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';

import { startListener } from '@tributary/kit/messaging/listener';
import type { Listener } from '@tributary/kit/messaging/listener';

import { startTestPostgres } from '../../../kit/postgres.ts';
import type { TestDatabase } from '../../../kit/postgres.ts';
import { silentLogger } from '../../../kit/tellers.ts';

let database: TestDatabase;
beforeEach(async () => {
  database = await startTestPostgres();
});
afterEach(() => database[Symbol.asyncDispose]());

type Query = (this: pg.Client, ...statement: unknown[]) => Promise<unknown>;

/** How many statements one connection was given at most before it was done with the others. The driver keeps them in a queue, and will not. */
function watchConnections(): () => number {
  const driver = pg.Client.prototype as unknown as { query: Query };
  const { query } = driver;
  const underWay = new Map<pg.Client, number>();
  let most = 0;
  vi.spyOn(driver, 'query').mockImplementation(async function (this: pg.Client, ...statement) {
    const count = (underWay.get(this) ?? 0) + 1;
    underWay.set(this, count);
    most = Math.max(most, count);
    try {
      return await query.apply(this, statement);
    } finally {
      underWay.set(this, underWay.get(this)! - 1);
    }
  });
  return () => most;
}

test('the connection that listens is given one statement at a time, though there is something to tell while it asks for the lock', async () => {
  const most = watchConnections();
  let woken = 0;
  const options = { url: database.urls.billing, applicationName: 'test', logger: silentLogger };
  const hearer = await startListener({ ...options, channel: 'news', onWake: () => (woken += 1) });
  await expect.poll(() => woken).toBe(1); // it listens
  // Woken when it is connected, right before it asks for the lock.
  const teller: Listener = await startListener({
    ...options,
    channel: 'other_news',
    lock: 'one of many',
    onWake: () => teller.notify('news'),
  });
  try {
    await expect.poll(() => woken).toBeGreaterThan(1);
    await expect.poll(() => teller.holdsLock()).toBe(true);
    for (let each = 0; each < 10; each += 1) teller.notify('news');
    const heard = woken;
    await expect.poll(() => woken).toBeGreaterThan(heard);
    expect(most()).toBe(1);
  } finally {
    await teller.stop();
    await hearer.stop();
  }
});

test('of two that want the same lock one has it, and the other when that one is gone, also when its connection was cut', async () => {
  const start = () =>
    startListener({
      url: database.urls.billing,
      applicationName: 'test',
      channel: 'news',
      lock: 'one of many',
      onWake: () => undefined,
      logger: silentLogger,
    });
  const first = await start();
  await expect.poll(() => first.holdsLock()).toBe(true);
  const second = await start();
  try {
    const listening = `SELECT pid FROM pg_stat_activity WHERE application_name = 'test-listener' AND datname = current_database()`;
    await expect.poll(async () => (await database.query(listening)).length).toBe(2);
    expect(second.holdsLock()).toBe(false);
    await database.query(
      `SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' AND granted
        AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`,
    );
    await expect
      .poll(() => [first.holdsLock(), second.holdsLock()].filter(Boolean).length, { timeout: 10_000 })
      .toBe(1);
    // Whoever has it now gives it to the other one by ending.
    const [holder, other] = first.holdsLock() ? [first, second] : [second, first];
    await holder.stop();
    await expect.poll(() => other.holdsLock(), { timeout: 10_000 }).toBe(true);
  } finally {
    await first.stop();
    await second.stop();
  }
});
