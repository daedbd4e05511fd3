import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';

import pg from 'pg';
import sql from 'sql-template-tag';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';

import type { EventEnvelope, EventHandlers, EventTransport } from '@tributary/kit';

import { startTestPostgres } from '../../../kit/postgres.ts';
import type { TestDatabase } from '../../../kit/postgres.ts';
import { bySystem, eventually, pending, startTeller, tell } from '../../../kit/tellers.ts';
import type { Teller } from '../../../kit/tellers.ts';

let database: TestDatabase;
beforeEach(async () => {
  database = await startTestPostgres();
  // Where the effects of handled events stand; the order of its rows is the order of the effects.
  await database.query(`CREATE TABLE billing.effects (n serial, aggregate uuid NOT NULL, number integer NOT NULL);
    GRANT ALL ON billing.effects, billing.effects_n_seq TO billing_app`);
});
afterEach(() => database[Symbol.asyncDispose]());

const record: EventHandlers = {
  'order.placed': async (tx, event: EventEnvelope<{ number: number }>) => {
    await tx.query(
      sql`INSERT INTO billing.effects (aggregate, number) VALUES (${event.aggregateId}, ${event.data.number})`,
    );
  },
};

async function effects(): Promise<Map<string, number[]>> {
  const rows = await database.query<{ aggregate: string; number: number }>(
    'SELECT aggregate, number FROM billing.effects ORDER BY n',
  );
  const found = new Map<string, number[]>();
  for (const { aggregate, number } of rows) found.set(aggregate, [...(found.get(aggregate) ?? []), number]);
  return found;
}

const aggregates = (count: number) => Array.from({ length: count }, () => randomUUID());
const ONE_TO_TEN = Array.from({ length: 10 }, (_, index) => index + 1);

async function tellAll(writer: Parameters<typeof tell>[0], ids: readonly string[]): Promise<void> {
  const telling = ids.map(async (id) => {
    for (const number of ONE_TO_TEN) await tell(writer, id, number);
  });
  const failed = (await Promise.allSettled(telling)).find(({ status }) => status === 'rejected');
  if (failed) await Promise.reject((failed as PromiseRejectedResult).reason as Error);
}

test('every event has its effect once, in order within its aggregate, though all are delivered three times to two consumers', async () => {
  const thrice = (transport: EventTransport): EventTransport => ({
    ...transport,
    async publish(topic, events) {
      await transport.publish(topic, events);
      // While it waits an event that comes again is the same row, so the repetitions come when it may be gone already.
      for (const again of [1, 2]) {
        await sleep(20 * again);
        await transport.publish(topic, events);
      }
    },
  });
  await using orders = await startTeller('orders', database, { disturb: thrice });
  await using _first = await startTeller('billing', database, { handlers: record });
  await using _second = await startTeller('billing', database, { handlers: record });
  const ids = aggregates(8);
  await tellAll(orders.writer, ids);
  await eventually(
    () => pending(database),
    (count) => count === 0,
  );
  const found = await effects();
  expect(ids.map((id) => found.get(id))).toEqual(ids.map(() => ONE_TO_TEN));
});

test('without the inbox an event that is delivered again has its effect again', async () => {
  await using orders = await startTeller('orders', database);
  await using billing = await startTeller('billing', database, { handlers: record, walls: { inbox: false } });
  const [id] = aggregates(1);
  await tell(orders.writer, id!, 1);
  await eventually(effects, (found) => found.size === 1);
  const [event] = await database.query<{ id: string }>('SELECT id FROM orders.outbox');
  const envelope = { id: event!.id, type: 'order.placed', aggregateId: id!, data: { number: 1 } } as never;
  await billing.transport.publish('orders', [envelope]);
  await eventually(effects, (found) => found.get(id!)!.length === 2);
});

test('a transaction that is rolled back tells nobody, one that commits tells', async () => {
  await using orders = await startTeller('orders', database);
  await using _billing = await startTeller('billing', database, { handlers: record });
  const [lost, kept] = aggregates(2);
  const failing = orders.writer.write(bySystem, async (tx) => {
    tx.publish({
      type: 'order.placed',
      aggregateType: 'Order',
      aggregateId: lost!,
      aggregateVersion: 1,
      data: { number: 1 },
    });
    await tx.query(sql`SELECT 1 / 0`);
  });
  await expect(failing).rejects.toThrow('division by zero');
  await tell(orders.writer, kept!, 1);
  await eventually(effects, (found) => found.size > 0);
  expect([...(await effects()).keys()]).toEqual([kept]);
});

test('an event that cannot be written takes the change back with it; without the outbox in the transaction the change would stand alone', async () => {
  await using orders = await startTeller('orders', database);
  await using careless = await startTeller('orders', database, { walls: { outbox: false } });
  await database.query(`CREATE TABLE orders.changes (number integer); GRANT ALL ON orders.changes TO orders_app;
    REVOKE INSERT ON orders.outbox FROM orders_app`);
  const change = ({ writer }: Teller, number: number) =>
    writer.write(bySystem, async (tx) => {
      await tx.query(sql`INSERT INTO orders.changes VALUES (${number})`);
      tx.publish({
        type: 'order.placed',
        aggregateType: 'Order',
        aggregateId: randomUUID(),
        aggregateVersion: 1,
        data: {},
      });
    });
  await expect(change(orders, 1)).rejects.toThrow('permission denied');
  await expect(change(careless, 2)).rejects.toThrow('permission denied');
  expect(await database.query('SELECT number FROM orders.changes')).toEqual([{ number: 2 }]);
});

