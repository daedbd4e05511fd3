import type { Migration } from '@tributary/kit/database/migrate';

// The ledger: append-only double entry. A mistake is corrected by a transaction that reverses it. The rules stand in the
// database, so that no code path and no person with the subgraph's role can get around them.

export const createLedger: Migration = {
  name: '0004-create-ledger',
  sql: `
CREATE TABLE billing.ledger_accounts (
  code text PRIMARY KEY CHECK (code ~ '^[1-9][0-9]{3}-[a-z]+(-[a-z]+)*$'),
  type text NOT NULL CHECK (type IN ('ASSET', 'LIABILITY', 'REVENUE', 'EXPENSE')),
  created_at timestamptz(3) NOT NULL DEFAULT now(),
  updated_at timestamptz(3) NOT NULL DEFAULT now()
);
INSERT INTO billing.ledger_accounts (code, type) VALUES
  ('1000-bank', 'ASSET'),
  ('1100-provider-clearing', 'ASSET'),
  ('1200-receivables', 'ASSET'),
  ('2100-customer-balances', 'LIABILITY'),
  ('2200-tax', 'LIABILITY'),
  ('2300-partner-payables', 'LIABILITY'),
  ('4000-revenue', 'REVENUE'),
  ('4100-returns', 'REVENUE'),
  ('6100-provider-fees', 'EXPENSE'),
  ('6200-write-offs', 'EXPENSE'),
  ('6300-goodwill', 'EXPENSE'),
  ('6400-commissions', 'EXPENSE');

CREATE TABLE billing.ledger_transactions (
  id uuid PRIMARY KEY,
  kind text NOT NULL,
  -- Type (as in the graph) and id of the object that caused it.
  source_type text NOT NULL,
  source_id uuid NOT NULL,
  -- A transaction can be reversed once.
  reverses_id uuid UNIQUE REFERENCES billing.ledger_transactions,
  posted_at timestamptz(3) NOT NULL,
  created_at timestamptz(3) NOT NULL DEFAULT now(),
  -- The same business fact posts once.
  UNIQUE (kind, source_type, source_id)
);

CREATE TABLE billing.ledger_entries (
  transaction_id uuid NOT NULL REFERENCES billing.ledger_transactions,
  line_no smallint NOT NULL CHECK (line_no >= 1),
  account_code text NOT NULL REFERENCES billing.ledger_accounts,
  -- The billing account, for money that belongs to one customer or partner.
  sub_account_id uuid REFERENCES billing.billing_accounts,
  side text NOT NULL CHECK (side IN ('DEBIT', 'CREDIT')),
  amount_minor bigint NOT NULL CHECK (amount_minor > 0),
  currency char(3) NOT NULL CHECK (currency ~ '^[A-Z]{3}$'),
  PRIMARY KEY (transaction_id, line_no)
);
-- Entries of a customer's or partner's account: proof of a balance. Most entries have no sub-account.
CREATE INDEX ledger_entries_sub_account ON billing.ledger_entries (sub_account_id, currency, transaction_id)
  WHERE sub_account_id IS NOT NULL;

-- Deferred to COMMIT, because the entries of a transaction arrive one after the other.
CREATE FUNCTION billing.assert_ledger_transaction_balances() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  checked uuid;
  unbalanced record;
BEGIN
  IF TG_TABLE_NAME = 'ledger_entries' THEN checked := NEW.transaction_id; ELSE checked := NEW.id; END IF;
  SELECT currency, sum(CASE side WHEN 'DEBIT' THEN amount_minor ELSE -amount_minor END) AS difference INTO unbalanced
    FROM billing.ledger_entries WHERE transaction_id = checked
    GROUP BY currency HAVING sum(CASE side WHEN 'DEBIT' THEN amount_minor ELSE -amount_minor END) <> 0 LIMIT 1;
  IF FOUND THEN
    RAISE EXCEPTION 'ledger transaction % is out of balance by % minor units of %',
      checked, unbalanced.difference, unbalanced.currency USING ERRCODE = 'check_violation';
  END IF;
  IF NOT EXISTS (SELECT FROM billing.ledger_entries WHERE transaction_id = checked) THEN
    RAISE EXCEPTION 'ledger transaction % has no entries', checked USING ERRCODE = 'check_violation';
  END IF;
  RETURN NULL;
END $$;

CREATE CONSTRAINT TRIGGER ledger_transactions_balance AFTER INSERT ON billing.ledger_transactions
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION billing.assert_ledger_transaction_balances();
CREATE CONSTRAINT TRIGGER ledger_entries_balance AFTER INSERT ON billing.ledger_entries
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION billing.assert_ledger_transaction_balances();

CREATE FUNCTION billing.refuse_ledger_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '% of % refused: the ledger is append-only', TG_OP, TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$;

CREATE TRIGGER ledger_transactions_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON billing.ledger_transactions
  FOR EACH STATEMENT EXECUTE FUNCTION billing.refuse_ledger_change();
CREATE TRIGGER ledger_entries_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON billing.ledger_entries
  FOR EACH STATEMENT EXECUTE FUNCTION billing.refuse_ledger_change();

GRANT SELECT ON billing.ledger_accounts TO billing_app;
GRANT SELECT, INSERT ON billing.ledger_transactions, billing.ledger_entries TO billing_app;
`,
};
