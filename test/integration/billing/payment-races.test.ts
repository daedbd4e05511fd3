import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';

import { createBillingSubgraph } from '@tributary/billing';
import { handlers } from '@tributary/billing/handlers';
import { createAskingJobs } from '@tributary/billing/payment/ask-provider';
import { takeDuePayments } from '@tributary/billing/payment/payment-writes.repository';
import { PAYMENT_SETTINGS } from '@tributary/billing/payment/payment-settings';
import { ALL_WALLS, createConsumer, createLogger } from '@tributary/kit';
import type { EventEnvelope } from '@tributary/kit';

import { FIELD_KEYS, fieldCipher } from '../../kit/field-keys.ts';
import { orderCanceled, orderPlaced, startPaymentWorld } from './payment-world.ts';
import type { PaymentWorld } from './payment-world.ts';

// The same thing heard several times at once, by several processes.

let world: PaymentWorld;
beforeAll(async () => {
  world = await startPaymentWorld();
});
afterEach(() => world.finish());
afterAll(() => world[Symbol.asyncDispose]());

const SOON = { timeout: 10_000 };
const logger = createLogger({ level: 'silent', name: 'test' });
const { signal } = new AbortController();
const sendAll = () => Promise.all(world.jobs.map((job) => job.run(signal)));

/** A second process on the same database. */
async function startReplica() {
  const settings = { ...PAYMENT_SETTINGS, reconcileAfterMs: 0 };
  const subgraph = await createBillingSubgraph({
    databaseUrl: world.database.urls.billing,
    cursorKey: new Uint8Array(32),
    linkKey: new Uint8Array(32),
    fieldKeys: FIELD_KEYS,
    publicBaseUrl: 'http://billing.test',
    logger,
    clock: { now: () => new Date() },
    payments: { provider: world.provider, webhookSecrets: ['x'], settings },
  });
  const { database, writer } = subgraph;
  return {
    database,
    consumer: createConsumer({ schema: 'billing', handlers, database, writer, walls: ALL_WALLS, logger }),
    jobs: createAskingJobs({ database, writer, provider: world.provider, cipher: fieldCipher, settings, logger }),
    [Symbol.asyncDispose]: () => subgraph.stop(),
  };
}

describe('an outcome that is heard from everywhere at once', () => {
  test('is written once: by the answer, twenty events and the reconciler together', async () => {
    const orderId = await world.placeOrder(await world.addCustomer({ card: 'processing' }), { withCard: true });
    await sendAll();
    const [payment] = await world.paymentsOf(orderId);
    const captured = world.provider.advance(payment!.provider_idempotency_key, 'captured');
    const copies = Array.from({ length: 20 }, (_, index) => ({ ...captured, id: `evt_copy_${index % 10}` }));
    await Promise.all([...copies.map(world.subgraph.applyProviderEvent!), sendAll(), sendAll()]);
    expect(await world.told(orderId)).toEqual([
      'invoice.finalized UNPAID',
      'payment.captured PAID',
      'invoice.paid PAID',
    ]);
    expect(
      await world.database.query(
        `SELECT count(*)::int AS posted FROM billing.ledger_transactions WHERE kind = 'payment_captured' AND source_id = $1`,
        [payment!.id],
      ),
    ).toEqual([{ posted: 1 }]);
  });

  test('of a refund is written once as well', async () => {
    const orderId = await world.placeOrder(await world.addCustomer({ card: 'captured' }), { withCard: true });
    await world.settle();
    await world.cancelOrder(orderId);
    world.provider.behave('lost');
    await sendAll();
    world.provider.behave('clear');
    const key = [...world.provider.refunds.keys()].at(-1)!;
    const succeeded = world.provider.advanceRefund(key, 'succeeded');
    const copies = Array.from({ length: 10 }, (_, index) => ({ ...succeeded, id: `evt_back_${index}` }));
    await Promise.all([...copies.map(world.subgraph.applyProviderEvent!), sendAll()]);
    expect((await world.told(orderId)).slice(3)).toEqual(['refund.requested PAID', 'refund.succeeded REFUNDED']);
  });
});

