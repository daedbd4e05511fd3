import { randomUUID } from 'node:crypto';

import { afterAll, beforeAll, expect, test } from 'vitest';

import { createLogger, SYSTEM, systemClock, toGlobalId } from '@tributary/kit';
import type { EventEnvelope, Principal, RunningSubgraph } from '@tributary/kit';
import { createOrdersSubgraph } from '@tributary/orders';
import { createBillingHandlers } from '@tributary/orders/order/billing-events';
import { createDeadlineJob } from '@tributary/orders/order/order-deadlines.job';
import { DEFAULT_DEADLINES } from '@tributary/orders/order/order-saga';

import { explain, nodesOf } from '../../kit/plan.ts';
import { startTestPostgres } from '../../kit/postgres.ts';
import type { TestDatabase } from '../../kit/postgres.ts';

// The statements of a checkout, from the draft to the confirmation and the cancellation, on the medium company: none of them reads a
// growing table from its first row to its last.

/** Tables that stay small while the company grows. */
const SMALL = ['tax_rates', 'discount_codes', 'products', 'product_variants', 'variant_prices'];

let database: TestDatabase;
let subgraph: RunningSubgraph;
const statements = new Map<string, readonly unknown[]>();
beforeAll(async () => {
  database = await startTestPostgres({ seed: 'medium' });
  // As many finished sagas and used keys as there are orders.
  await database.query(
    `INSERT INTO orders.order_sagas (order_id, step, deadline_at) SELECT id, 'DONE', created_at FROM orders.orders`,
  );
  await database.query(
    `INSERT INTO orders.idempotency_keys (actor_id, operation, key, request_hash, expires_at)
      SELECT 'user:' || id, 'orderPlace', id, '', now() + interval '1 day' FROM orders.orders`,
  );
  await database.query('ANALYZE orders.order_sagas, orders.idempotency_keys');
  subgraph = await createOrdersSubgraph({
    databaseUrl: database.urls.orders,
    cursorKey: new Uint8Array(32),
    logger: createLogger({ level: 'silent', name: 'test' }),
    clock: systemClock,
    onStatement: (text, parameters) => statements.set(text, parameters),
  });
}, 120_000);
afterAll(async () => {
  await subgraph.stop();
  await database[Symbol.asyncDispose]();
});

interface Saved {
  id: string;
  version: number;
  total: object;
}

async function change(principal: Principal, mutation: string, input: Record<string, unknown>): Promise<Saved> {
  const type = `${mutation[0]!.toUpperCase()}${mutation.slice(1)}Input!`;
  const { data, errors } = await subgraph.execute(
    {
      query: `mutation ($input: ${type}) { ${mutation}(input: $input) { order { id version total { amountMinor currency } } userErrors { code } } }`,
      variables: { input },
    },
    { principal, requestId: 'test', deadline: Date.now() + 60_000 },
  );
  const { order } = (data as Record<string, { order: Saved | null }>)[mutation]!;
  if (!order) throw new Error(JSON.stringify({ data, errors }));
  return JSON.parse(JSON.stringify(order)) as Saved;
}

test('no statement of a checkout reads a growing table as a whole', async () => {
  const [owner] = await database.query<{ buyer_id: string; organization_id: string }>(
    'SELECT buyer_id, organization_id FROM orders.orders WHERE buyer_id IS NOT NULL AND organization_id IS NOT NULL LIMIT 1',
  );
  const principal: Principal = {
    type: 'user',
    userId: owner!.buyer_id,
    roles: ['CUSTOMER'],
    scopes: ['orders:read', 'orders:write'],
    memberships: [{ organizationId: owner!.organization_id, role: 'BUYER' }],
    authTime: null,
    amr: [],
  };
  const variants = await database.query<{ id: string }>(
    `SELECT v.id FROM orders.product_variants v JOIN orders.products p ON p.id = v.product_id AND p.active
     WHERE v.stock_on_hand - v.stock_reserved > 20 LIMIT 5`,
  );
  const lines = variants.map(({ id }) => ({ variantId: toGlobalId('ProductVariant', id), quantity: 1 }));
  const shippingAddress = { recipient: 'A', line1: 'B', city: 'C', country: 'DE' };
  const basket = { lines, shippingAddress, discountCodes: ['WELCOME10'], externalReference: 'PO-1' };
  const place = async () => {
    const draft = await change(principal, 'orderDraftSave', basket);
    const saved = await change(principal, 'orderDraftSave', {
      ...basket,
      id: draft.id,
      expectedVersion: draft.version,
    });
    const { id, version: expectedVersion, total: expectedTotal } = saved;
    return change(principal, 'orderPlace', { id, expectedVersion, expectedTotal, idempotencyKey: randomUUID() });
  };
  const order = await place();
  const updated = await change(principal, 'orderUpdate', { id: order.id, expectedVersion: order.version, customerNote: 'x' }); // prettier-ignore
  await change(principal, 'orderCancel', { id: order.id, expectedVersion: updated.version, reason: 'OTHER', idempotencyKey: randomUUID() }); // prettier-ignore

  const client: Principal = {
    type: 'client',
    clientId: randomUUID(),
    organizationId: owner!.organization_id,
    roles: ['PARTNER'],
    scopes: ['orders:read', 'orders:write'],
    authTime: null,
    amr: [],
  };
  await change(client, 'orderDraftSave', { ...basket, buyerId: toGlobalId('User', owner!.buyer_id) });
  expect([...statements.keys()].some((text) => text.includes('orders.membership_copies'))).toBe(true);

  await place();
  const [row] = await database.query<{ id: string }>('SELECT id FROM orders.orders ORDER BY created_at DESC LIMIT 1');
  const invoiceId = randomUUID();
  for (const type of ['invoice.finalized', 'payment.authorized', 'invoice.paid']) {
    const data = { invoiceId, orderId: row!.id, paymentStatus: 'UNPAID', amountMinor: '1', currency: 'EUR', dueOn: '2026-12-01', onAccount: false }; // prettier-ignore
    const event = { id: randomUUID(), type, aggregateId: invoiceId, aggregateVersion: 2, data };
    await subgraph.writer.write({ actor: SYSTEM, traceparent: null }, (tx) =>
      createBillingHandlers(DEFAULT_DEADLINES)[type]!(tx, event as unknown as EventEnvelope<never>),
    );
  }
  await place();
  const clock = { now: () => new Date(Date.now() + 40 * 86_400_000) };
  await createDeadlineJob({ writer: subgraph.writer, clock, deadlines: DEFAULT_DEADLINES }).run(new AbortController().signal); // prettier-ignore

  const reads: string[] = [];
  for (const [text, parameters] of statements) {
    if (/^(START|COMMIT|ROLLBACK)/.test(text)) continue;
    const { Plan: root } = await explain(database.client, { subgraph: 'orders', text, parameters });
    for (const node of nodesOf(root))
      if (node['Node Type'] === 'Seq Scan' && !SMALL.includes(node['Relation Name'] ?? ''))
        reads.push(`${node['Relation Name']}: ${text.replaceAll(/\s+/g, ' ').slice(0, 160)}`);
  }
  expect(statements.size).toBeGreaterThan(30);
  expect(reads).toEqual([]);
});
