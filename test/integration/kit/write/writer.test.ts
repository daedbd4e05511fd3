import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';

import sql from 'sql-template-tag';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';

import { ALL_WALLS, createWriter, refuse, invalidInput, systemClock } from '@tributary/kit';
import type { Actor, Clock, Database, IdempotencyKey, Refusal, Walls, WriteTransaction } from '@tributary/kit';

import { startTestPostgres } from '../../../kit/postgres.ts';
import type { TestDatabase } from '../../../kit/postgres.ts';
import { openTestDatabase } from '../../../kit/tellers.ts';

let world: TestDatabase;
let database: Database;
beforeAll(async () => {
  world = await startTestPostgres();
  await world.query(`CREATE TABLE orders.effects (id uuid PRIMARY KEY, made_by text);
    CREATE TABLE orders.counters (id integer PRIMARY KEY, value integer NOT NULL);
    GRANT ALL ON orders.effects, orders.counters TO orders_app`);
  database = await openTestDatabase(world.urls.orders);
});
afterAll(async () => {
  await database.stop();
  await world[Symbol.asyncDispose]();
});
beforeEach(async () => {
  await world.query('TRUNCATE orders.effects, orders.counters, orders.idempotency_keys, orders.outbox');
});

const alice: Actor = { type: 'user', id: '018f0000-0000-7000-8000-00000000000a' };
const bob: Actor = { type: 'user', id: '018f0000-0000-7000-8000-00000000000b' };
const traceparent = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01';

const writerAt = (walls: Partial<Walls> = {}, clock: Clock = systemClock) =>
  createWriter({ database, schema: 'orders', clock, walls: { ...ALL_WALLS, ...walls }, onPublished: () => undefined });

const keyOf = (
  input: unknown = { amount: 5n },
  key = 'one-and-the-same-key',
  operation = 'orderPlace',
): IdempotencyKey => ({
  operation,
  key,
  input,
});

/** Makes one row and keeps its id. */
const makeEffect = async (tx: WriteTransaction) => {
  const id = randomUUID();
  await tx.query(sql`INSERT INTO orders.effects VALUES (${id}, ${tx.actor.id})`);
  return { result: id, ids: { effect: id } };
};

const once = (key = keyOf(), actor = alice, writer = writerAt()) =>
  writer.writeOnce({ actor, traceparent }, key, makeEffect);
const idOf = (outcome: Awaited<ReturnType<typeof once>>) => (outcome.replayed ? outcome.ids.effect : outcome.result);
const countEffects = async () => (await world.query('SELECT FROM orders.effects')).length;
const codesOf = (calling: Promise<unknown>) =>
  calling.then(
    () => 'no refusal',
    (error: Refusal) => error.userErrors.map(({ code, field }) => [code, field?.join('.')]),
  );

