import sql from 'sql-template-tag';
import type { Sql } from 'sql-template-tag';

import { anyArm, columnsOf } from '@tributary/kit';
import type { RequestReader } from '@tributary/kit';

import type { Owners } from '../invoice/invoice.ts';
import { refundEntity } from './refund.entity.ts';
import type { Refund } from './refund.ts';

/** A refund as it is read: with the invoice of its payment and the owners of that, who decide who may see it. */
export type OwnedRefund = Refund & Owners & { invoiceId: string };

/** Refunds of payments of invoices the caller may see; others are left out. */
export interface RefundRepository {
  findByIds(ids: readonly string[]): Promise<OwnedRefund[]>;
  /** Newest first. */
  findByInvoices(invoiceIds: readonly string[]): Promise<OwnedRefund[]>;
}

const columns = sql`${columnsOf(refundEntity, 'r')}, i.id AS "invoiceId", i.customer_id AS "customerId",
  i.organization_id AS "organizationId", i.partner_organization_id AS "partnerOrganizationId"`;
const refundsWithInvoice = sql`billing.refunds r JOIN billing.payments p ON p.id = r.payment_id
  JOIN billing.invoices i ON i.id = p.invoice_id`;

/** `arms` tell which invoices the caller sees. */
export function createRefundRepository(db: RequestReader, arms: readonly Sql[]): RefundRepository {
  const visible = anyArm(arms);
  return {
    findByIds: (ids) =>
      db.query(sql`SELECT ${columns} FROM ${refundsWithInvoice} WHERE r.id = ANY(${ids}::uuid[]) AND ${visible}`),
    findByInvoices: (invoiceIds) =>
      db.query(sql`SELECT ${columns} FROM ${refundsWithInvoice}
        WHERE p.invoice_id = ANY(${invoiceIds}::uuid[]) AND ${visible} ORDER BY r.created_at DESC, r.id DESC`),
  };
}
