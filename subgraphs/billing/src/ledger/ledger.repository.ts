import sql, { join } from 'sql-template-tag';

import { invariant, newUuid } from '@tributary/kit';
import type { Transaction } from '@tributary/kit';

import { ledgerAccounts } from './postings.ts';
import type { Posting } from './postings.ts';

/**
 * Writes a posting with its entries and moves the balances of the customers it names, in one statement. True: posted now; false: the same
 * fact was posted before, and nothing was changed. Entries of zero are left out; a posting of nothing else is not written. Throws when a
 * balance does not suffice; whoever takes from one locks and checks it first.
 */
export async function postTransaction(
  tx: Transaction & { readonly now: Date },
  { kind, sourceType, sourceId, currency, reverses, ...posting }: Posting,
): Promise<boolean> {
  const entries = posting.entries.filter(({ amountMinor }) => amountMinor !== 0n);
  const difference = entries.reduce((sum, each) => sum + (each.side === 'DEBIT' ? 1n : -1n) * each.amountMinor, 0n);
  invariant(difference === 0n, `The posting ${kind} does not balance.`);
  if (entries.length === 0) return false;
  const rows = entries.map(
    ({ account, side, amountMinor, subAccountId }, index) =>
      sql`(${index + 1}::smallint, ${account}, ${subAccountId}::uuid, ${side}, ${amountMinor}::bigint)`,
  );
  const reversed = reverses
    ? sql`(SELECT id FROM billing.ledger_transactions
        WHERE (kind, source_type, source_id) = (${reverses.kind}, ${reverses.sourceType}, ${reverses.sourceId}::uuid))`
    : sql`NULL::uuid`;
  // A proposed row is checked before it is found to exist already, so what lowers a balance cannot come as an INSERT.
  const [result] = await tx.query<{ posted: number; moved: number; wanted: number }>(
    sql`WITH posted AS (
      INSERT INTO billing.ledger_transactions (id, kind, source_type, source_id, reverses_id, posted_at)
        VALUES (${newUuid(tx.now)}::uuid, ${kind}, ${sourceType}, ${sourceId}::uuid, ${reversed}, ${tx.now})
        ON CONFLICT (kind, source_type, source_id) DO NOTHING RETURNING id),
    entries AS (
      INSERT INTO billing.ledger_entries
          (transaction_id, line_no, account_code, sub_account_id, side, amount_minor, currency)
        SELECT posted.id, e.line_no, e.account_code, e.sub_account_id, e.side, e.amount_minor, ${currency}
        FROM posted, (VALUES ${join(rows)}) AS e (line_no, account_code, sub_account_id, side, amount_minor)
        RETURNING account_code, sub_account_id, side, amount_minor),
    changes AS (
      SELECT sub_account_id AS account_id, sum(CASE side WHEN 'CREDIT' THEN amount_minor ELSE -amount_minor END)::bigint AS change
        FROM entries WHERE account_code = ${ledgerAccounts.customerBalances} GROUP BY 1),
    raised AS (
      INSERT INTO billing.account_balances AS b (account_id, currency, available_minor)
        SELECT account_id, ${currency}, change FROM changes WHERE change >= 0
        ON CONFLICT (account_id, currency) DO UPDATE
          SET available_minor = b.available_minor + excluded.available_minor, updated_at = now()
        RETURNING 1),
    lowered AS (
      UPDATE billing.account_balances b SET available_minor = b.available_minor + c.change, updated_at = now()
        FROM changes c WHERE b.account_id = c.account_id AND b.currency = ${currency} AND c.change < 0
        RETURNING 1)
    SELECT (SELECT count(*)::integer FROM posted) AS "posted", (SELECT count(*)::integer FROM changes) AS "wanted",
      (SELECT count(*) FROM raised)::integer + (SELECT count(*) FROM lowered)::integer AS "moved"`,
  );
  invariant(result!.moved === result!.wanted, `The posting ${kind} takes from a balance that does not exist.`);
  return result!.posted > 0;
}
