import { setTimeout as sleep } from 'node:timers/promises';

import type pg from 'pg';

// Moments at which a process must not die if something is missing. Random kills nearly never meet them: they last a few milliseconds.

export interface Moment {
  /** Whom to kill. */
  victim: string;
  /** Finds a row while the moment lasts. */
  query: string;
}

export const MOMENTS = {
  'handled, not acknowledged': {
    victim: 'orders',
    query: `SELECT FROM events.queue q JOIN orders.order_events e ON e.order_id = (q.envelope -> 'data' ->> 'orderId')::uuid
      WHERE q.consumer = 'orders' AND q.envelope ->> 'type' = 'payment.captured' AND e.type = 'PAYMENT_UPDATED' LIMIT 1`,
  },
  'changed, nobody told': {
    victim: 'orders',
    query: `SELECT FROM orders.orders o WHERE o.status = 'PENDING' AND o.placed_at > now() - interval '1 second'
      AND NOT EXISTS (SELECT FROM orders.outbox e WHERE e.key = o.id AND e.type = 'order.placed') LIMIT 1`,
  },
  'done, not answered': {
    victim: 'gateway',
    query: `SELECT FROM orders.orders WHERE created_at > clock_timestamp() - interval '50 milliseconds' LIMIT 1`,
  },
} as const satisfies Record<string, Moment>;

const LOOK_MS = 2;

/** True when the moment has come; false when it did not within this time. */
export async function comes({ query }: Moment, client: pg.Client, patienceMs: number): Promise<boolean> {
  const deadline = Date.now() + patienceMs;
  while (Date.now() < deadline) {
    const { rowCount } = await client.query(query);
    if (rowCount) return true;
    await sleep(LOOK_MS);
  }
  return false;
}
