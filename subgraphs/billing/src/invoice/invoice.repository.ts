import sql from 'sql-template-tag';
import type { Sql } from 'sql-template-tag';

import { anyArm, columnsOf } from '@tributary/kit';
import type { RequestReader } from '@tributary/kit';

import { invoiceEntity } from './invoice.entity.ts';
import type { Invoice } from './invoice.ts';

/** An invoice found by its order. `readable`: the caller sees the invoice itself, not only what it says about the order. */
export type OrderInvoice = Invoice & { orderId: string; readable: boolean };

/** Invoices the caller may see; others are left out. */
export interface InvoiceRepository {
  findByIds(ids: readonly string[]): Promise<Invoice[]>;
  findByNumbers(numbers: readonly string[]): Promise<Invoice[]>;
  /** Void ones too, newest first. */
  findByOrders(orderIds: readonly string[]): Promise<OrderInvoice[]>;
}

export const invoiceColumns = columnsOf(invoiceEntity, 'i');

/**
 * `arms` tell which invoices the caller sees. `orderArms` are wider: they tell for which orders the caller sees how much is paid,
 * so that everything an order needs is one statement.
 */
export function createInvoiceRepository(
  db: RequestReader,
  arms: readonly Sql[],
  orderArms: readonly Sql[],
): InvoiceRepository {
  const visible = anyArm(arms);
  return {
    findByIds: (ids) =>
      db.query(sql`SELECT ${invoiceColumns} FROM billing.invoices i WHERE i.id = ANY(${ids}::uuid[]) AND ${visible}`),
    findByNumbers: (numbers) =>
      db.query(
        sql`SELECT ${invoiceColumns} FROM billing.invoices i WHERE i.number = ANY(${numbers}::text[]) AND ${visible}`,
      ),
    // IS TRUE: owner columns may be null, and so may the predicate.
    findByOrders: (orderIds) =>
      db.query(sql`SELECT ${invoiceColumns}, ${visible} IS TRUE AS "readable" FROM billing.invoices i
        WHERE i.order_id = ANY(${orderIds}::uuid[]) AND ${anyArm(orderArms)} ORDER BY i.created_at DESC, i.id DESC`),
  };
}
