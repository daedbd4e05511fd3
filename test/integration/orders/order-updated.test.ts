import pg from 'pg';
import sql from 'sql-template-tag';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';

import { SYSTEM } from '@tributary/kit';
import { orderChanged } from '@tributary/orders/events';
import { lockOrder } from '@tributary/orders/order/order-writes.repository';

import type { Subscriber } from '../../kit/subscriber.ts';
import { invoiceOf, tell } from './billing-world.ts';
import type { SavedOrder } from './checkout-world.ts';
import { ALL, buyer, organizationId, startOrderUpdates } from './order-updates-world.ts';
import type { OrderUpdated, OrderUpdatesWorld } from './order-updates-world.ts';
import { apiClient, customer, insertOrder, orderId } from './orders-world.ts';

// What those who follow orders hear of them.

let world: OrderUpdatesWorld;
beforeAll(async () => {
  world = await startOrderUpdates();
});
afterAll(() => world[Symbol.asyncDispose]());
afterEach(() => world.clear());

test('each change of an order is told once, in order, with the order as it is then', async () => {
  const draft = await world.draft(buyer);
  const subscriber = await world.follow(buyer, draft.id);
  const updated = await world.changeNote(draft);
  expect(await subscriber.next()).toEqual({
    eventId: expect.stringMatching(/^[0-9a-f-]{36}$/) as string,
    type: 'UPDATED',
    occurredAt: expect.stringMatching(/Z$/) as string,
    order: { id: draft.id, status: 'DRAFT', version: updated.version },
  });
  const placed = (await world.place(buyer, updated)).order!;
  expect(await subscriber.next()).toMatchObject({ type: 'PLACED', order: { status: 'PENDING' } });
  const uuidOfOrder = (await world.database.query<{ id: string }>('SELECT id FROM orders.orders'))[0]!.id;
  const invoice = invoiceOf(uuidOfOrder);
  await tell(world, invoice, 1, 'invoice.finalized', {
    paymentStatus: 'UNPAID',
    onAccount: false,
    dueOn: '2030-01-01',
  });
  await tell(world, invoice, 2, 'payment.captured', { paymentStatus: 'PAID' });
  await tell(world, invoice, 3, 'invoice.paid', { paymentStatus: 'PAID' });
  expect((await subscriber.next()).type).toBe('PAYMENT_UPDATED');
  expect((await subscriber.next()).type).toBe('PAYMENT_UPDATED');
  const confirmed = await subscriber.next();
  expect(confirmed).toMatchObject({ type: 'CONFIRMED', order: { status: 'CONFIRMED' } });
  await cancel({ ...placed, version: confirmed.order.version });
  expect(await subscriber.next()).toMatchObject({ type: 'CANCELED', order: { status: 'CANCELED' } });
});

test('a refused change and one that is rolled back tell nothing', async () => {
  const draft = await world.draft(buyer);
  const subscriber = await world.follow(buyer, draft.id);
  const refused = await world.update(buyer, { ...draft, version: 99 }, { customerNote: 'Too late' });
  expect(refused.userErrors).toMatchObject([{ code: 'VERSION_CONFLICT' }]);
  const failing = world.subgraph.writer.write({ actor: SYSTEM, traceparent: null }, async (tx) => {
    const order = await lockOrder(tx, await onlyOrder(), [sql`TRUE`]);
    tx.publish(orderChanged('order.updated', order!));
    // The message is written with the last statement of the transaction, and COMMIT fails after it.
    await tx.query(sql`CREATE TEMPORARY TABLE late (n integer UNIQUE DEFERRABLE INITIALLY DEFERRED)`);
    await tx.query(sql`INSERT INTO late VALUES (1), (1)`);
  });
  await expect(failing).rejects.toThrow();
  await cancel(draft);
  expect((await subscriber.next()).type).toBe('CANCELED');
});

test('a change that is held open is told of when it commits, and holds up no other', async () => {
  const [held, other] = [await world.draft(buyer), await world.draft(buyer)];
  const slow = await world.follow(buyer, held.id);
  const quick = await world.follow(buyer, other.id);
  const told = slow.next();
  const client = new pg.Client({ connectionString: world.database.urls.orders });
  await client.connect();
  try {
    await client.query('BEGIN');
    await client.query(
      `INSERT INTO orders.outbox (id, topic, key, type, schema_version, payload, headers, subjects)
        SELECT gen_random_uuid(), 'orders', id, 'order.updated', 1, '{}', '{"occurredAt": "2026-05-01T00:00:00.000Z"}', ARRAY[id]
        FROM orders.orders ORDER BY id LIMIT 1`,
    );
    for (const type of ['UPDATED', 'CANCELED']) {
      if (type === 'UPDATED') Object.assign(other, await world.changeNote(other));
      else await cancel(other);
      expect((await quick.next()).type).toBe(type);
    }
    expect(await Promise.race([told, Promise.resolve('silence')])).toBe('silence');
    await client.query('COMMIT');
  } finally {
    await client.end();
  }
  expect((await told).occurredAt).toBe('2026-05-01T00:00:00.000Z');
});

