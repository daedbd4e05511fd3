import pg from 'pg';
import sql from 'sql-template-tag';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';

import { createLogger, SYSTEM, systemClock, toGlobalId } from '@tributary/kit';
import type { Principal, RunningSubgraph } from '@tributary/kit';
import { createOrdersSubgraph } from '@tributary/orders';
import { orderChanged } from '@tributary/orders/events';
import type { OrdersDependencies } from '@tributary/orders';
import { findLines, lockOrder } from '@tributary/orders/order/order-writes.repository';

import { subscribe, tryToSubscribe } from '../../kit/subscriber.ts';
import type { Subscriber } from '../../kit/subscriber.ts';
import { invoiceOf, tell } from './billing-world.ts';
import { startCheckout } from './checkout-world.ts';
import type { CheckoutWorld, SavedOrder } from './checkout-world.ts';
import { apiClient, customer, insertOrder, orderId, service, staff, uuid } from './orders-world.ts';

let world: CheckoutWorld;
beforeAll(async () => {
  world = await startCheckout();
});
afterAll(() => world[Symbol.asyncDispose]());
beforeEach(async () => {
  await world.database.query(
    'TRUNCATE orders.orders, orders.order_sagas, orders.outbox, orders.idempotency_keys CASCADE',
  );
});

interface OrderUpdated {
  eventId: string;
  type: string;
  occurredAt: string;
  order: { id: string; status: string; version: number };
}

const ONE =
  'subscription ($id: ID!) { orderUpdated(orderId: $id) { eventId type occurredAt order { id status version } } }';
const ALL = 'subscription ($id: ID!) { orderUpdated(organizationId: $id) { type order { id } } }';
const organizationId = (number: number) => toGlobalId('Organization', uuid('organization', number));
const buyer = customer(1);

const started: { leave(): Promise<void> }[] = [];
afterEach(() => Promise.all(started.splice(0).map((each) => each.leave())));

async function follow<Event = OrderUpdated>(
  principal: Principal,
  id: string,
  { query = ONE, subgraph = world.subgraph }: { query?: string; subgraph?: RunningSubgraph } = {},
): Promise<Subscriber<Event>> {
  const subscriber = await subscribe<Event>(subgraph, principal, query, { id });
  started.push(subscriber);
  return subscriber;
}

async function replica(options: Partial<OrdersDependencies> = {}): Promise<RunningSubgraph & AsyncDisposable> {
  const subgraph = await createOrdersSubgraph({
    databaseUrl: world.database.urls.orders,
    cursorKey: new Uint8Array(32),
    logger: createLogger({ level: 'silent', name: 'test' }),
    clock: systemClock,
    ...options,
  });
  return { ...subgraph, [Symbol.asyncDispose]: () => subgraph.stop() };
}

const asSaved = (order: SavedOrder | null) => order!;
const update = async (order: SavedOrder, note = 'Ring twice') =>
  asSaved((await world.update(buyer, order, { customerNote: note })).order);

/** The rest of a life of an order, so that the next event is known. */
async function cancel(order: SavedOrder): Promise<void> {
  expect((await world.cancel(buyer, order)).userErrors).toEqual([]);
}

describe('what subscribers hear', () => {
  test('each change of an order is told once, in order, with the order as it is then', async () => {
    const draft = await world.draft(buyer);
    const subscriber = await follow(buyer, draft.id);
    const updated = await update(draft);
    expect(await subscriber.next()).toEqual({
      eventId: expect.stringMatching(/^[0-9a-f-]{36}$/) as string,
      type: 'UPDATED',
      occurredAt: expect.stringMatching(/Z$/) as string,
      order: { id: draft.id, status: 'DRAFT', version: updated.version },
    });
    const placed = asSaved((await world.place(buyer, updated)).order);
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
    const subscriber = await follow(buyer, draft.id);
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
    const slow = await follow(buyer, held.id);
    const quick = await follow(buyer, other.id);
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
        if (type === 'UPDATED') Object.assign(other, await update(other));
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
    await using second = await replica();
    const draft = await world.draft(buyer);
    const here = await follow(buyer, draft.id);
    const there = await follow(buyer, draft.id, { subgraph: second });
    let order = draft;
    for (let number = 1; number <= 20; number += 1) order = await update(order, `Note ${number}`);
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
    const subscriber = await follow(buyer, draft.id);
    let order = draft;
    for (let number = 1; number <= 3; number += 1) {
      const [gone] = await world.database.query<{ ended: boolean }>(
        `SELECT bool_or(pg_terminate_backend(pid)) AS ended FROM pg_stat_activity
          WHERE datname = current_database() AND application_name = 'tributary-orders-changes-listener'`,
      );
      expect(gone!.ended === true || number > 1).toBe(true);
      order = await update(order, `Note ${number}`);
    }
    for (let number = 1; number <= 3; number += 1) expect((await subscriber.next()).type).toBe('UPDATED');
    await cancel(order);
    expect((await subscriber.next()).type).toBe('CANCELED');
  });

  test('what was changed before the subscription is not told', async () => {
    const draft = await update(await world.draft(buyer));
    const subscriber = await follow(buyer, draft.id);
    await cancel(draft);
    expect((await subscriber.next()).type).toBe('CANCELED');
  });

  test('an organization hears of all that it buys and of what it places as a partner, and of nothing else', async () => {
    await insertOrder(world, { number: 1, organization: 7, buyer: 2 });
    await insertOrder(world, { number: 2, partner: 7, buyer: 3 });
    await insertOrder(world, { number: 3, organization: 8, buyer: 3 });
    const client = await follow<{ type: string; order: { id: string } }>(apiClient(7), organizationId(7), {
      query: ALL,
    });
    const member = await follow<{ type: string; order: { id: string } }>(
      customer(4, { 7: 'VIEWER' }),
      organizationId(7),
      {
        query: ALL,
      },
    );
    for (const number of [3, 2, 1]) await change(number);
    expect([await client.next(), await client.next()].map(({ order }) => order.id)).toEqual([orderId(2), orderId(1)]);
    // What the organization placed as a partner is its client's to see.
    expect((await member.next()).order.id).toBe(orderId(1));
  });

  test('an event costs the statements of its own selection and no more', async () => {
    const draft = await world.draft(buyer);
    const statements: string[] = [];
    await using second = await replica({ onStatement: (text) => statements.push(text) });
    const query = `subscription ($id: ID!) { orderUpdated(orderId: $id) {
      order { id status fulfillmentStatus version shipments { id status trackingNumber } } } }`;
    const subscriber = await follow(buyer, draft.id, { query, subgraph: second });
    statements.splice(0);
    await update(draft);
    await subscriber.next();
    const ofFeed = (text: string) => text.includes('pg_current_snapshot');
    expect(statements.filter((text) => !ofFeed(text))).toHaveLength(2);
  });
});