describe('an idempotency key', () => {
  test('that fifty calls carry at once has one effect, and all of them learn of the same one', async () => {
    const outcomes = await Promise.all(Array.from({ length: 50 }, () => once()));
    expect(await countEffects()).toBe(1);
    expect(new Set(outcomes.map(idOf)).size).toBe(1);
    expect(outcomes.filter(({ replayed }) => !replayed)).toHaveLength(1);
  });

  test('without the record of keys has as many effects as calls', async () => {
    const careless = writerAt({ idempotency: false });
    await Promise.all(Array.from({ length: 5 }, () => once(keyOf(), alice, careless)));
    expect(await countEffects()).toBe(5);
  });

  test('is refused with other input, and holds for input that says the same in another order', async () => {
    await once(keyOf({ amount: 5n, lines: [1, 2] }));
    const reused = [['IDEMPOTENCY_KEY_REUSED', 'input.idempotencyKey']];
    expect(await codesOf(once(keyOf({ amount: 6n, lines: [1, 2] })))).toEqual(reused);
    expect(await codesOf(once(keyOf({ amount: '5', lines: [1, 2] })))).toEqual(reused);
    expect(await codesOf(once(keyOf({ amount: 5n, lines: [2, 1] })))).toEqual(reused);
    expect(await once(keyOf({ lines: [1, 2], amount: 5n, note: undefined }))).toMatchObject({ replayed: true });
    expect(await countEffects()).toBe(1);
  });

  test('belongs to its caller and its mutation', async () => {
    const outcomes = [
      await once(),
      await once(keyOf(), bob),
      await once(keyOf({ amount: 5n }, undefined, 'orderCancel')),
    ];
    expect(outcomes.map(({ replayed }) => replayed)).toEqual([false, false, false]);
    expect(await countEffects()).toBe(3);
  });

  test('is free again when its call was refused or failed', async () => {
    const writer = writerAt();
    const refused = writer.writeOnce({ actor: alice, traceparent }, keyOf(), async (tx) => {
      await makeEffect(tx);
      return refuse(invalidInput('No.', ['input', 'amount']));
    });
    expect(await codesOf(refused)).toEqual([['INVALID_INPUT', 'input.amount']]);
    expect(await countEffects()).toBe(0);
    expect(await once(keyOf({ amount: 7n }))).toMatchObject({ replayed: false });
  });

  test('whose first call takes too long is refused as still in use', async () => {
    const { promise: started, resolve: start } = Promise.withResolvers<void>();
    const first = writerAt().writeOnce({ actor: alice, traceparent }, keyOf(), async (tx) => {
      start();
      await sleep(1_500); // the connection of a transaction may idle for two seconds here
      await tx.query(sql`SELECT pg_sleep(1.5)`);
      return makeEffect(tx);
    });
    await started;
    expect(await codesOf(once())).toEqual([['IDEMPOTENCY_KEY_IN_USE', 'input.idempotencyKey']]);
    await first;
    expect(await once()).toMatchObject({ replayed: true });
  });

  test('is forgotten after thirty days', async () => {
    await once();
    await world.query(`UPDATE orders.idempotency_keys SET expires_at = now() - interval '1 second'`);
    expect(await once(keyOf({ amount: 9n }))).toMatchObject({ replayed: false });
    const [{ days } = { days: 0 }] = await world.query<{ days: number }>(
      'SELECT round(extract(epoch FROM expires_at - now()) / 86400)::integer AS days FROM orders.idempotency_keys',
    );
    expect(days).toBe(30);
  });
});

test('a transaction that the database broke off for another one is repeated, and counted once', async () => {
  await world.query('INSERT INTO orders.counters VALUES (1, 0), (2, 0)');
  const lock = (first: number, second: number) =>
    writerAt().write({ actor: alice, traceparent }, async (tx) => {
      tx.audit({ action: 'count', object: null });
      await tx.query(sql`UPDATE orders.counters SET value = value + 1 WHERE id = ${first}`);
      await sleep(100);
      await tx.query(sql`UPDATE orders.counters SET value = value + 1 WHERE id = ${second}`);
    });
  await Promise.all([lock(1, 2), lock(2, 1)]); // a deadlock, certainly
  expect(await world.query('SELECT value FROM orders.counters')).toEqual([{ value: 2 }, { value: 2 }]);
  expect(await world.query(`SELECT FROM orders.audit_log WHERE action = 'count'`)).toHaveLength(2);
});

test('the audit entry names who did what to which object, under which trace', async () => {
  const id = randomUUID();
  await writerAt().write({ actor: alice, traceparent }, async (tx) => {
    tx.audit({ action: 'orderPlace', object: { type: 'Order', id }, details: { lines: 2 } });
    return Promise.resolve();
  });
  expect(
    await world.query(
      `SELECT actor_type, actor_id, action, object_type, object_id, allowed, details, trace_id FROM orders.audit_log WHERE object_id = $1`,
      [id],
    ),
  ).toEqual([
    {
      actor_type: 'user',
      actor_id: alice.id,
      action: 'orderPlace',
      object_type: 'Order',
      object_id: id,
      allowed: true,
      details: { lines: 2 },
      trace_id: '4bf92f3577b34da6a3ce929d0e0e4736',
    },
  ]);
});

test.each(['UPDATE orders.audit_log SET allowed = false', 'DELETE FROM orders.audit_log', 'TRUNCATE orders.audit_log'])(
  'nobody gets past the audit log being append-only: %s',
  async (statement) => {
    await expect(database.query({ text: statement, values: [] } as never)).rejects.toThrow('permission denied');
    await expect(world.query(statement)).rejects.toThrow('the audit log is append-only');
  },
);
