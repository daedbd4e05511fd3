import sql, { join } from 'sql-template-tag';
import type { Sql } from 'sql-template-tag';

import { anyArm, newUuid } from '@tributary/kit';
import type { PostalAddress, Transaction, WriteTransaction } from '@tributary/kit';

import type { DraftLine } from './draft-of-order.ts';
import { invoiceColumns } from './invoice.repository.ts';
import { changedFigures } from './invoice.ts';
import type { Invoice, InvoiceChange } from './invoice.ts';

// Invoices as changes need them. Everything that moves money of an invoice locks its row first, so that such changes take turns; payments,
// refunds and balances are locked after it, the series of numbers last.

export type DraftInvoice = Pick<
  Invoice,
  | 'accountId'
  | 'customerId'
  | 'organizationId'
  | 'partnerOrganizationId'
  | 'orderId'
  | 'orderNumber'
  | 'currency'
  | 'subtotalMinor'
  | 'taxMinor'
  | 'totalMinor'
>;

const INVOICE_SERIES = 'INV';

/** Writes a draft with its lines and returns its id. */
export async function insertDraft(
  tx: WriteTransaction,
  draft: DraftInvoice,
  lines: readonly DraftLine[],
): Promise<string> {
  const id = newUuid(tx.now);
  await tx.query(
    sql`INSERT INTO billing.invoices (id, account_id, customer_id, organization_id, partner_organization_id, order_id,
        order_number, status, currency, subtotal_minor, tax_minor, total_minor)
      VALUES (${id}::uuid, ${draft.accountId}::uuid, ${draft.customerId}::uuid, ${draft.organizationId}::uuid,
        ${draft.partnerOrganizationId}::uuid, ${draft.orderId}::uuid, ${draft.orderNumber}, 'DRAFT', ${draft.currency},
        ${draft.subtotalMinor}, ${draft.taxMinor}, ${draft.totalMinor})`,
  );
  const identified = lines.map((line, index) => ({ ...line, id: newUuid(tx.now), position: index + 1 }));
  await tx.query(
    sql`INSERT INTO billing.invoice_lines (id, invoice_id, position, description, quantity, unit_price_minor, discount_minor,
        tax_minor, total_minor)
      VALUES ${join(
        identified.map(
          (line) =>
            sql`(${line.id}::uuid, ${id}::uuid, ${line.position}, ${line.description}, ${line.quantity}, ${line.unitPriceMinor},
              ${line.discountMinor}, ${line.taxMinor}, ${line.totalMinor})`,
        ),
      )}`,
  );
  const taxes = identified.flatMap((line) => line.taxes.map((tax, index) => ({ ...tax, lineId: line.id, index })));
  if (taxes.length > 0)
    await tx.query(
      sql`INSERT INTO billing.invoice_line_taxes (invoice_line_id, position, title, rate, jurisdiction, amount_minor)
        VALUES ${join(
          taxes.map(
            (tax) =>
              sql`(${tax.lineId}::uuid, ${tax.index + 1}, ${tax.title}, ${tax.rate}, ${tax.jurisdiction}, ${tax.amountMinor})`,
          ),
        )}`,
    );
  return id;
}

export interface Finalization {
  issuedOn: string;
  termDays: number;
  billTo: PostalAddress;
}

/** Freezes a draft under the next number. To be the last statement: the series stays locked until COMMIT. */
export async function finalizeInvoice(
  tx: Transaction,
  id: string,
  { issuedOn, termDays, billTo }: Finalization,
): Promise<Invoice> {
  const [invoice] = await tx.query<Invoice>(
    sql`WITH numbered AS (${nextNumber(INVOICE_SERIES)})
      UPDATE billing.invoices i SET number = numbered.number, issued_on = ${issuedOn}::date,
        due_on = ${issuedOn}::date + ${termDays}::integer, bill_to = ${JSON.stringify(billTo)}::jsonb,
        status = CASE WHEN i.total_minor = 0 THEN 'PAID' ELSE 'OPEN' END, updated_at = now()
      FROM numbered WHERE i.id = ${id}::uuid RETURNING ${invoiceColumns}`,
  );
  return invoice!;
}

/** The next number of a series, as a statement for a CTE with the column `number`. */
export const nextNumber = (series: string): Sql =>
  sql`INSERT INTO billing.number_series AS s (series, next) VALUES (${series}, ${FIRST_NUMBER + 1n})
    ON CONFLICT (series) DO UPDATE SET next = s.next + 1, updated_at = now()
    RETURNING ${series} || '-' || (next - 1) AS number`;

const FIRST_NUMBER = 100_001n;

const lockWhere = async (tx: Transaction, condition: Sql): Promise<Invoice | null> => {
  const [invoice] = await tx.query<Invoice>(
    sql`SELECT ${invoiceColumns} FROM billing.invoices i WHERE ${condition} FOR UPDATE`,
  );
  return invoice ?? null;
};

/** Null when there is none, or none that meets one of the arms. */
export const lockVisibleInvoice = (tx: Transaction, id: string, arms: readonly Sql[]): Promise<Invoice | null> =>
  lockWhere(tx, sql`i.id = ${id}::uuid AND ${anyArm(arms)}`);

/** The invoice of an order that is not void. */
export const lockInvoiceOfOrder = (tx: Transaction, orderId: string): Promise<Invoice | null> =>
  lockWhere(tx, sql`i.order_id = ${orderId}::uuid AND i.status <> 'VOID'`);

export async function lockInvoiceOfPayment(tx: Transaction, paymentId: string): Promise<Invoice> {
  const invoice = await lockWhere(
    tx,
    sql`i.id = (SELECT p.invoice_id FROM billing.payments p WHERE p.id = ${paymentId}::uuid)`,
  );
  return invoice!;
}

export async function hasInvoice(tx: Transaction, orderId: string): Promise<boolean> {
  const found = await tx.query(sql`SELECT FROM billing.invoices i WHERE i.order_id = ${orderId}::uuid`);
  return found.length > 0;
}

/** Applies a change to an invoice that is locked, and returns it as it is now. */
export async function changeInvoice(tx: Transaction, invoice: Invoice, change: InvoiceChange): Promise<Invoice> {
  const after = changedFigures(invoice, change);
  const [changed] = await tx.query<Invoice>(
    sql`UPDATE billing.invoices i SET status = ${after.status}, paid_minor = ${after.paidMinor},
        refunded_minor = ${after.refundedMinor}, credited_minor = ${after.creditedMinor},
        authorized_minor = ${after.authorizedMinor}, updated_at = now(), version = i.version + 1
      WHERE i.id = ${invoice.id}::uuid RETURNING ${invoiceColumns}`,
  );
  return changed!;
}

export async function voidInvoice(tx: Transaction, { id }: Invoice, closeReason: string): Promise<Invoice> {
  const [voided] = await tx.query<Invoice>(
    sql`UPDATE billing.invoices i SET status = 'VOID', close_reason = ${closeReason}, updated_at = now(),
        version = i.version + 1
      WHERE i.id = ${id}::uuid RETURNING ${invoiceColumns}`,
  );
  return voided!;
}
