import type { Transaction } from '@tributary/kit';
import sql from 'sql-template-tag';

import type { OrderSaga } from './order-saga.ts';

// The saga of an order is guarded by the lock on the order.

export async function insertSaga(tx: Transaction, orderId: string, { step, deadlineAt }: OrderSaga): Promise<void> {
  await tx.query(
    sql`INSERT INTO orders.order_sagas (order_id, step, deadline_at) VALUES (${orderId}::uuid, ${step}, ${deadlineAt})`,
  );
}

/** Null for orders that were never placed, and for those that came into the database from elsewhere. */
export async function findSaga(tx: Transaction, orderId: string): Promise<(OrderSaga & { attempts: number }) | null> {
  const [saga] = await tx.query<OrderSaga & { attempts: number }>(
    sql`SELECT step, deadline_at AS "deadlineAt", attempts FROM orders.order_sagas WHERE order_id = ${orderId}::uuid`,
  );
  return saga ?? null;
}

export async function updateSaga(tx: Transaction, orderId: string, { step, deadlineAt }: OrderSaga): Promise<void> {
  await tx.query(
    sql`UPDATE orders.order_sagas SET step = ${step}, deadline_at = ${deadlineAt}, attempts = 0, updated_at = now()
      WHERE order_id = ${orderId}::uuid`,
  );
}

export async function finishSaga(tx: Transaction, orderId: string): Promise<void> {
  await tx.query(
    sql`UPDATE orders.order_sagas SET step = 'DONE', updated_at = now() WHERE order_id = ${orderId}::uuid AND step <> 'DONE'`,
  );
}

/** Locks the order whose deadline passed first and that nobody else works on; null when there is none. */
export async function lockOverdueOrder(tx: Transaction, now: Date): Promise<string | null> {
  const [overdue] = await tx.query<{ id: string }>(
    sql`SELECT o.id FROM orders.order_sagas s JOIN orders.orders o ON o.id = s.order_id
      WHERE s.step <> 'DONE' AND s.deadline_at <= ${now} ORDER BY s.deadline_at LIMIT 1
      FOR UPDATE OF o SKIP LOCKED`,
  );
  return overdue?.id ?? null;
}

export async function postponeSaga(tx: Transaction, orderId: string, deadlineAt: Date): Promise<void> {
  await tx.query(
    sql`UPDATE orders.order_sagas SET deadline_at = ${deadlineAt}, attempts = attempts + 1, updated_at = now()
      WHERE order_id = ${orderId}::uuid`,
  );
}
