import { randomUUID } from 'node:crypto';

import pg from 'pg';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';

import { ALL_WALLS, parseGlobalId } from '@tributary/kit';

import { invoiceOf, orderRow, tell } from './billing-world.ts';
import { lines, startCheckout } from './checkout-world.ts';
import type { CheckoutWorld, Outcome } from './checkout-world.ts';
import { customer } from './orders-world.ts';

// Many callers at the same moment, on a real database, over as many connections as the subgraph has.

const buyer = customer(1);
const many = <T>(count: number, make: (index: number) => Promise<T>) =>
  Promise.all(Array.from({ length: count }, (_, index) => make(index)));
const codesOf = (outcomes: readonly Outcome[]) => {
  const counts: Record<string, number> = {};
  for (const { order, userErrors, errors } of outcomes) {
    const code = order ? 'done' : (userErrors[0]?.code ?? errors[0] ?? 'nothing');
    counts[code] = (counts[code] ?? 0) + 1;
  }
  return counts;
};

describe('with every wall standing', () => {
  let world: CheckoutWorld;
  beforeAll(async () => {
    world = await startCheckout();
  });
  afterAll(() => world[Symbol.asyncDispose]());
  beforeEach(async () => {
    await world.database.query('TRUNCATE orders.orders, orders.order_sagas, orders.outbox CASCADE');
    await world.database.query(`UPDATE orders.product_variants SET stock_reserved = 0,
      stock_on_hand = CASE sku WHEN 'LAMP-W' THEN 10 WHEN 'MUG' THEN 100 END`);
    await world.database.query('UPDATE orders.discount_codes SET used = 0');
  });

  test('fifty calls with one key place one order, and all get the same answer', async () => {
    const draft = await world.draft(buyer, { lines: lines([1, 2]) });
    const input = { idempotencyKey: randomUUID() };
    const outcomes = await many(50, () => world.place(buyer, draft, input));
    const answers = new Set(
      outcomes.map(({ order, userErrors, errors }) => JSON.stringify({ order, userErrors, errors })),
    );
    expect([...answers]).toHaveLength(1);
    expect(outcomes[0]!.order).toMatchObject({ status: 'PENDING', version: 2 });
    expect(outcomes.filter(({ replayed }) => !replayed)).toHaveLength(1);
    expect((await world.events()).map(({ type }) => type)).toEqual(['order.placed']);
    expect(await world.reserved()).toMatchObject({ 'LAMP-W': 2 });
  });

  test('fifty calls with one key save one draft', async () => {
    const input = { idempotencyKey: randomUUID() };
    const outcomes = await many(50, () => world.saveDraft(buyer, input));
    expect(new Set(outcomes.map(({ order }) => order!.id)).size).toBe(1);
    expect(await world.database.query('SELECT count(*)::int AS orders FROM orders.orders')).toEqual([{ orders: 1 }]);
  });

  test('two hundred orders on the last ten units sell exactly ten', async () => {
    const drafts = await many(200, () => world.draft(buyer, { lines: lines([1, 1]) }));
    const outcomes = await Promise.all(drafts.map((draft) => world.place(buyer, draft)));
    expect(codesOf(outcomes)).toEqual({ done: 10, OUT_OF_STOCK: 190 });
    expect(await world.reserved()).toMatchObject({ 'LAMP-W': 10 });
    expect(await world.database.query(`SELECT status, count(*)::int FROM orders.orders GROUP BY 1 ORDER BY 1`)).toEqual(
      [
        { status: 'DRAFT', count: 190 },
        { status: 'PENDING', count: 10 },
      ],
    );
  });

  // What is locked first, then what must still be free while a place waits for it. Rows lie in the table in the opposite order.
  test.each([
    ['variants', `orders.product_variants WHERE sku = 'LAMP-W'`, `orders.product_variants WHERE sku = 'MUG'`],
    ['discount codes', `orders.discount_codes WHERE code = 'FIVER'`, `orders.discount_codes WHERE code = 'TEN'`],
  ])(
    '%s are locked in one order, whatever the order of the draft, so that no two orders wait for each other',
    async (_, first, second) => {
      await world.database.query(`UPDATE orders.product_variants SET title = title WHERE sku = 'LAMP-W'`);
      const draft = await world.draft(buyer, { lines: lines([5, 1], [1, 1]), discountCodes: ['TEN', 'FIVER'] });
      const rival = new pg.Client({ connectionString: world.database.adminUrl });
      await rival.connect();
      await rival.query('BEGIN');
      await rival.query(`SELECT FROM ${first} FOR UPDATE`);
      const placed = world.place(buyer, draft);
      const waiting = `SELECT count(*)::int AS count FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`;
      await expect.poll(() => world.database.query(waiting)).toEqual([{ count: 1 }]);
      await rival.query(`SELECT FROM ${second} FOR UPDATE NOWAIT`);
      await rival.query('COMMIT');
      await rival.end();
      expect(codesOf([await placed])).toEqual({ done: 1 });
    },
  );

  test('the last use of a code goes to one order', async () => {
    const drafts = await many(20, () => world.draft(buyer, { lines: lines([5, 1]), discountCodes: ['LAST'] }));
    const outcomes = await Promise.all(drafts.map((draft) => world.place(buyer, draft)));
    expect(codesOf(outcomes)).toEqual({ done: 1, DISCOUNT_NOT_APPLICABLE: 19 });
    expect(await world.database.query(`SELECT used FROM orders.discount_codes WHERE code = 'LAST'`)).toEqual([
      { used: 1 },
    ]);
  });

  test('of fifty changes of one version one wins, and the others are told the version it made', async () => {
    const order = await world.placed(buyer, { lines: lines([5, 1]) });
    const outcomes = await many(50, (index) => world.update(buyer, order, { customerNote: `note ${index}` }));
    expect(codesOf(outcomes)).toEqual({ done: 1, VERSION_CONFLICT: 49 });
    const lost = outcomes.filter(({ order: changed }) => !changed);
    expect(lost.every(({ userErrors }) => userErrors[0]!.currentVersion === 3)).toBe(true);
    expect(await orderRow(world)).toMatchObject({ version: 3 });
  });

  test('a cancel that races with placing leaves either a canceled draft or a placed order, never both', async () => {
    for (let round = 0; round < 10; round += 1) {
      const draft = await world.draft(buyer, { lines: lines([5, 1]) });
      const [placed, canceled] = await Promise.all([world.place(buyer, draft), world.cancel(buyer, draft)]);
      expect(codesOf([placed, canceled])).toEqual({ done: 1, VERSION_CONFLICT: 1 });
    }
    const [{ orders } = { orders: 0 }] = await world.database.query<{ orders: number }>(
      `SELECT count(*)::int AS orders FROM orders.orders WHERE status = 'PENDING'`,
    );
    expect(await world.reserved()).toMatchObject({ MUG: orders });
    expect(await world.events()).toHaveLength(orders);
  });

  test('a cancel that races with the confirmation wins or is told the new version; stock and events agree with it', async () => {
    for (let round = 0; round < 10; round += 1) {
      await world.database.query('TRUNCATE orders.orders, orders.order_sagas, orders.outbox CASCADE');
      await world.database.query('UPDATE orders.product_variants SET stock_reserved = 0');
      const order = await world.placed(buyer, { lines: lines([5, 1]) });
      const invoice = invoiceOf(parseGlobalId('Order', order.id));
      const [canceled] = await Promise.all([
        world.cancel(buyer, order),
        tell(world, invoice, 3, 'invoice.paid', { paymentStatus: 'PAID' }),
      ]);
      const won = canceled.order !== null;
      expect(codesOf([canceled])).toEqual(won ? { done: 1 } : { VERSION_CONFLICT: 1 });
      expect(await orderRow(world)).toEqual({ status: won ? 'CANCELED' : 'CONFIRMED', payment_status: 'PAID', version: 3 });
      expect(await world.reserved()).toMatchObject({ MUG: won ? 0 : 1 });
      expect((await world.events()).map(({ type }) => type)).toEqual(['order.placed', won ? 'order.canceled' : 'order.confirmed']);
    }
  }); // prettier-ignore
});

describe('without the wall of idempotency keys', () => {
  let world: CheckoutWorld;
  beforeAll(async () => {
    world = await startCheckout({ walls: { ...ALL_WALLS, idempotency: false } });
  });
  afterAll(() => world[Symbol.asyncDispose]());

  test('the same fifty calls get different answers, and make fifty drafts', async () => {
    const draft = await world.draft(buyer);
    const input = { idempotencyKey: randomUUID() };
    const outcomes = await many(50, () => world.place(buyer, draft, input));
    expect(codesOf(outcomes)).toEqual({ done: 1, VERSION_CONFLICT: 49 });
    const drafts = await many(50, () => world.saveDraft(buyer, input));
    expect(new Set(drafts.map(({ order }) => order!.id)).size).toBe(50);
  });
});