test('every replica tells its own subscribers, wherever the change was made', async () => {
  await using second = await world.replica();
  const draft = await world.draft(buyer);
  const here = await world.follow(buyer, draft.id);
  const there = await world.follow(buyer, draft.id, { subgraph: second });
  let order = draft;
  for (let number = 1; number <= 20; number += 1) order = await world.changeNote(order, `Note ${number}`);
  const hear = async (subscriber: Subscriber<OrderUpdated>) => {
    const ids: string[] = [];
    for (let number = 1; number <= 20; number += 1) ids.push((await subscriber.next()).eventId);
    return ids;
  };
  const [first, again] = await Promise.all([hear(here), hear(there)]);
  expect(new Set(first).size).toBe(20);
  expect(again).toEqual(first);
  expect(first).toEqual(
    (
      await world.database.query<{ id: string }>(
        `SELECT id FROM orders.outbox WHERE type = 'order.updated' ORDER BY position`,
      )
    ).map(({ id }) => id),
  );
});

test('what commits while the connection that listens is gone is told all the same', async () => {
  const draft = await world.draft(buyer);
  const subscriber = await world.follow(buyer, draft.id);
  let order = draft;
  for (let number = 1; number <= 3; number += 1) {
    const [gone] = await world.database.query<{ ended: boolean }>(
      `SELECT bool_or(pg_terminate_backend(pid)) AS ended FROM pg_stat_activity
        WHERE datname = current_database() AND application_name = 'tributary-orders-changes-listener'`,
    );
    expect(gone!.ended === true || number > 1).toBe(true);
    order = await world.changeNote(order, `Note ${number}`);
  }
  for (let number = 1; number <= 3; number += 1) expect((await subscriber.next()).type).toBe('UPDATED');
  await cancel(order);
  expect((await subscriber.next()).type).toBe('CANCELED');
});

test('what was changed before the subscription is not told', async () => {
  const draft = await world.changeNote(await world.draft(buyer));
  const subscriber = await world.follow(buyer, draft.id);
  await cancel(draft);
  expect((await subscriber.next()).type).toBe('CANCELED');
});

test('an organization hears of all that it buys and of what it places as a partner, and of nothing else', async () => {
  await insertOrder(world, { number: 1, organization: 7, buyer: 2 });
  await insertOrder(world, { number: 2, partner: 7, buyer: 3 });
  await insertOrder(world, { number: 3, organization: 8, buyer: 3 });
  const client = await world.follow<{ type: string; order: { id: string } }>(apiClient(7), organizationId(7), {
    query: ALL,
  });
  const member = await world.follow<{ type: string; order: { id: string } }>(
    customer(4, { 7: 'VIEWER' }),
    organizationId(7),
    {
      query: ALL,
    },
  );
  for (const number of [3, 2, 1]) await world.tellOf(number);
  expect([await client.next(), await client.next()].map(({ order }) => order.id)).toEqual([orderId(2), orderId(1)]);
  // What the organization placed as a partner is its client's to see.
  expect((await member.next()).order.id).toBe(orderId(1));
});

test('an event costs the statements of its own selection and no more', async () => {
  const draft = await world.draft(buyer);
  const statements: string[] = [];
  await using second = await world.replica({ onStatement: (text) => statements.push(text) });
  const query = `subscription ($id: ID!) { orderUpdated(orderId: $id) {
    order { id status fulfillmentStatus version shipments { id status trackingNumber } } } }`;
  const subscriber = await world.follow(buyer, draft.id, { query, subgraph: second });
  statements.splice(0);
  await world.changeNote(draft);
  await subscriber.next();
  const ofFeed = (text: string) => text.includes('pg_current_snapshot');
  expect(statements.filter((text) => !ofFeed(text))).toHaveLength(2);
});

/** The rest of a life of an order, so that the next event is known. */
async function cancel(order: SavedOrder): Promise<void> {
  expect((await world.cancel(buyer, order)).userErrors).toEqual([]);
}

async function onlyOrder(): Promise<string> {
  const [order] = await world.database.query<{ id: string }>('SELECT id FROM orders.orders');
  return order!.id;
}
