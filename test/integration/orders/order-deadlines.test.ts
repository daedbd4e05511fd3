import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';

import { parseGlobalId, toGlobalId } from '@tributary/kit';
import { createDeadlineJob } from '@tributary/orders/order/order-deadlines.job';
import { DEFAULT_DEADLINES } from '@tributary/orders/order/order-saga';

import { invoiceOf, orderRow, sagaRow, tell } from './billing-world.ts';
import { lines, startCheckout } from './checkout-world.ts';
import type { CheckoutWorld, SavedOrder } from './checkout-world.ts';
import { customer, uuid } from './orders-world.ts';

// Time is told by a clock that the test sets; it is never waited for.

const MINUTE = 60_000;
let now = new Date();
let world: CheckoutWorld;
beforeAll(async () => {
  world = await startCheckout({ clock: { now: () => now } });
});
afterAll(() => world[Symbol.asyncDispose]());
beforeEach(async () => {
  now = new Date();
  await world.database.query('TRUNCATE orders.orders, orders.order_sagas, orders.outbox CASCADE');
  await world.database.query('UPDATE orders.product_variants SET stock_reserved = 0');
});

const buyer = customer(1);
const job = () =>
  createDeadlineJob({ writer: world.subgraph.writer, clock: { now: () => now }, deadlines: DEFAULT_DEADLINES });
const look = () => job().run(new AbortController().signal);
const pass = (ms: number) => (now = new Date(now.getTime() + ms));
const charge = async (): Promise<SavedOrder> => {
  const draft = await world.draft(buyer, { lines: lines([1, 2]) });
  const paymentMethodId = toGlobalId('PaymentMethod', uuid('user', 1));
  return (await world.place(buyer, draft, { paymentMethodId })).order!;
};

test('an order that was not paid in time is canceled, its stock given back and billing told', async () => {
  const order = await charge();
  pass(30 * MINUTE - 1_000);
  await look();
  expect(await orderRow(world)).toMatchObject({ status: 'PENDING' });
  pass(1_000);
  await look();
  expect(await orderRow(world)).toMatchObject({ status: 'CANCELED', version: 3 });
  expect(await sagaRow(world)).toMatchObject({ step: 'DONE' });
  expect(await world.reserved()).toMatchObject({ 'LAMP-W': 0 });
  const [row] = await world.database.query('SELECT cancel_reason FROM orders.orders');
  expect(row).toEqual({ cancel_reason: 'PAYMENT' });
  const [entry] = await world.database.query(
    'SELECT type, actor_id, message FROM orders.order_events ORDER BY id DESC LIMIT 1',
  );
  expect(entry).toEqual({
    type: 'CANCELED',
    actor_id: null,
    message: 'The order was canceled: no payment arrived in time.',
  });
  expect((await world.events()).at(-1)).toMatchObject({
    type: 'order.canceled',
    data: { number: order.number, reason: 'PAYMENT' },
  });
  const audit = await world.database.query('SELECT actor_type, action FROM orders.audit_log ORDER BY id DESC LIMIT 1');
  expect(audit).toEqual([{ actor_type: 'system', action: 'orderCancel' }]);
});

test('an order without an invoice is canceled after a day', async () => {
  await world.placed(buyer);
  pass(24 * 60 * MINUTE - 1_000);
  await look();
  expect(await orderRow(world)).toMatchObject({ status: 'PENDING' });
  pass(2_000);
  await look();
  expect(await orderRow(world)).toMatchObject({ status: 'CANCELED' });
});

test('an order that was confirmed or canceled has no deadline any more', async () => {
  const order = await charge();
  await tell(world, invoiceOf(parseGlobalId('Order', order.id)), 3, 'invoice.paid', { paymentStatus: 'PAID' });
  pass(365 * 24 * 60 * MINUTE);
  await look();
  expect(await orderRow(world)).toMatchObject({ status: 'CONFIRMED' });
});

test('an order that is paid is not canceled while the news of it is on its way', async () => {
  const order = await charge();
  await tell(world, invoiceOf(parseGlobalId('Order', order.id)), 3, 'payment.captured', { paymentStatus: 'PAID' });
  pass(31 * MINUTE);
  await look();
  expect(await orderRow(world)).toMatchObject({ status: 'PENDING' });
  expect(await world.database.query('SELECT step, attempts FROM orders.order_sagas')).toEqual([
    { step: 'CHARGING', attempts: 1 },
  ]);
});

test('several jobs at once cancel each order once', async () => {
  for (let count = 0; count < 6; count += 1) await world.placed(buyer, { lines: lines([5, 2]) });
  pass(25 * 60 * MINUTE);
  await Promise.all(Array.from({ length: 4 }, look));
  const canceled = (await world.events()).filter(({ type }) => type === 'order.canceled');
  expect(canceled).toHaveLength(6);
  expect(await world.reserved()).toMatchObject({ MUG: 0 });
  expect(await world.database.query(`SELECT DISTINCT status, version FROM orders.orders`)).toEqual([
    { status: 'CANCELED', version: 3 },
  ]);
});

test('an order that cannot be canceled is tried again later and does not keep the others waiting', async () => {
  const stuck = await world.placed(buyer, { lines: lines([1, 1]) });
  await world.placed(buyer, { lines: lines([5, 1]) });
  // As if somebody had tampered with the stock: giving back what was never promised fails.
  await world.database.query(`UPDATE orders.product_variants SET stock_reserved = 0 WHERE sku = 'LAMP-W'`);
  pass(25 * 60 * MINUTE);
  await look();
  const rows = await world.database.query('SELECT number = $1 AS stuck, status FROM orders.orders ORDER BY number', [stuck.number]); // prettier-ignore
  expect(rows).toEqual([
    { stuck: true, status: 'PENDING' },
    { stuck: false, status: 'CANCELED' },
  ]);
  const saga = 'SELECT attempts, deadline_at > $1 AS later FROM orders.order_sagas WHERE step <> $2';
  expect(await world.database.query(saga, [now, 'DONE'])).toEqual([{ attempts: 1, later: true }]);
  await world.database.query(`UPDATE orders.product_variants SET stock_reserved = 1 WHERE sku = 'LAMP-W'`);
  pass(2 * 60 * MINUTE);
  await look();
  expect(await world.database.query('SELECT DISTINCT status FROM orders.orders')).toEqual([{ status: 'CANCELED' }]);
});

test('seeded or imported orders without a saga are left alone', async () => {
  await world.placed(buyer);
  await world.database.query('DELETE FROM orders.order_sagas');
  pass(365 * 24 * 60 * MINUTE);
  await look();
  expect(await orderRow(world)).toMatchObject({ status: 'PENDING' });
});