describe('sending', () => {
  test('by two processes at once asks the provider once for each payment', async () => {
    await using replica = await startReplica();
    const customer = await world.addCustomer({ card: 'captured' });
    for (let each = 0; each < 24; each += 1) await world.placeOrder(customer, { withCard: true });
    const before = world.provider.requests();
    const taking = { provider: 'test', leaseMs: 60_000, limit: 8 };
    // What one has taken and not yet committed, the other passes by without waiting.
    await world.subgraph.database.transaction(async (tx) => {
      const mine = (await takeDuePayments(tx, taking)).map(({ id }) => id);
      const others = (await takeDuePayments(replica.database, taking)).map(({ id }) => id);
      expect([mine.length, others.length, new Set([...mine, ...others]).size]).toEqual([8, 8, 16]);
    });
    await world.database.query('UPDATE billing.payments SET ask_at = now(), sent_at = NULL WHERE ask_at > now()');
    await Promise.all([sendAll(), replica.jobs[0]!.run(signal), sendAll(), replica.jobs[0]!.run(signal)]);
    expect(world.provider.requests() - before).toBe(24);
  });

  test('that was broken off is taken up when its lease ends, under the same key', async () => {
    const orderId = await world.placeOrder(await world.addCustomer({ card: 'captured' }), { withCard: true });
    const [taken] = await takeDuePayments(world.subgraph.database, { provider: 'test', leaseMs: 60_000, limit: 1 });
    await world.settle();
    expect((await world.paymentsOf(orderId)).map(({ state }) => state)).toEqual(['PROCESSING']);
    await world.database.query('UPDATE billing.payments SET ask_at = now() WHERE id = $1', [taken!.id]);
    await world.settle();
    expect((await world.paymentsOf(orderId)).map(({ state }) => state)).toEqual(['SUCCEEDED']);
    expect(world.provider.charges.has(taken!.key)).toBe(true);
  });

  test('goes on while a charge gets no answer: whatever is placed meanwhile is sent and paid', async () => {
    const customer = await world.addCustomer({ card: 'captured' });
    const silent = await world.placeOrder(customer, { withCard: true });
    const answer = world.provider.holdNext();
    const requests = world.provider.requests();
    const sending = sendAll();
    await expect.poll(() => world.provider.requests(), SOON).toBe(requests + 1);
    const others: string[] = [];
    for (let each = 0; each < 24; each += 1) others.push(await world.placeOrder(customer, { withCard: true }));
    const statesOf = async (orderIds: readonly string[]) => {
      const rows = await world.database.query<{ state: string }>(
        `SELECT p.state FROM billing.payments p JOIN billing.invoices i ON i.id = p.invoice_id
          WHERE i.order_id = ANY($1::uuid[])`,
        [orderIds],
      );
      return rows.map(({ state }) => state);
    };
    await expect.poll(() => statesOf(others), SOON).toEqual(Array(24).fill('SUCCEEDED'));
    expect(await statesOf([silent])).toEqual(['PROCESSING']);
    answer();
    await sending;
    expect(await statesOf([silent])).toEqual(['SUCCEEDED']);
    expect(world.provider.requests() - requests).toBe(25);
  });

  test('asks about sixteen payments at a time; the others are taken by nobody until one of them ends', async () => {
    const customer = await world.addCustomer({ card: 'captured' });
    for (let each = 0; each < 20; each += 1) await world.placeOrder(customer, { withCard: true });
    const unsent = async () => {
      const [row] = await world.database.query<{ count: number }>(
        `SELECT count(*)::int FROM billing.payments WHERE state = 'PROCESSING' AND sent_at IS NULL`,
      );
      return row!.count;
    };
    world.provider.takeMostAtOnce();
    const requests = world.provider.requests();
    const answerFirst = world.provider.holdNext();
    const sending = sendAll();
    const answer = world.provider.hold();
    await expect.poll(() => world.provider.requests() - requests, SOON).toBe(16);
    expect(await unsent()).toBe(4);
    answerFirst();
    await expect.poll(() => world.provider.requests() - requests, SOON).toBe(17);
    expect(await unsent()).toBe(3);
    answer();
    await sending;
    expect([world.provider.requests() - requests, world.provider.takeMostAtOnce()]).toEqual([20, 16]);
  });

  test('that took longer than its lease does not take the payment from whoever has it since', async () => {
    const orderId = await world.placeOrder(await world.addCustomer({ card: 'processing' }), { withCard: true });
    const answer = world.provider.holdNext();
    const requests = world.provider.requests();
    const sending = sendAll();
    await expect.poll(() => world.provider.requests(), SOON).toBe(requests + 1);
    await world.database.query(
      `UPDATE billing.payments SET ask_at = now() + interval '1 hour' WHERE state = 'PROCESSING'`,
    );
    world.provider.behave('lost');
    answer();
    await sending;
    const waitsAnHour = `SELECT ask_at > now() + interval '59 minutes' AS waits FROM billing.payments WHERE id = $1`;
    const [payment] = await world.paymentsOf(orderId);
    expect(await world.database.query(waitsAnHour, [payment!.id])).toEqual([{ waits: true }]);
    await world.database.query('UPDATE billing.payments SET ask_at = now() WHERE ask_at IS NOT NULL');
  });

  test('keeps nothing locked while the provider thinks, so an order can be canceled meanwhile', async () => {
    const orderId = await world.placeOrder(await world.addCustomer({ card: 'captured' }), { withCard: true });
    const kept = world.provider.keptMinor();
    const answer = world.provider.hold();
    const requests = world.provider.requests();
    const sending = sendAll();
    await expect.poll(() => world.provider.requests(), SOON).toBe(requests + 1);
    await world.cancelOrder(orderId);
    expect(await world.invoiceOf(orderId)).toMatchObject({ status: 'VOID' });
    answer();
    await sending;
    await world.settle();
    expect((await world.told(orderId)).slice(1)).toEqual([
      'invoice.voided VOIDED',
      'payment.captured VOIDED',
      'refund.requested VOIDED',
      'refund.succeeded VOIDED',
    ]);
    expect(world.provider.keptMinor()).toBe(kept);
  });
});

