import { randomUUID } from 'node:crypto';

import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { expectBalancedBooks } from '../../kit/ledger-check.ts';
import { buyer } from '../buying.ts';
import type { PlacedOrder } from '../buying.ts';
import { billingManager, organizationBuyer, startCheckoutGraph } from './checkout-graph.ts';
import type { CheckoutGraph } from './checkout-graph.ts';

// From a draft to the money and back, through the gateway, with real events between the subgraphs. Nothing here tells a subgraph what
// another one did.

const soon = { timeout: 10_000, interval: 50 };
const lampCosts = '1200'; // 10.00 and 20 % tax in Austria

describe('an order', () => {
  let checkout: CheckoutGraph;
  beforeAll(async () => {
    checkout = await startCheckoutGraph();
  });
  afterAll(async () => {
    await expectBalancedBooks(checkout.database);
    await checkout[Symbol.asyncDispose]();
  });
  const look = (order: PlacedOrder, as = buyer) => checkout.look(as, order.id);

  test('paid by a saved card is confirmed by itself', async () => {
    const order = await checkout.placeOrder(buyer, { card: await checkout.saveCard('captured') });
    expect(order).toMatchObject({ status: 'PENDING', total: { amountMinor: lampCosts } });
    await expect
      .poll(() => look(order), soon)
      .toEqual({
        status: 'CONFIRMED',
        paymentStatus: 'PAID',
        outstanding: '0',
        invoice: 'PAID',
        timeline: ['CREATED', 'PLACED', 'PAYMENT_UPDATED', 'CONFIRMED'],
      });
    expect(checkout.provider.charges.size).toBe(1);
  });

  test('of an organization within its credit limit is confirmed before it is paid', async () => {
    const order = await checkout.placeOrder(organizationBuyer, { forOrganization: true });
    await expect
      .poll(() => look(order, billingManager), soon)
      .toEqual({
        status: 'CONFIRMED',
        paymentStatus: 'UNPAID',
        outstanding: lampCosts,
        invoice: 'OPEN',
        timeline: ['CREATED', 'PLACED', 'CONFIRMED'],
      });
  });

  test('that costs nothing is confirmed without a payment', async () => {
    await checkout.database.query(
      `INSERT INTO orders.discount_codes (id, code, title, kind, value, starts_at) VALUES (gen_random_uuid(), 'FREE', 'For free', 'PERCENT', 10000, now())`,
    );
    const order = await checkout.placeOrder(buyer, { codes: ['FREE'] });
    expect(order.total.amountMinor).toBe('0');
    await expect
      .poll(() => look(order), soon)
      .toMatchObject({ status: 'CONFIRMED', invoice: 'PAID', outstanding: '0' });
  });

  test('that nobody pays waits with its invoice open', async () => {
    const order = await checkout.placeOrder(buyer);
    await expect.poll(() => look(order), soon).toMatchObject({ paymentStatus: 'UNPAID', invoice: 'OPEN' });
    await expect
      .poll(() => checkout.database.query('SELECT step FROM orders.order_sagas WHERE order_id = (SELECT id FROM orders.orders WHERE number = $1)', [order.number]), soon)
      .toEqual([{ step: 'INVOICED' }]);
    expect(await look(order)).toMatchObject({ status: 'PENDING' });
  }); // prettier-ignore

  test('that was paid and is canceled is paid back', async () => {
    const order = await checkout.placeOrder(buyer, { card: await checkout.saveCard('captured') });
    await expect.poll(() => look(order), soon).toMatchObject({ status: 'CONFIRMED' });
    const reserved = await checkout.lampsReserved();
    const canceled = await checkout.change(buyer, 'orderCancel', {
      id: order.id,
      expectedVersion: order.version + 1,
      reason: 'CUSTOMER',
      idempotencyKey: randomUUID(),
    });
    expect(canceled.status).toBe('CANCELED');
    expect(await checkout.lampsReserved()).toBe(reserved - 1);
    await expect
      .poll(() => look(order), soon)
      .toMatchObject({ status: 'CANCELED', paymentStatus: 'REFUNDED', outstanding: '0' });
    expect(checkout.provider.refunds.size).toBe(1);
    await expect
      .poll(() => checkout.database.query('SELECT payment_status FROM orders.orders WHERE number = $1', [order.number]), soon)
      .toEqual([{ payment_status: 'REFUNDED' }]);
  }); // prettier-ignore

  test('that is canceled before it was paid has its invoice voided', async () => {
    const order = await checkout.placeOrder(buyer);
    await expect.poll(() => look(order), soon).toMatchObject({ invoice: 'OPEN' });
    await checkout.change(buyer, 'orderCancel', {
      id: order.id,
      expectedVersion: order.version,
      reason: 'CUSTOMER',
      idempotencyKey: randomUUID(),
    });
    await expect.poll(() => look(order), soon).toMatchObject({ status: 'CANCELED', paymentStatus: 'VOIDED' });
  });

  test('whose money arrives after it was canceled stays canceled, and the money goes back', async () => {
    const order = await checkout.placeOrder(buyer, { card: await checkout.saveCard('processing') });
    const before = checkout.provider.keptMinor();
    const keyOf = `SELECT p.provider_idempotency_key AS key FROM billing.payments p JOIN billing.invoices i ON i.id = p.invoice_id
      WHERE i.order_number = $1 AND p.provider_reference IS NOT NULL`;
    await expect.poll(() => checkout.database.query(keyOf, [order.number]), soon).toHaveLength(1);
    const [payment] = await checkout.database.query<{ key: string }>(keyOf, [order.number]);
    await checkout.change(buyer, 'orderCancel', {
      id: order.id,
      expectedVersion: order.version,
      reason: 'CUSTOMER',
      idempotencyKey: randomUUID(),
    });
    await checkout.graph.subgraphs.billing.applyProviderEvent!(checkout.provider.advance(payment!.key, 'captured'));
    await expect.poll(() => checkout.provider.keptMinor(), soon).toBe(before);
    await expect.poll(() => checkout.provider.refunds.size, soon).toBe(2);
    expect(await look(order)).toMatchObject({ status: 'CANCELED' });
  });
});

describe('an order whose card is declined', () => {
  let checkout: CheckoutGraph;
  beforeAll(async () => {
    checkout = await startCheckoutGraph({ chargeMs: 1_000 });
  });
  afterAll(async () => {
    await expectBalancedBooks(checkout.database);
    await checkout[Symbol.asyncDispose]();
  });

  test('is canceled at its deadline; its stock comes back and its invoice is voided', async () => {
    const reserved = await checkout.lampsReserved();
    const order = await checkout.placeOrder(buyer, { card: await checkout.saveCard('card_declined'), lamps: 3 });
    expect(await checkout.lampsReserved()).toBe(reserved + 3);
    await expect
      .poll(() => checkout.look(buyer, order.id), soon)
      .toEqual({
        status: 'CANCELED',
        paymentStatus: 'VOIDED',
        outstanding: '0',
        // A void invoice demands nothing and is not shown.
        invoice: null,
        timeline: ['CREATED', 'PLACED', 'PAYMENT_UPDATED', 'CANCELED'],
      });
    expect(await checkout.lampsReserved()).toBe(reserved);
    expect(checkout.provider.keptMinor()).toBe(0n);
  });
});
