import sql from 'sql-template-tag';
import type { Sql } from 'sql-template-tag';

import { anyArm, columnsOf } from '@tributary/kit';
import type { RequestReader } from '@tributary/kit';

import type { Owners } from '../invoice/invoice.ts';
import { creditNoteEntity } from './credit-note.entity.ts';
import type { CreditNote } from './credit-note.ts';

/** A credit note as it is read: with the owners of its invoice, who decide who may see it. */
export type OwnedCreditNote = CreditNote & Owners;

/** Credit notes of invoices the caller may see; others are left out. */
export interface CreditNoteRepository {
  findByIds(ids: readonly string[]): Promise<OwnedCreditNote[]>;
  /** Newest first. */
  findByInvoices(invoiceIds: readonly string[]): Promise<OwnedCreditNote[]>;
}

const columns = sql`${columnsOf(creditNoteEntity, 'n')}, i.customer_id AS "customerId",
  i.organization_id AS "organizationId", i.partner_organization_id AS "partnerOrganizationId"`;
const notesWithInvoice = sql`billing.credit_notes n JOIN billing.invoices i ON i.id = n.invoice_id`;

/** `arms` tell which invoices the caller sees. */
export function createCreditNoteRepository(db: RequestReader, arms: readonly Sql[]): CreditNoteRepository {
  const visible = anyArm(arms);
  return {
    findByIds: (ids) =>
      db.query(sql`SELECT ${columns} FROM ${notesWithInvoice} WHERE n.id = ANY(${ids}::uuid[]) AND ${visible}`),
    findByInvoices: (invoiceIds) =>
      db.query(sql`SELECT ${columns} FROM ${notesWithInvoice}
        WHERE n.invoice_id = ANY(${invoiceIds}::uuid[]) AND ${visible} ORDER BY n.issued_at DESC, n.id DESC`),
  };
}
