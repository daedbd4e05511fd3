import { randomUUID } from 'node:crypto';

import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';

import { toGlobalId } from '@tributary/kit';
import type { Principal } from '@tributary/kit';

import { lines, startCheckout } from './checkout-world.ts';
import type { CheckoutWorld, Outcome, SavedOrder } from './checkout-world.ts';
import { apiClient, customer, insert, service, staff, uuid } from './orders-world.ts';

let world: CheckoutWorld;
beforeAll(async () => {
  world = await startCheckout();
});
afterAll(() => world[Symbol.asyncDispose]());
beforeEach(async () => {
  await world.database.query('TRUNCATE orders.orders, orders.order_sagas, orders.outbox CASCADE');
  await world.database.query('UPDATE orders.product_variants SET stock_reserved = 0');
  await world.database.query('UPDATE orders.discount_codes SET used = 0');
});

const buyer = customer(1);
const refusals = ({ order, userErrors, errors }: Outcome) => {
  expect(order).toBeNull();
  return [...userErrors.map(({ code, field }) => `${code} ${field?.join('.') ?? ''}`), ...errors];
};
const placedDirectly = () => world.placed(buyer, { lines: lines([1, 2], [5, 3], [1, 1]), discountCodes: ['LAST'] });

test('canceling a placed order gives back stock and codes, ends its saga and tells billing', async () => {
  const order = await placedDirectly();
  expect(await world.reserved()).toMatchObject({ 'LAMP-W': 3, MUG: 3 });
  const { order: canceled, userErrors } = await world.cancel(buyer, order, { reason: 'CUSTOMER', note: 'ordered twice' });
  expect(userErrors).toEqual([]);
  expect(canceled).toEqual({ ...order, status: 'CANCELED', version: 3 });
  expect(await world.reserved()).toMatchObject({ 'LAMP-W': 0, MUG: 0 });
  expect(await world.database.query(`SELECT used FROM orders.discount_codes WHERE code = 'LAST'`)).toEqual([{ used: 0 }]);
  expect(await world.database.query('SELECT step FROM orders.order_sagas')).toEqual([{ step: 'DONE' }]);
  const [timeline] = await world.database.query('SELECT type, message FROM orders.order_events ORDER BY id DESC LIMIT 1');
  expect(timeline).toEqual({ type: 'CANCELED', message: 'The order was canceled: ordered twice' });
  expect((await world.events()).at(-1)).toEqual({
    type: 'order.canceled',
    aggregateVersion: 3,
    data: { number: order.number, reason: 'CUSTOMER' },
  });
}); // prettier-ignore

test('canceling a draft tells nobody', async () => {
  const draft = await world.draft(buyer);
  const { order } = await world.cancel(buyer, draft);
  expect(order).toMatchObject({ status: 'CANCELED', number: null });
  expect(await world.events()).toEqual([]);
});

test('parcels that were packed and not handed over are called back', async () => {
  const order = await placedDirectly();
  await world.database.query(`UPDATE orders.orders SET status = 'CONFIRMED'`);
  const [row] = await world.database.query<{ id: string }>('SELECT id FROM orders.orders');
  await insert(world.database, 'orders.shipments', { id: uuid('shipment', 1), order_id: row!.id, status: 'PENDING' });
  expect((await world.cancel(buyer, order)).order?.status).toBe('CANCELED');
  expect(await world.database.query('SELECT status, version FROM orders.shipments')).toEqual([
    { status: 'CANCELED', version: 2 },
  ]);
});

test('a repeated call with the same key gets the same answer, and one with another key is told the state', async () => {
  const order = await placedDirectly();
  const input = { idempotencyKey: randomUUID() };
  const first = await world.cancel(buyer, order, input);
  expect(await world.cancel(buyer, order, input)).toMatchObject({ order: first.order, replayed: true, userErrors: [] });
  expect(refusals(await world.cancel(buyer, order, { ...input, reason: 'OTHER' }))).toEqual([
    'IDEMPOTENCY_KEY_REUSED input.idempotencyKey',
  ]);
  const { userErrors } = await world.cancel(buyer, first.order!);
  expect(userErrors).toEqual([
    expect.objectContaining({ code: 'INVALID_STATE', currentState: 'CANCELED', allowedStates: [] }),
  ]);
  expect(await world.reserved()).toMatchObject({ 'LAMP-W': 0, MUG: 0 });
  expect((await world.events()).map(({ type }) => type)).toEqual(['order.placed', 'order.canceled']);
});

test.each<[string, string]>([
  ['was shipped in part', `status = 'CONFIRMED', fulfillment_status = 'PARTIALLY_FULFILLED'`],
  ['is completed', `status = 'COMPLETED', fulfillment_status = 'FULFILLED'`],
])('an order that %s is canceled no more', async (_, columns) => {
  const order = await placedDirectly();
  await world.database.query(`UPDATE orders.orders SET ${columns}`);
  expect(refusals(await world.cancel(buyer, order))).toEqual(['INVALID_STATE input.id']);
  expect(await world.reserved()).toMatchObject({ 'LAMP-W': 3, MUG: 3 });
});

test('an old version and a note that is no text are refused', async () => {
  const order = await placedDirectly();
  expect(refusals(await world.cancel(buyer, order, { expectedVersion: 1 }))).toEqual([
    'VERSION_CONFLICT input.expectedVersion',
  ]);
  expect(refusals(await world.cancel(buyer, order, { note: 'a\u0000b' }))).toEqual(['INVALID_INPUT input.note']);
  expect((await world.cancel(buyer, order, { note: ' ' })).userErrors).toEqual([]);
});

describe('an order of an organization is canceled', () => {
  const organizationId = toGlobalId('Organization', uuid('organization', 1));
  const place = (): Promise<SavedOrder> => world.placed(customer(1, { 1: 'BUYER' }), { organizationId });

  test.each<[string, Principal, string]>([
    ['by the buyer', customer(1), 'done'],
    ['by a colleague who may order', customer(2, { 1: 'BUYER' }), 'done'],
    ['not by a colleague who may only look', customer(2, { 1: 'VIEWER' }), 'orderCancel FORBIDDEN'],
    ['not by a stranger', customer(3), 'NOT_FOUND input.id'],
    ['by support', staff('SUPPORT'), 'done'],
    ['not by finance', staff('FINANCE'), 'orderCancel FORBIDDEN'],
    ['not by an administrator', staff('ADMIN'), 'orderCancel FORBIDDEN'],
    ['by the client of the organization', apiClient(1, ['orders:read', 'orders:write']), 'done'],
    ['not by another client', apiClient(2, ['orders:read', 'orders:write']), 'NOT_FOUND input.id'],
    ['by a service that looks after orders', service('orders:read', 'orders:write'), 'done'],
    ['not by a service that does not', service('orders:read'), 'orderCancel FORBIDDEN'],
  ])('%s', async (_, principal, expected) => {
    const outcome = await world.cancel(principal, await place());
    expect(outcome.order ? ['done'] : refusals(outcome)).toEqual([expected]);
    const events = (await world.events()).map(({ type }) => type);
    expect(events).toEqual(expected === 'done' ? ['order.placed', 'order.canceled'] : ['order.placed']);
  });
});
