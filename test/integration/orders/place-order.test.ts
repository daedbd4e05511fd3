import { randomUUID } from 'node:crypto';

import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';

import { toGlobalId } from '@tributary/kit';

import { address, lines, startCheckout } from './checkout-world.ts';
import type { CheckoutWorld } from './checkout-world.ts';
import { customer, uuid } from './orders-world.ts';

let world: CheckoutWorld;
beforeAll(async () => {
  world = await startCheckout();
});
afterAll(() => world[Symbol.asyncDispose]());
beforeEach(async () => {
  await world.database.query(
    'TRUNCATE orders.orders, orders.order_sagas, orders.outbox, orders.idempotency_keys CASCADE',
  );
  await world.database.query('UPDATE orders.product_variants SET stock_reserved = 0');
  await world.database.query('UPDATE orders.discount_codes SET used = 0');
});

const buyer = customer(1);

describe('placing a draft', () => {
  test('gives it a number, freezes its prices, promises the stock, starts the saga and tells billing', async () => {
    const draft = await world.draft(buyer, { lines: lines([1, 2], [2, 1]), discountCodes: ['ten'] });
    expect(draft).toMatchObject({ number: null, status: 'DRAFT', version: 1, total: { amountMinor: '3645' } });
    const before = Date.now();
    const { order, replayed, userErrors } = await world.place(buyer, draft);

    expect(userErrors).toEqual([]);
    expect({ order, replayed }).toEqual({
      replayed: false,
      order: { ...draft, number: expect.stringMatching(/^TR\d{6,}$/) as string, status: 'PENDING', version: 2 },
    });
    expect(await world.reserved()).toEqual({ 'LAMP-W': 2, BOOK: 1, OLD: 0, GONE: 0, MUG: 0 });
    expect(await world.database.query(`SELECT code, used FROM orders.discount_codes WHERE used > 0`)).toEqual([
      { code: 'TEN', used: 1 },
    ]);
    const [saga] = await world.database.query<{ step: string; deadline_at: Date }>(
      'SELECT step, deadline_at FROM orders.order_sagas',
    );
    expect(saga!.step).toBe('INVOICING');
    expect(saga!.deadline_at.getTime()).toBeGreaterThanOrEqual(before + 24 * 3_600_000);
    const timeline = await world.database.query(`SELECT type, actor_id, message FROM orders.order_events ORDER BY id`);
    expect(timeline).toEqual([
      { type: 'CREATED', actor_id: uuid('user', 1), message: 'The draft was created.' },
      { type: 'PLACED', actor_id: uuid('user', 1), message: `Order ${order!.number!} was placed.` },
    ]);
    expect(await world.events()).toEqual([
      {
        type: 'order.placed',
        aggregateVersion: 2,
        data: {
          number: order!.number,
          buyerId: uuid('user', 1),
          organizationId: null,
          partnerOrganizationId: null,
          currency: 'EUR',
          subtotalMinor: '3500',
          discountMinor: '350',
          shippingMinor: '0',
          taxMinor: '495',
          totalMinor: '3645',
          placedAt: expect.any(String) as string,
          paymentMethodId: null,
          billTo: { ...address, line2: null, region: null },
          lines: [
            {
              sku: 'LAMP-W',
              title: 'Desk lamp, White',
              quantity: 2,
              unitPriceMinor: '1000',
              discountMinor: '200',
              taxMinor: '360',
              totalMinor: '2160',
              taxes: [{ title: 'VAT', rate: '0.2', jurisdiction: 'AT', amountMinor: '360' }],
            },
            {
              sku: 'BOOK',
              title: 'Desk lamp, Manual',
              quantity: 1,
              unitPriceMinor: '1500',
              discountMinor: '150',
              taxMinor: '135',
              totalMinor: '1485',
              taxes: [{ title: 'VAT', rate: '0.1', jurisdiction: 'AT', amountMinor: '135' }],
            },
          ],
        },
      },
    ]);
  });

  test.each([1, 250])('takes twelve statements for %d lines', async (count) => {
    const basket = lines(...Array.from({ length: count }, (_, index): [number, number] => [index % 2 ? 2 : 5, 1]).slice(0, count)); // prettier-ignore
    await world.database.query(`UPDATE orders.product_variants SET stock_on_hand = 1000 WHERE sku = 'MUG'`);
    const draft = await world.draft(buyer, { lines: basket });
    const { statements, userErrors } = await world.place(buyer, draft);
    expect(userErrors).toEqual([]);
    expect(statements.map((text) => text.trim().split(/\s+/).slice(0, 3).join(' '))).toHaveLength(12);
  });

  test('takes one statement more for any number of discount codes', async () => {
    const draft = await world.draft(buyer, { discountCodes: ['TEN', 'FIVER', 'LAST'] });
    expect((await world.place(buyer, draft)).statements).toHaveLength(13);
  });

  test('waits for the saved payment method for half an hour, and names it to billing', async () => {
    const draft = await world.draft(buyer);
    const method = randomUUID();
    await world.place(buyer, draft, { paymentMethodId: toGlobalId('PaymentMethod', method) });
    const [saga] = await world.database.query<{ step: string; minutes: number }>(
      `SELECT step, round(extract(epoch FROM deadline_at - created_at) / 60)::int AS minutes FROM orders.order_sagas`,
    );
    expect(saga).toEqual({ step: 'CHARGING', minutes: 30 });
    expect((await world.events())[0]!.data.paymentMethodId).toBe(method);
  });
});
