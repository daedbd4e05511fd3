import type { Transaction } from '@tributary/kit';
import sql from 'sql-template-tag';

/** Calls back parcels that were packed and not handed over. */
export async function cancelPendingShipments(tx: Transaction, orderId: string): Promise<void> {
  await tx.query(
    sql`UPDATE orders.shipments SET status = 'CANCELED', version = version + 1, updated_at = now()
      WHERE order_id = ${orderId}::uuid AND status = 'PENDING'`,
  );
}
