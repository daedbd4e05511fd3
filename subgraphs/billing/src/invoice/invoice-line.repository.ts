import sql from 'sql-template-tag';
import type { Sql } from 'sql-template-tag';

import { anyArm, columnsOf } from '@tributary/kit';
import type { NestedListQuery, RequestReader } from '@tributary/kit';

import { invoiceLineEntity, invoiceLineTaxEntity } from './invoice-line.entity.ts';
import type { InvoiceLineTax, PricedInvoiceLine } from './invoice-line.ts';

const lineColumns = sql`${columnsOf(invoiceLineEntity, 'l')}, i.currency AS "currency"`;
const taxColumns = columnsOf(invoiceLineTaxEntity, 't');
const linesWithInvoice = sql`billing.invoice_lines l JOIN billing.invoices i ON i.id = l.invoice_id`;

/** The lines of visible invoices, by position. */
export function invoiceLineList(arms: readonly Sql[]): NestedListQuery {
  return {
    name: 'Invoice.lines',
    columns: lineColumns,
    from: linesWithInvoice,
    id: sql`l.id`,
    parent: sql`l.invoice_id`,
    sort: { key: { column: sql`l.position`, type: 'integer', nullable: false }, direction: 'ASC' },
    // One arm: the invoice is a single row here, so arms would only repeat the read.
    arms: [anyArm(arms)],
    filter: sql`TRUE`,
  };
}

export interface InvoiceLineRepository {
  /** All lines of one visible invoice, by position. */
  findByInvoice(invoiceId: string): Promise<PricedInvoiceLine[]>;
  /** Taxes of lines that were read before, by position. */
  findTaxes(lineIds: readonly string[]): Promise<InvoiceLineTax[]>;
}

export function createInvoiceLineRepository(db: RequestReader, arms: readonly Sql[]): InvoiceLineRepository {
  return {
    findByInvoice: (invoiceId) =>
      db.query(sql`SELECT ${lineColumns} FROM ${linesWithInvoice}
        WHERE l.invoice_id = ${invoiceId}::uuid AND ${anyArm(arms)} ORDER BY l.position`),
    findTaxes: (lineIds) =>
      db.query(sql`SELECT ${taxColumns} FROM billing.invoice_line_taxes t
        WHERE t.invoice_line_id = ANY(${lineIds}::uuid[]) ORDER BY t.invoice_line_id, t.position`),
  };
}
