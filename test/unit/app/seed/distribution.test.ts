import { beforeAll, expect, test } from 'vitest';

import { makeCatalog } from '@tributary/app/seed/catalog/make-catalog';
import type { AddRow } from '@tributary/app/seed/load/tables';
import { makeOrders } from '@tributary/app/seed/orders/make-orders';
import { makePeople } from '@tributary/app/seed/people/make-people';
import { SEED_SIZES } from '@tributary/app/seed/sizes';

const REFERENCE = Date.UTC(2026, 10, 21);
const { medium } = SEED_SIZES;

// What the medium company comes to, without a database.
const rows = new Map<string, number>();
const ordersByBuyer = new Map<string, number>();
beforeAll(async () => {
  const add: AddRow = (table, row) => {
    rows.set(table, (rows.get(table) ?? 0) + 1);
    if (table !== 'orders.orders') return;
    const buyer = String((row as { buyer_id: unknown }).buyer_id);
    ordersByBuyer.set(buyer, (ordersByBuyer.get(buyer) ?? 0) + 1);
  };
  const people = makePeople(medium, REFERENCE, add);
  const catalog = makeCatalog(medium, REFERENCE, add);
  const loader = { add, relax: () => Promise.resolve(), finish: () => Promise.resolve() };
  await makeOrders({
    count: medium.orders,
    reference: REFERENCE,
    people,
    catalog,
    loader,
    onProgress: () => undefined,
  });
});

test('the company has its size', () => {
  expect(rows.get('users.users')).toBe(medium.users);
  expect(rows.get('users.organizations')).toBe(medium.organizations);
  expect(rows.get('orders.orders')).toBe(medium.orders);
});

test('an order has three lines and five ledger entries on average, and most have one invoice', () => {
  const perOrder = (table: string) => rows.get(table)! / medium.orders;
  expect(perOrder('orders.order_lines')).toBeCloseTo(3, 1);
  expect(perOrder('billing.ledger_entries')).toBeGreaterThan(5);
  expect(perOrder('billing.invoices')).toBeGreaterThan(1);
  expect(perOrder('billing.invoices')).toBeLessThan(1.05);
});

test('one percent of the buyers own a fifth of the orders', () => {
  const busiest = [...ordersByBuyer]
    .filter(([buyer]) => buyer !== 'null')
    .map(([, count]) => count)
    .sort((left, right) => right - left);
  const top = busiest.slice(0, Math.round(medium.users / 100)).reduce((sum, count) => sum + count, 0);
  expect(top / medium.orders).toBeGreaterThan(0.2);
  expect(top / medium.orders).toBeLessThan(0.25);
});