test('a transaction that is held open while later ones commit is told of all the same', async () => {
  await using orders = await startTeller('orders', database);
  await using _billing = await startTeller('billing', database, { handlers: record });
  const [early, late] = aggregates(2);
  const slow = new pg.Client({ connectionString: database.urls.orders });
  await slow.connect();
  try {
    await slow.query('BEGIN');
    await slow.query(
      `INSERT INTO orders.outbox (id, topic, key, type, schema_version, payload, headers)
       VALUES (gen_random_uuid(), 'orders', $1, 'order.placed', 1, '{"number": 1}', '{}')`,
      [early],
    );
    await tell(orders.writer, late!, 1);
    await eventually(effects, (found) => found.has(late!));
    await slow.query('COMMIT');
  } finally {
    await slow.end();
  }
  await eventually(effects, (found) => found.has(early!));
});

describe('an event that cannot be handled', () => {
  const poisoned: EventHandlers = {
    'order.placed': async (tx, event: EventEnvelope<{ number: number }>) => {
      if (event.data.number === 2 && !mended) throw new Error('This is poison.');
      await record['order.placed']!(tx, event as never);
    },
  };
  let mended = false;
  beforeEach(() => void (mended = false));

  test('goes to the dead letters; other aggregates do not wait for it, its own goes on after it; a replay brings its effect', async () => {
    await using orders = await startTeller('orders', database);
    await using _billing = await startTeller('billing', database, { handlers: poisoned });
    const [sick, healthy] = aggregates(2);
    for (const number of [1, 2, 3]) await tell(orders.writer, sick!, number);
    await tell(orders.writer, healthy!, 1);
    await eventually(effects, (found) => found.get(healthy!)?.length === 1);
    expect((await effects()).get(sick!)).toEqual([1]);

    // Eight attempts with growing pauses take half a minute; the queue's own clock is moved on instead.
    const moveOn = () => database.query('UPDATE events.queue SET available_at = now()');
    await eventually(
      async () => {
        await moveOn();
        return (await effects()).get(sick!);
      },
      (numbers) => numbers?.length === 2,
    );
    expect((await effects()).get(sick!)).toEqual([1, 3]);
    expect(await database.query('SELECT consumer, error, attempts FROM billing.dead_letters')).toEqual([
      { consumer: 'billing', error: 'Error: This is poison.', attempts: 8 },
    ]);

    mended = true;
    await database.query('UPDATE billing.dead_letters SET replay_requested_at = now()');
    await eventually(effects, (found) => found.get(sick!)?.length === 3);
    await eventually(
      () => database.query('SELECT FROM billing.dead_letters'),
      (left) => left.length === 0,
    );
  });
});

test('events wait for a consumer that is away, and for one that never ran before', async () => {
  await using orders = await startTeller('orders', database);
  const [id] = aggregates(1);
  await tell(orders.writer, id!, 1);
  await eventually(
    () => database.query('SELECT FROM orders.outbox WHERE published_at IS NULL'),
    (rows) => rows.length === 0,
  );
  await using _billing = await startTeller('billing', database, { handlers: record });
  await eventually(effects, (found) => found.has(id!));
});

test('of two replicas one publishes; when it is gone the other takes over', async () => {
  const seen: string[] = [];
  const watching = (name: string) => (transport: EventTransport) => ({
    ...transport,
    publish: (topic: string, events: readonly EventEnvelope[]) => {
      seen.push(name);
      return transport.publish(topic, events);
    },
  });
  const first = await startTeller('orders', database, { disturb: watching('first') });
  await eventually(
    () => database.query(`SELECT FROM pg_locks WHERE locktype = 'advisory' AND granted`),
    (locks) => locks.length > 0,
  );
  await using second = await startTeller('orders', database, { disturb: watching('second') });
  try {
    // Also what the other one writes is published by the first.
    await tell(second.writer, randomUUID(), 1);
    await eventually(
      () => seen.length,
      (count) => count === 1,
    );
  } finally {
    await first[Symbol.asyncDispose]();
  }
  await tell(second.writer, randomUUID(), 1);
  await eventually(
    () => seen.length,
    (count) => count === 2,
  );
  expect(seen).toEqual(['first', 'second']);
});

test('a connection that the server ends is made again, and nothing is lost', async () => {
  await using orders = await startTeller('orders', database);
  await using _billing = await startTeller('billing', database, { handlers: record });
  const ids = aggregates(4);
  const telling = tellAll(orders.writer, ids).catch(() => undefined);
  await sleep(50);
  await database.query(
    `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()`,
  );
  await telling;
  const written = await eventually(
    () =>
      database.query<{ key: string; count: number }>('SELECT key, count(*)::integer FROM orders.outbox GROUP BY key'),
    (rows) => rows.length > 0,
  );
  await eventually(
    () => pending(database),
    (count) => count === 0,
  );
  const found = await effects();
  for (const { key, count } of written) expect(found.get(key)).toEqual(ONE_TO_TEN.slice(0, count));
});
