import type { Transaction } from '@tributary/kit';
import sql from 'sql-template-tag';

import type { PaymentStatus } from './order.ts';

export interface PaymentCopy {
  paymentStatus: PaymentStatus;
  /** The invoice that the status comes from, and its version. Ids of later invoices sort later. */
  invoiceId: string;
  invoiceVersion: number;
}

/**
 * Takes over what billing says of a locked order, unless something newer is known. The version of the order stays: the copy is not part
 * of what people edit, and their edits must not fail because of it. Returns the status that stands then.
 */
export async function copyPaymentStatus(
  tx: Transaction,
  orderId: string,
  { paymentStatus, invoiceId, invoiceVersion }: PaymentCopy,
): Promise<PaymentStatus> {
  const [order] = await tx.query<{ status: PaymentStatus }>(
    sql`WITH newer AS (
        UPDATE orders.orders o SET payment_status = ${paymentStatus}, payment_invoice_id = ${invoiceId}::uuid,
          payment_invoice_version = ${invoiceVersion}, updated_at = now()
        WHERE o.id = ${orderId}::uuid AND (o.payment_invoice_id IS NULL
          OR (o.payment_invoice_id, o.payment_invoice_version) <= (${invoiceId}::uuid, ${invoiceVersion}))
        RETURNING o.payment_status AS status)
      SELECT status FROM newer
      UNION ALL SELECT o.payment_status FROM orders.orders o WHERE o.id = ${orderId}::uuid AND NOT EXISTS (SELECT FROM newer)`,
  );
  return order!.status;
}

export async function findPaymentStatus(tx: Transaction, orderId: string): Promise<PaymentStatus> {
  const [order] = await tx.query<{ status: PaymentStatus }>(
    sql`SELECT payment_status AS status FROM orders.orders WHERE id = ${orderId}::uuid`,
  );
  return order!.status;
}