async function onlyOrder(): Promise<string> {
  const [order] = await world.database.query<{ id: string }>('SELECT id FROM orders.orders');
  return order!.id;
}

/** Tells of a change of an order that a test inserted. */
async function change(number: number): Promise<void> {
  await world.subgraph.writer.write({ actor: SYSTEM, traceparent: null }, async (tx) => {
    const order = await lockOrder(tx, uuid('order', number), [sql`TRUE`]);
    await findLines(tx, order!.id);
    tx.publish(orderChanged('order.updated', order!));
  });
}

describe('who may follow', () => {
  beforeEach(() => insertOrder(world, { number: 1, buyer: 1, organization: 7, partner: 8 }));
  const tries = (principal: Principal | null, query: string, id: string) =>
    tryToSubscribe(world.subgraph, principal, query, { id });

  test.each<[string, Principal | null, string]>([
    ['nobody in particular', null, 'UNAUTHENTICATED'],
    ['somebody without the scope', { ...buyer, scopes: [] }, 'FORBIDDEN'],
    ['the buyer', buyer, 'started'],
    ['a member of the organization', customer(2, { 7: 'VIEWER' }), 'started'],
    ['a stranger', customer(3, { 9: 'OWNER' }), 'NOT_FOUND'],
    ['a member of the partner', customer(3, { 8: 'OWNER' }), 'NOT_FOUND'],
    ['the client of the partner', apiClient(8), 'started'],
    ['another client', apiClient(9), 'NOT_FOUND'],
    ['support', staff('SUPPORT'), 'started'],
    ['finance', staff('FINANCE'), 'FORBIDDEN'],
    ['an administrator', staff('ADMIN'), 'FORBIDDEN'],
    ['an administrator who also buys', { ...staff('ADMIN'), roles: ['ADMIN', 'CUSTOMER'] }, 'NOT_FOUND'],
    ['a service', service('orders:read'), 'started'],
  ])('%s at one order', async (_name, principal, outcome) => {
    expect(await tries(principal, ONE, orderId(1))).toBe(outcome);
  });

  test.each<[string, Principal, string]>([
    ['a member', customer(2, { 7: 'VIEWER' }), 'started'],
    ['the buyer, who is none', buyer, 'NOT_FOUND'],
    ['its client', apiClient(7), 'started'],
    ['another client', apiClient(8), 'NOT_FOUND'],
    ['support', staff('SUPPORT'), 'started'],
    ['finance', staff('FINANCE'), 'FORBIDDEN'],
    ['an administrator', staff('ADMIN'), 'FORBIDDEN'],
  ])('%s at an organization', async (_name, principal, outcome) => {
    expect(await tries(principal, ALL, organizationId(7))).toBe(outcome);
  });

  test('an order that does not exist looks like one of somebody else', async () => {
    expect(await tries(buyer, ONE, orderId(404))).toBe('NOT_FOUND');
  });

  test.each([
    ['none', 'subscription { orderUpdated { type } }', 'BAD_USER_INPUT'],
    [
      'both',
      `subscription { orderUpdated(orderId: "${orderId(1)}", organizationId: "${organizationId(7)}") { type } }`,
      'BAD_USER_INPUT',
    ],
    ['an id of another type', `subscription { orderUpdated(orderId: "${organizationId(7)}") { type } }`, 'INVALID_ID'],
    ['an unknown field', 'subscription { orderUpdated { secrets } }', 'GRAPHQL_VALIDATION_FAILED'],
    ['two fields', 'subscription { a: orderUpdated { type } b: orderUpdated { type } }', 'GRAPHQL_VALIDATION_FAILED'],
    ['no document', 'subscription {', 'GRAPHQL_PARSE_FAILED'],
  ])('with %s it does not start', async (_name, query, code) => {
    expect(new Set((await tryToSubscribe(world.subgraph, buyer, query)).split(','))).toEqual(new Set([code]));
  });

  test('a subscription that is sent as a single operation is refused', async () => {
    const call = { principal: buyer, requestId: 'test', deadline: Date.now() + 10_000 };
    const { errors } = await world.subgraph.execute({ query: ONE, variables: { id: orderId(1) } }, call);
    expect(errors?.map(({ extensions }) => extensions.code)).toEqual(['BAD_USER_INPUT']);
  });

  test('who loses the order hears nothing of it any more, and hears again when it comes back', async () => {
    const subscriber = await follow(buyer, orderId(1));
    const give = (owner: number) =>
      world.database.query('UPDATE orders.orders SET buyer_id = $1, version = version + 1', [uuid('user', owner)]);
    await give(2);
    await change(1);
    await give(1);
    await change(1);
    expect((await subscriber.next()).order.version).toBe(3);
    await give(2);
    const silence = subscriber.next();
    await change(1);
    const witness = await follow(staff('SUPPORT'), orderId(1));
    await change(1);
    await witness.next();
    expect(await Promise.race([silence, Promise.resolve('silence')])).toBe('silence');
    await subscriber.leave();
    await expect(silence).rejects.toThrow('The stream has ended.');
  });

  test('fields that the caller may not see are denied in events as elsewhere', async () => {
    const query = 'subscription ($id: ID!) { orderUpdated(orderId: $id) { order { id riskScore internalNote } } }';
    const subscriber = await follow(buyer, orderId(1), { query });
    await change(1);
    await expect(subscriber.next()).rejects.toThrow('FORBIDDEN,FORBIDDEN');
  });
});

