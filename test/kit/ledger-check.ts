import { expect } from 'vitest';

import type { TestDatabase } from './postgres.ts';

// What must hold between the ledger, the invoices and the balances, whatever happened. Written in SQL from the rules, not from the code.

/** Rows that break a rule, by rule. */
const RULES: Readonly<Record<string, string>> = {
  'every posting balances in each currency': `
    SELECT t.kind, t.source_id FROM billing.ledger_transactions t
    LEFT JOIN billing.ledger_entries e ON e.transaction_id = t.id GROUP BY t.id, e.currency
    HAVING coalesce(sum(CASE e.side WHEN 'DEBIT' THEN e.amount_minor ELSE -e.amount_minor END), -1) <> 0`,
  // A void or written-off invoice demands nothing; what was kept of it is owed back.
  'receivables are what invoices demand and did not receive': `
    SELECT * FROM (
      SELECT currency, sum(CASE side WHEN 'DEBIT' THEN amount_minor ELSE -amount_minor END) AS booked
      FROM billing.ledger_entries WHERE account_code = '1200-receivables' GROUP BY 1) ledger
    FULL JOIN (
      SELECT currency, sum(CASE WHEN status IN ('OPEN', 'PAID') THEN total_minor - credited_minor ELSE 0 END
        - (paid_minor - refunded_minor)) AS owed
      FROM billing.invoices WHERE status NOT IN ('DRAFT', 'UNCOLLECTIBLE') GROUP BY 1) invoices USING (currency)
    WHERE coalesce(booked, 0) <> coalesce(owed, 0)`,
  'receivables are what open invoices have due, where no refund is on its way or has failed': `
    SELECT * FROM (
      SELECT currency, sum(CASE side WHEN 'DEBIT' THEN amount_minor ELSE -amount_minor END) AS booked
      FROM billing.ledger_entries WHERE account_code = '1200-receivables' GROUP BY 1) ledger
    FULL JOIN (SELECT currency, sum(due_minor) AS due FROM billing.invoices WHERE status = 'OPEN' GROUP BY 1) open
      USING (currency)
    WHERE coalesce(booked, 0) <> coalesce(due, 0)
      AND currency NOT IN (SELECT currency FROM billing.refunds WHERE status IN ('PROCESSING', 'FAILED'))`,
  'balances are the sums of their entries': `
    SELECT * FROM (
      SELECT sub_account_id AS account_id, currency,
        sum(CASE side WHEN 'CREDIT' THEN amount_minor ELSE -amount_minor END) AS booked
      FROM billing.ledger_entries WHERE account_code = '2100-customer-balances' GROUP BY 1, 2) ledger
    FULL JOIN billing.account_balances b USING (account_id, currency)
    WHERE coalesce(booked, 0) <> coalesce(available_minor, 0)`,
  'an invoice has received what its payments captured': `
    SELECT i.id FROM billing.invoices i LEFT JOIN (
      SELECT invoice_id, sum(captured_minor) AS captured, sum(refunded_minor) AS refunded,
        sum(amount_minor) FILTER (WHERE state = 'AUTHORIZED') AS authorized
      FROM billing.payments GROUP BY 1) p ON p.invoice_id = i.id
    WHERE (i.paid_minor, i.refunded_minor, i.authorized_minor)
      <> (coalesce(p.captured, 0), coalesce(p.refunded, 0), coalesce(p.authorized, 0))`,
  'a payment gave back what its refunds say': `
    SELECT p.id FROM billing.payments p LEFT JOIN (
      SELECT payment_id, sum(amount_minor) FILTER (WHERE status = 'SUCCEEDED') AS refunded,
        sum(amount_minor) FILTER (WHERE status IN ('PROCESSING', 'AWAITING_APPROVAL')) AS pending
      FROM billing.refunds GROUP BY 1) r ON r.payment_id = p.id
    WHERE (p.refunded_minor, p.refund_pending_minor) <> (coalesce(r.refunded, 0), coalesce(r.pending, 0))`,
  'an invoice is lowered by its credit notes': `
    SELECT i.id FROM billing.invoices i
    LEFT JOIN (SELECT invoice_id, sum(total_minor) AS credited FROM billing.credit_notes GROUP BY 1) n ON n.invoice_id = i.id
    WHERE i.credited_minor <> coalesce(n.credited, 0)`,
  'an open invoice has something due, a paid one nothing': `
    SELECT id FROM billing.invoices WHERE status IN ('OPEN', 'PAID') AND (status = 'PAID') <> (due_minor = 0)`,
  'the numbers of invoices and credit notes have no gaps': `
    SELECT series, max(number), count(*) FROM (
      SELECT 'INV' AS series, number FROM billing.invoices WHERE number LIKE 'INV-%'
      UNION ALL SELECT 'CN', number FROM billing.credit_notes) n
    GROUP BY series HAVING count(*) <> max(split_part(number, '-', 2)::bigint) - min(split_part(number, '-', 2)::bigint) + 1`,
};

/** Fails when the books do not agree. */
export async function expectBalancedBooks(database: Pick<TestDatabase, 'query'>): Promise<void> {
  const broken: Record<string, unknown[]> = {};
  for (const [rule, query] of Object.entries(RULES)) {
    const rows = await database.query(query);
    if (rows.length > 0) broken[rule] = rows;
  }
  expect(broken).toEqual({});
}
