import sql from 'sql-template-tag';
import type { Sql } from 'sql-template-tag';

import { anyArm, columnsOf } from '@tributary/kit';
import type { RequestReader } from '@tributary/kit';

import { paymentEntity } from './payment.entity.ts';
import type { OwnedPayment } from './payment.ts';

/** Payments of invoices the caller may see; others are left out. */
export interface PaymentRepository {
  findByIds(ids: readonly string[]): Promise<OwnedPayment[]>;
  /** Newest first. */
  findByInvoices(invoiceIds: readonly string[]): Promise<OwnedPayment[]>;
}

export const paymentColumns = columnsOf(paymentEntity, 'p');
const columns = sql`${paymentColumns}, i.customer_id AS "customerId", i.organization_id AS "organizationId",
  i.partner_organization_id AS "partnerOrganizationId"`;
const paymentsWithInvoice = sql`billing.payments p JOIN billing.invoices i ON i.id = p.invoice_id`;

/** `arms` tell which invoices the caller sees. */
export function createPaymentRepository(db: RequestReader, arms: readonly Sql[]): PaymentRepository {
  const visible = anyArm(arms);
  return {
    findByIds: (ids) =>
      db.query(sql`SELECT ${columns} FROM ${paymentsWithInvoice} WHERE p.id = ANY(${ids}::uuid[]) AND ${visible}`),
    findByInvoices: (invoiceIds) =>
      db.query(sql`SELECT ${columns} FROM ${paymentsWithInvoice}
        WHERE p.invoice_id = ANY(${invoiceIds}::uuid[]) AND ${visible} ORDER BY p.created_at DESC, p.id DESC`),
  };
}