describe('limits', () => {
  test('who does not read is cut off, and holds up nobody', async () => {
    await using small = await replica({ subscriptions: { waitingChanges: 3 } });
    const draft = await world.draft(buyer);
    const idle = await follow(buyer, draft.id, { subgraph: small });
    const brisk = await follow(buyer, draft.id, { subgraph: small });
    let order = draft;
    for (let number = 1; number <= 5; number += 1) {
      order = await update(order, `Note ${number}`);
      expect((await brisk.next()).order.version).toBe(order.version);
    }
    expect(await idle.ended()).toBe('SUBSCRIBER_TOO_SLOW');
    expect(await idle.ended()).toBe('completed');
  });

  test('no more streams are opened than a process may have, and one that is left makes room', async () => {
    await using small = await replica({ subscriptions: { streams: 1 } });
    const draft = await world.draft(buyer);
    const first = await follow(buyer, draft.id, { subgraph: small });
    expect(await tryToSubscribe(small, buyer, ONE, { id: draft.id })).toBe('UNAVAILABLE');
    await first.leave();
    expect(await tryToSubscribe(small, customer(9), ONE, { id: draft.id })).toBe('NOT_FOUND');
    expect(await tryToSubscribe(small, buyer, ONE, { id: draft.id })).toBe('started');
    expect(await tryToSubscribe(small, buyer, ONE, { id: draft.id })).toBe('started');
  });

  test('a stream ends when it has lasted as long as one may', async () => {
    await using brief = await replica({ subscriptions: { lifetimeMs: 50 } });
    const draft = await world.draft(buyer);
    const subscriber = await follow(buyer, draft.id, { subgraph: brief });
    expect(await subscriber.ended()).toBe('SUBSCRIPTION_EXPIRED');
  });

  test('stopping ends every stream, also one that waits', async () => {
    await using second = await replica();
    const draft = await world.draft(buyer);
    const waiting = (await follow(buyer, draft.id, { subgraph: second })).ended();
    const idle = await follow(buyer, draft.id, { subgraph: second });
    await second.stop();
    expect(await waiting).toBe('GOING_AWAY');
    expect(await idle.ended()).toBe('GOING_AWAY');
    expect(await tryToSubscribe(second, staff('SUPPORT'), ALL, { id: organizationId(7) })).toBe('UNAVAILABLE');
  });

  test('a subscriber who leaves by a signal ends the stream while it waits', async () => {
    const draft = await world.draft(buyer);
    const leaving = new AbortController();
    const call = { principal: buyer, requestId: 'test', deadline: Date.now() + 10_000, signal: leaving.signal };
    const stream = await world.subgraph.subscribe!({ query: ONE, variables: { id: draft.id } }, call);
    const next = (stream as AsyncIterable<unknown>)[Symbol.asyncIterator]().next();
    leaving.abort();
    expect(await next).toEqual({ done: true, value: undefined });
  });
});
