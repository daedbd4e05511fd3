import { randomUUID } from 'node:crypto';

import { afterAll, afterEach, beforeAll, beforeEach, expect, onTestFinished, test } from 'vitest';

import { takeDueEvents } from '@tributary/app/development/payment-provider/events.repository';
import type { ProviderBehavior } from '@tributary/app/development/payment-provider/index';
import type { ProviderEvent } from '@tributary/billing/provider/payment-provider';
import { openDatabase } from '@tributary/kit/database/database';

import { startTestPostgres } from '../../../../kit/postgres.ts';
import type { TestDatabase } from '../../../../kit/postgres.ts';
import { act, adapterFor, providerConfig, startProvider, startShop } from './provider-world.ts';
import type { Shop } from './provider-world.ts';

let database: TestDatabase;
let shop: Shop;
beforeAll(async () => {
  database = await startTestPostgres();
});
afterAll(() => database[Symbol.asyncDispose]());
beforeEach(async () => {
  shop = await startShop();
});
afterEach(async () => {
  await shop[Symbol.asyncDispose]();
  await database.query('TRUNCATE provider.events, provider.refunds, provider.charges');
});

async function start(behavior: Partial<ProviderBehavior> = {}) {
  const server = await startProvider(providerConfig(database, shop, behavior));
  onTestFinished(() => server.stop());
  return adapterFor(server.url);
}

const requestOf = (methodToken: string, idempotencyKey = `test-${randomUUID()}`) => ({
  idempotencyKey,
  amountMinor: 4990n,
  currency: 'EUR',
  methodToken,
  capture: true,
});
const eventsOf = (key: string) => shop.events.filter(({ idempotencyKey }) => idempotencyKey === key);
const statesOf = (key: string) => eventsOf(key).map(({ outcome }) => outcome.state);
const soon = <T>(read: () => T | Promise<T>) => expect.poll(read, { timeout: 10_000, interval: 20 });

/** Resolves when nothing waits to be delivered anymore. */
const delivered = () =>
  soon(async () => {
    const [row] = await database.query<{ waiting: string }>(
      'SELECT count(*) AS waiting FROM provider.events WHERE copies > 0',
    );
    return Number(row!.waiting);
  }).toBe(0);

test('an event tells the outcome under the key of the request', async () => {
  const provider = await start();
  const request = requestOf('tok_visa');
  const outcome = await provider.charge(request);
  await soon(() => eventsOf(request.idempotencyKey)).toEqual([
    {
      id: expect.stringMatching(/^evt_[0-9a-f]{32}$/) as string,
      occurredAt: expect.any(Date) as Date,
      type: 'charge',
      idempotencyKey: request.idempotencyKey,
      outcome,
    },
  ]);
});

test('every step of a charge and of a refund is told, a repeated request is not', async () => {
  const provider = await start({ settleMs: 300 });
  const slow = requestOf('tok_async');
  await provider.charge(slow);
  await provider.charge(slow);
  await soon(() => statesOf(slow.idempotencyKey)).toEqual(['processing', 'captured']);

  const confirmed = requestOf('tok_threeDSecure');
  const begun = await provider.charge(confirmed);
  if (begun.state === 'requiresAction') await act(begun.url, 'confirm');
  await soon(() => statesOf(confirmed.idempotencyKey).sort()).toEqual(['captured', 'requiresAction']);

  const card = requestOf('tok_asyncRefund');
  const { reference } = await provider.charge(card);
  const refund = { idempotencyKey: randomUUID(), chargeReference: reference!, amountMinor: 990n, currency: 'EUR' };
  await provider.refund(refund);
  await provider.refund(refund);
  await soon(() => statesOf(refund.idempotencyKey)).toEqual(['processing', 'succeeded']);

  const released = requestOf('tok_authorizeOnly');
  const authorized = await provider.charge(released);
  await provider.release({ reference: authorized.reference! });
  await provider.release({ reference: authorized.reference! });
  await soon(() => statesOf(released.idempotencyKey).sort()).toEqual(['authorized', 'released']);

  await delivered();
  expect(shop.events).toHaveLength(9);
});

test('an outcome whose answer was lost is told by its event', async () => {
  const provider = await start();
  const request = requestOf('tok_serverError');
  await expect(provider.charge(request)).rejects.toThrow('no usable answer');
  await soon(() => statesOf(request.idempotencyKey)).toEqual(['captured']);
});

test('an event that is not taken in comes again, unchanged, until it is', async () => {
  let refusals = 3;
  shop.accepts = () => refusals-- <= 0;
  const provider = await start();
  const request = requestOf('tok_visa');
  await provider.charge(request);
  await delivered();
  const events = eventsOf(request.idempotencyKey);
  expect(events).toHaveLength(4);
  expect(events).toEqual(Array.from({ length: 4 }, () => events[0]));
});

test('an event that is never taken in does not hold up the others', async () => {
  const stuck = requestOf('tok_visa');
  shop.accepts = ({ idempotencyKey }) => idempotencyKey !== stuck.idempotencyKey;
  const provider = await start();
  await provider.charge(stuck);
  const others = Array.from({ length: 40 }, () => requestOf('tok_visa'));
  await Promise.all(others.map((request) => provider.charge(request)));
  await soon(() => others.filter(({ idempotencyKey }) => eventsOf(idempotencyKey).length === 1)).toHaveLength(40);
  await soon(() => eventsOf(stuck.idempotencyKey).length).toBeGreaterThan(2);
});

test('the pause between two attempts doubles, up to a minute', async () => {
  const server = await startProvider(providerConfig(database, shop));
  shop.accepts = () => false;
  await adapterFor(server.url).charge(requestOf('tok_visa'));
  await server.stop();
  const pool = await openDatabase({
    url: database.urls.provider,
    applicationName: 'test',
    entities: [],
    maxConnections: 1,
    statementTimeoutMs: 5_000,
  });
  onTestFinished(() => pool.stop());

  const time = async (expression: string) => {
    const [row] = await database.query<{ ms: number }>(
      `SELECT (extract(epoch FROM ${expression}) * 1000)::float8 AS ms FROM provider.events`,
    );
    return row!.ms;
  };
  for (const [attempts, seconds] of [1, 2, 4, 8, 16, 32, 60, 60].entries()) {
    await database.query('UPDATE provider.events SET attempts = $1, next_attempt_at = now()', [attempts]);
    const before = await time('clock_timestamp()');
    expect(await takeDueEvents(pool, { retryMs: 1_000, disorder: false })).toHaveLength(1);
    const [after, next] = [await time('clock_timestamp()'), await time('next_attempt_at')];
    expect(next - before).toBeGreaterThanOrEqual(seconds * 1_000);
    expect(next - after).toBeLessThanOrEqual(seconds * 1_000);
  }
});

test('in disorder every event arrives twice, and not in the order in which things happened', async () => {
  const provider = await start({ disorder: true });
  for (let index = 0; index < 20; index += 1) await provider.charge(requestOf('tok_visa', `disorder-${index}`));
  await delivered();
  const arrivals = new Map<string, ProviderEvent[]>();
  for (const event of shop.events) arrivals.set(event.id, [...(arrivals.get(event.id) ?? []), event]);
  expect(arrivals.size).toBe(20);
  for (const copies of arrivals.values()) expect(copies).toEqual([copies[0], copies[0]]);
  const order = [...arrivals.values()].map(([event]) => event!.idempotencyKey);
  expect(order).not.toEqual(Array.from({ length: 20 }, (_, index) => `disorder-${index}`));
});