test('events that arrive three times, mixed, over two processes have each effect once', async () => {
  await using replica = await startReplica();
  const customer = await world.addCustomer({ card: 'captured' });
  const placed = Array.from({ length: 15 }, (_, index) => orderPlaced(`THRICE-${index}`, customer, { withCard: true }));
  const canceled = placed.filter((_, index) => index % 3 === 0).map(({ aggregateId }) => orderCanceled(aggregateId));
  // Events of one order come in their order; everything else is mixed.
  const deliverMixed = async (events: readonly EventEnvelope[]) => {
    const copies = shuffled([...events, ...events, ...events]);
    await Promise.all(copies.map((event, index) => [world, replica][index % 2]!.consumer.deliver(event, 1)));
  };
  await deliverMixed(placed);
  await world.settle();
  await deliverMixed(canceled);
  await world.settle();

  const [count] = await world.database.query(
    `SELECT count(*)::int AS invoices, count(DISTINCT order_id)::int AS orders, sum(credited_minor)::int AS credited,
      sum(paid_minor)::int AS paid, sum(refunded_minor)::int AS refunded
      FROM billing.invoices WHERE order_number LIKE 'THRICE-%'`,
  );
  expect(count).toEqual({ invoices: 15, orders: 15, paid: 18_000, credited: 6_000, refunded: 6_000 });
  for (const [index, { aggregateId }] of placed.entries())
    expect(await world.told(aggregateId)).toEqual([
      'invoice.finalized UNPAID',
      'payment.captured PAID',
      'invoice.paid PAID',
      ...(index % 3 === 0 ? ['refund.requested PAID', 'refund.succeeded REFUNDED'] : []),
    ]);
});

function shuffled<T>(list: readonly T[]): T[] {
  return list
    .map((item) => ({ item, key: Math.random() }))
    .sort((left, right) => left.key - right.key)
    .map(({ item }) => item);
}
