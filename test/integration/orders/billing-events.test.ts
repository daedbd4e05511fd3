import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';

import { parseGlobalId, toGlobalId } from '@tributary/kit';

import { invoiceOf, orderRow, sagaRow, tell, timelineOf } from './billing-world.ts';
import type { Invoice } from './billing-world.ts';
import { startCheckout } from './checkout-world.ts';
import type { CheckoutWorld, SavedOrder } from './checkout-world.ts';
import { customer, uuid } from './orders-world.ts';

let world: CheckoutWorld;
beforeAll(async () => {
  world = await startCheckout();
});
afterAll(() => world[Symbol.asyncDispose]());

const buyer = customer(1);
let order: SavedOrder;
let invoice: Invoice;
const place = async (input = {}) => {
  const { order: placed } = await world.place(buyer, await world.draft(buyer), input);
  order = placed!;
  invoice = invoiceOf(parseGlobalId('Order', order.id));
};
const charge = () => place({ paymentMethodId: toGlobalId('PaymentMethod', uuid('user', 1)) });
beforeEach(async () => {
  await world.database.query('TRUNCATE orders.orders, orders.order_sagas, orders.outbox CASCADE');
  await world.database.query('UPDATE orders.product_variants SET stock_reserved = 0');
});

const finalized = (more = {}) =>
  tell(world, invoice, 2, 'invoice.finalized', {
    totalMinor: '2400',
    dueOn: new Date(Date.now() + 14 * 86_400_000).toISOString().slice(0, 10),
    onAccount: false,
    paymentStatus: 'UNPAID',
    ...more,
  });
const eventTypes = async () => (await world.events()).map(({ type }) => type);

describe('an order that is placed', () => {
  test('is confirmed when its invoice is paid, and tells so', async () => {
    await charge();
    await finalized();
    expect(await sagaRow(world)).toMatchObject({ step: 'CHARGING' });
    await tell(world, invoice, 3, 'payment.captured', { paymentStatus: 'PAID' });
    expect(await orderRow(world)).toEqual({ status: 'PENDING', payment_status: 'PAID', version: 2 });
    await tell(world, invoice, 3, 'invoice.paid', { paidAt: new Date().toISOString(), paymentStatus: 'PAID' });

    expect(await orderRow(world)).toEqual({ status: 'CONFIRMED', payment_status: 'PAID', version: 3 });
    expect(await sagaRow(world)).toMatchObject({ step: 'DONE' });
    expect((await timelineOf(world)).slice(2)).toEqual([
      'PAYMENT_UPDATED: 24.00 EUR received.',
      'CONFIRMED: Confirmed.',
    ]);
    expect((await world.events()).at(-1)).toEqual({
      type: 'order.confirmed',
      aggregateVersion: 3,
      data: { number: order.number },
    });
  });

  test('is confirmed at once when it is on account', async () => {
    await place();
    await finalized({ onAccount: true });
    expect(await orderRow(world)).toEqual({ status: 'CONFIRMED', payment_status: 'UNPAID', version: 3 });
    expect(await eventTypes()).toEqual(['order.placed', 'order.confirmed']);
    // The money comes later and confirms nothing twice.
    await tell(world, invoice, 3, 'invoice.paid', { paymentStatus: 'PAID' });
    expect(await orderRow(world)).toEqual({ status: 'CONFIRMED', payment_status: 'PAID', version: 3 });
    expect(await eventTypes()).toEqual(['order.placed', 'order.confirmed']);
  });

  test('waits for a transfer until a week after the end of the due date', async () => {
    await place();
    await finalized();
    const { step, hours } = await sagaRow(world);
    expect(step).toBe('INVOICED');
    expect(hours).toBeGreaterThanOrEqual((14 + 7) * 24);
    expect(hours).toBeLessThanOrEqual((14 + 8) * 24);
    expect(await orderRow(world)).toEqual({ status: 'PENDING', payment_status: 'UNPAID', version: 2 });
  });

  test('waits a week for the capture of reserved funds, and for another charge when they are gone', async () => {
    await charge();
    await finalized();
    await tell(world, invoice, 3, 'payment.authorized', { paymentStatus: 'AUTHORIZED' });
    expect(await sagaRow(world)).toEqual({ step: 'AUTHORIZED', hours: 7 * 24 });
    await tell(world, invoice, 4, 'payment.failed', { failureCode: 'expired', paymentStatus: 'UNPAID' });
    expect(await sagaRow(world)).toEqual({ step: 'CHARGING', hours: 1 }); // half an hour, rounded
    expect((await timelineOf(world)).slice(2)).toEqual([
      'PAYMENT_UPDATED: 24.00 EUR authorized.',
      'PAYMENT_UPDATED: A payment of 24.00 EUR failed.',
    ]);
  });

  test('keeps its deadline when a charge fails or waits for the payer', async () => {
    await charge();
    const before = await world.database.query('SELECT deadline_at FROM orders.order_sagas');
    await tell(world, invoice, 3, 'payment.action_required', { paymentStatus: 'UNPAID' });
    await tell(world, invoice, 4, 'payment.failed', { failureCode: 'card_declined', paymentStatus: 'UNPAID' });
    expect(await world.database.query('SELECT deadline_at FROM orders.order_sagas')).toEqual(before);
    // Why it failed is not for everybody who sees the order.
    expect((await timelineOf(world)).join()).not.toContain('card_declined');
  });

  test('can be changed by the version that placing it gave, whatever billing has told since', async () => {
    await charge();
    await finalized();
    await tell(world, invoice, 3, 'payment.failed', { failureCode: null, paymentStatus: 'UNPAID' });
    expect((await world.update(buyer, order, { customerNote: 'hello' })).userErrors).toEqual([]);
  });
});

