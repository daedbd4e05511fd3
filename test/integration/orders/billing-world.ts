import { randomUUID } from 'node:crypto';

import { newUuid, SYSTEM } from '@tributary/kit';
import type { EventEnvelope } from '@tributary/kit';
import { createBillingHandlers } from '@tributary/orders/order/billing-events';
import { DEFAULT_DEADLINES } from '@tributary/orders/order/order-saga';

import type { CheckoutWorld } from './checkout-world.ts';

// Billing as orders hears it: events, each handled in a transaction of its own.

/** An invoice of an order, and what billing tells about it. */
export interface Invoice {
  id: string;
  orderId: string;
}

/** Invoices made later have ids that sort later. */
export const invoiceOf = (orderId: string, madeAt = new Date()): Invoice => ({ id: newUuid(madeAt), orderId });

/** Delivers an event of billing to orders; `version` is that of the invoice. */
export async function tell(
  { subgraph }: CheckoutWorld,
  { id, orderId }: Invoice,
  version: number,
  type: string,
  data: Record<string, unknown>,
): Promise<void> {
  const event: EventEnvelope = {
    id: randomUUID(),
    type,
    schemaVersion: 1,
    aggregateType: 'Invoice',
    aggregateId: id,
    aggregateVersion: version,
    occurredAt: new Date().toISOString(),
    actor: SYSTEM,
    traceparent: null,
    data: { invoiceId: id, orderId, amountMinor: '2400', currency: 'EUR', ...data },
  };
  const handle = createBillingHandlers(DEFAULT_DEADLINES)[type]!;
  await subgraph.writer.write({ actor: SYSTEM, traceparent: null }, (tx) => handle(tx, event as EventEnvelope<never>));
}

export async function orderRow({
  database,
}: CheckoutWorld): Promise<{ status: string; payment_status: string; version: number }> {
  const [row] = await database.query<{ status: string; payment_status: string; version: number }>(
    'SELECT status, payment_status, version FROM orders.orders',
  );
  return row!;
}

/** Step of the only saga, and hours from the start of the test until its deadline. */
export async function sagaRow({ database }: CheckoutWorld): Promise<{ step: string; hours: number }> {
  const [row] = await database.query<{ step: string; hours: number }>(
    `SELECT step, round(extract(epoch FROM deadline_at - created_at) / 3600)::int AS hours FROM orders.order_sagas`,
  );
  return row!;
}

/** What the timeline says, oldest first. */
export async function timelineOf({ database }: CheckoutWorld): Promise<string[]> {
  const rows = await database.query<{ type: string; message: string }>(
    'SELECT type, message FROM orders.order_events ORDER BY id',
  );
  return rows.map(({ type, message }) => `${type}: ${message}`);
}
