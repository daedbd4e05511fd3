import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';

import { toGlobalId } from '@tributary/kit';
import type { Principal } from '@tributary/kit';

import { address, startCheckout } from './checkout-world.ts';
import type { CheckoutWorld, Input, Outcome, SavedOrder } from './checkout-world.ts';
import { apiClient, customer, service, staff, uuid } from './orders-world.ts';

let world: CheckoutWorld;
beforeAll(async () => {
  world = await startCheckout();
});
afterAll(() => world[Symbol.asyncDispose]());
beforeEach(async () => {
  await world.database.query('TRUNCATE orders.orders, orders.order_sagas, orders.outbox CASCADE');
  await world.database.query('UPDATE orders.product_variants SET stock_reserved = 0');
});

const buyer = customer(1);
const moved = { ...address, line1: 'Nebengasse 2' };
const refusals = ({ order, userErrors, errors }: Outcome) => {
  expect(order).toBeNull();
  return [...userErrors.map(({ code, field }) => `${code} ${field?.join('.') ?? ''}`), ...errors];
};
const rowOf = async () => {
  const [row] = await world.database.query<Record<string, unknown>>(
    `SELECT shipping_address ->> 'line1' AS line1, billing_address ->> 'line1' AS billing, customer_note, internal_note,
      external_reference, tax_minor::int AS tax, total_minor::int AS total, version FROM orders.orders`,
  );
  return row!;
};
const setStatus = (columns: string) => world.database.query(`UPDATE orders.orders SET ${columns}`);

test('a placed order takes a new address, notes and a reference; its prices and its bill stay', async () => {
  const order = await world.placed(buyer);
  const change = { shippingAddress: moved, customerNote: 'at the back door', externalReference: 'PO-7' };
  const { order: changed, userErrors } = await world.update(buyer, order, change);
  expect(userErrors).toEqual([]);
  expect(changed).toEqual({ ...order, version: 3 });
  expect(await rowOf()).toEqual({
    line1: 'Nebengasse 2',
    billing: 'Hauptplatz 1',
    customer_note: 'at the back door',
    internal_note: null,
    external_reference: 'PO-7',
    tax: 400,
    total: 2400,
    version: 3,
  });
  expect(await world.database.query('SELECT type, message FROM orders.order_events ORDER BY id DESC LIMIT 1')).toEqual([
    { type: 'UPDATED', message: 'Changed: shipping address, note of the buyer, external reference.' },
  ]);
  expect(await world.database.query('SELECT details FROM orders.audit_log ORDER BY id DESC LIMIT 1')).toEqual([
    { details: { fields: ['shippingAddress', 'customerNote', 'externalReference'] } },
  ]);
});

test('what is left out stays, and null clears', async () => {
  const order = await world.placed(buyer, { customerNote: 'ring twice' });
  const noted = await world.update(staff('SUPPORT'), order, { internalNote: 'good customer' });
  expect(await rowOf()).toMatchObject({ customer_note: 'ring twice', internal_note: 'good customer' });
  // That support took a note is not for everybody who sees the timeline.
  expect(await world.database.query('SELECT message FROM orders.order_events ORDER BY id DESC LIMIT 1')).toEqual([
    { message: 'Changed: details.' },
  ]);
  await world.update(buyer, noted.order!, { customerNote: null });
  expect(await rowOf()).toMatchObject({ customer_note: null, internal_note: 'good customer' });
});

test('the taxes of a draft follow its address', async () => {
  const draft = await world.draft(buyer);
  const { order } = await world.update(buyer, draft, { shippingAddress: { ...address, country: 'DE' } });
  expect(order).toMatchObject({ version: 2, total: { amountMinor: '2380' } });
  const placed = await world.place(buyer, order!);
  expect(placed.userErrors).toEqual([]);
  const [rate] = await world.database.query('SELECT rate, jurisdiction, amount_minor::int AS amount FROM orders.order_line_taxes');
  expect(rate).toEqual({ rate: '0.19', jurisdiction: 'DE', amount: 380 });
  const cleared = await world.draft(buyer);
  expect((await world.update(buyer, cleared, { shippingAddress: null })).order?.total.amountMinor).toBe('2000');
}); // prettier-ignore