describe('the copy of the payment status', () => {
  test('is not undone by an event of an older version of the invoice', async () => {
    await place();
    await tell(world, invoice, 5, 'refund.succeeded', { paymentStatus: 'PARTIALLY_REFUNDED' });
    await tell(world, invoice, 4, 'payment.captured', { paymentStatus: 'PAID' });
    expect((await orderRow(world)).payment_status).toBe('PARTIALLY_REFUNDED');
    await tell(world, invoice, 5, 'refund.succeeded', { paymentStatus: 'REFUNDED' });
    expect((await orderRow(world)).payment_status).toBe('REFUNDED');
  });

  test('is not undone by an event of an invoice that was replaced', async () => {
    await place();
    const replaced = invoiceOf(invoice.orderId, new Date(Date.now() - 60_000));
    await tell(world, replaced, 2, 'invoice.finalized', {
      paymentStatus: 'UNPAID',
      dueOn: '2026-12-01',
      onAccount: false,
    });
    await tell(world, invoice, 2, 'payment.captured', { paymentStatus: 'PAID' });
    await tell(world, replaced, 9, 'invoice.voided', { paymentStatus: 'VOIDED' });
    expect((await orderRow(world)).payment_status).toBe('PAID');
  });

  test('moves the time of the last change, for those who poll', async () => {
    await place();
    const before = await world.database.query('SELECT updated_at FROM orders.orders');
    await tell(world, invoice, 2, 'invoice.voided', { paymentStatus: 'VOIDED' });
    expect(await world.database.query('SELECT updated_at FROM orders.orders')).not.toEqual(before);
  });

  test.each([
    ['refund.requested', 'PAID'],
    ['refund.succeeded', 'REFUNDED'],
    ['refund.failed', 'PAID'],
    ['invoice.voided', 'VOIDED'],
  ])('follows %s', async (type, paymentStatus) => {
    await place();
    await tell(world, invoice, 2, type, { paymentStatus });
    expect(await orderRow(world)).toEqual({ status: 'PENDING', payment_status: paymentStatus, version: 2 });
  });
});

describe('what comes too late', () => {
  test('does not revive a canceled order: the copy follows, the order stays canceled', async () => {
    await charge();
    await world.cancel(buyer, order);
    await finalized({ onAccount: true });
    await tell(world, invoice, 3, 'payment.captured', { paymentStatus: 'PAID' });
    await tell(world, invoice, 3, 'invoice.paid', { paymentStatus: 'PAID' });
    expect(await orderRow(world)).toEqual({ status: 'CANCELED', payment_status: 'PAID', version: 3 });
    expect(await sagaRow(world)).toMatchObject({ step: 'DONE' });
    expect(await eventTypes()).toEqual(['order.placed', 'order.canceled']);
  });

  test('does not confirm an order whose money went back in the meantime', async () => {
    await charge();
    await tell(world, invoice, 5, 'refund.succeeded', { paymentStatus: 'REFUNDED' });
    await tell(world, invoice, 4, 'invoice.paid', { paymentStatus: 'PAID' });
    expect(await orderRow(world)).toMatchObject({ status: 'PENDING', payment_status: 'REFUNDED' });
  });

  test('still confirms an order that was paid, although a newer event was faster', async () => {
    await charge();
    await tell(world, invoice, 5, 'refund.requested', { paymentStatus: 'PAID' });
    await tell(world, invoice, 4, 'invoice.paid', { paymentStatus: 'PAID' });
    expect(await orderRow(world)).toMatchObject({ status: 'CONFIRMED', payment_status: 'PAID' });
  });
});

test('an order without a saga is confirmed all the same', async () => {
  await place();
  await world.database.query('DELETE FROM orders.order_sagas');
  await finalized();
  await tell(world, invoice, 3, 'invoice.paid', { paymentStatus: 'PAID' });
  expect(await orderRow(world)).toMatchObject({ status: 'CONFIRMED' });
});

test('an event about an order that does not exist is an error, so that somebody learns of it', async () => {
  const nowhere = invoiceOf(uuid('order', 404));
  await expect(tell(world, nowhere, 2, 'invoice.voided', { paymentStatus: 'VOIDED' })).rejects.toThrow('no order');
});
