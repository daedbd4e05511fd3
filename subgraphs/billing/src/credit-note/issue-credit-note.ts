import sql from 'sql-template-tag';

import { newUuid } from '@tributary/kit';
import type { WriteTransaction } from '@tributary/kit';

import { changeInvoice, nextNumber } from '../invoice/invoice-writes.repository.ts';
import type { Invoice } from '../invoice/invoice.ts';
import { postTransaction } from '../ledger/ledger.repository.ts';
import { creditNoteIssued } from '../ledger/postings.ts';

const CREDIT_NOTE_SERIES = 'CN';

/** Lowers an invoice that is locked. The number is taken by `numberCreditNote`, at the end of the transaction. */
export async function creditInvoice(
  tx: WriteTransaction,
  invoice: Invoice,
  amountMinor: bigint,
): Promise<{ id: string; invoice: Invoice }> {
  const id = newUuid(tx.now);
  await postTransaction(tx, creditNoteIssued({ id, currency: invoice.currency, amountMinor }, invoice));
  return { id, invoice: await changeInvoice(tx, invoice, { creditedMinor: amountMinor }) };
}

/** Writes the document under the next number. To be the last statement: the series stays locked until COMMIT. */
export async function numberCreditNote(
  tx: WriteTransaction,
  { id, invoice, amountMinor, reason }: { id: string; invoice: Invoice; amountMinor: bigint; reason: string },
): Promise<void> {
  await tx.query(
    sql`WITH numbered AS (${nextNumber(CREDIT_NOTE_SERIES)})
      INSERT INTO billing.credit_notes (id, number, invoice_id, currency, total_minor, reason, issued_at)
        SELECT ${id}::uuid, numbered.number, ${invoice.id}::uuid, ${invoice.currency}, ${amountMinor}::bigint, ${reason}, ${tx.now}
        FROM numbered`,
  );
}