test('taxes and discounts that a draft has no more are gone', async () => {
  const canada = { ...address, country: 'CA' };
  const draft = await world.draft(buyer, { shippingAddress: canada, discountCodes: ['TEN'] });
  const left = async () => {
    const [row] = await world.database.query(`SELECT (SELECT count(*)::int FROM orders.order_line_taxes) AS taxes,
      (SELECT sum(amount_minor)::int FROM orders.order_line_taxes) AS tax, (SELECT count(*)::int FROM orders.order_discounts) AS discounts`);
    return row;
  };
  // 5 % and 9.975 % of 18.00
  expect(await left()).toEqual({ taxes: 2, tax: 90 + 180, discounts: 1 });
  const { order } = await world.update(buyer, draft, { shippingAddress: address });
  expect(await left()).toEqual({ taxes: 1, tax: 360, discounts: 1 });
  const setPrice = (amount: number) =>
    world.database.query(`UPDATE orders.variant_prices SET amount_minor = $1 WHERE variant_id = $2 AND currency = 'EUR'`, [amount, uuid('variant', 1)]); // prettier-ignore
  await setPrice(0);
  await world.update(buyer, order!, { shippingAddress: null });
  await setPrice(1_000);
  expect(await left()).toEqual({ taxes: 0, tax: null, discounts: 0 });
});

test.each<[string, Input, string[]]>([
  ['an old version', { expectedVersion: 1 }, ['VERSION_CONFLICT input.expectedVersion']],
  ['clearing the address', { shippingAddress: null }, ['INVALID_INPUT input.shippingAddress']],
  ['another country', { shippingAddress: { ...address, country: 'DE' } }, ['INVALID_INPUT input.shippingAddress.country']], // prettier-ignore
  ['texts that are none', { shippingAddress: { ...address, city: '' }, customerNote: '\u0007' }, ['INVALID_INPUT input.shippingAddress.city', 'INVALID_INPUT input.customerNote']], // prettier-ignore
  ['an internal note of a buyer', { internalNote: 'I am a good customer' }, ['orderUpdate FORBIDDEN']],
  ['an id of another type', { id: toGlobalId('User', uuid('user', 1)) }, ['orderUpdate INVALID_ID']],
])('a placed order refuses %s', async (_, input, expected) => {
  const order = await world.placed(buyer);
  expect(refusals(await world.update(buyer, order, { customerNote: 'x', ...input }))).toEqual(expected);
  expect(await rowOf()).toMatchObject({ customer_note: null, version: 2 });
});

test('a reference that another order of the partner has is refused', async () => {
  const client = apiClient(3, ['orders:read', 'orders:write']);
  await world.draft(client, { externalReference: 'PO-1' });
  const order = await world.placed(client);
  expect(refusals(await world.update(client, order, { externalReference: 'PO-1' }))).toEqual([
    'ALREADY_EXISTS input.externalReference',
  ]);
});

test.each<[string, string]>([
  ['was shipped in part', `status = 'CONFIRMED', fulfillment_status = 'PARTIALLY_FULFILLED'`],
  ['is completed', `status = 'COMPLETED', fulfillment_status = 'FULFILLED'`],
  ['was canceled', `status = 'CANCELED', canceled_at = now(), cancel_reason = 'OTHER'`],
])('an order that %s is changed no more', async (_, columns) => {
  const order = await world.placed(buyer);
  await setStatus(columns);
  expect(refusals(await world.update(buyer, order, { customerNote: 'late' }))).toEqual(['INVALID_STATE input.id']);
});

describe('an order of an organization is changed', () => {
  const organizationId = toGlobalId('Organization', uuid('organization', 1));
  const place = (): Promise<SavedOrder> => world.placed(customer(1, { 1: 'BUYER' }), { organizationId });

  test.each<[string, Principal, string]>([
    ['by the buyer', customer(1), 'done'],
    ['by a colleague who may order', customer(2, { 1: 'BUYER' }), 'done'],
    ['not by a colleague who may only look', customer(2, { 1: 'VIEWER' }), 'orderUpdate FORBIDDEN'],
    ['not by a stranger', customer(3), 'NOT_FOUND input.id'],
    ['by support', staff('SUPPORT'), 'done'],
    ['not by finance', staff('FINANCE'), 'orderUpdate FORBIDDEN'],
    ['not by an administrator', staff('ADMIN'), 'orderUpdate FORBIDDEN'],
    ['by the client of the organization', apiClient(1, ['orders:read', 'orders:write']), 'done'],
    ['not by another client', apiClient(2, ['orders:read', 'orders:write']), 'NOT_FOUND input.id'],
    ['not by a service', service('orders:read', 'orders:write'), 'orderUpdate FORBIDDEN'],
  ])('%s', async (_, principal, expected) => {
    const outcome = await world.update(principal, await place(), { customerNote: 'hello' });
    expect(outcome.order ? ['done'] : refusals(outcome)).toEqual([expected]);
    expect((await rowOf()).customer_note).toBe(expected === 'done' ? 'hello' : null);
  });
});
