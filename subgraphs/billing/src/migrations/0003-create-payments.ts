import type { Migration } from '@tributary/kit/database/migrate';

export const createPayments: Migration = {
  name: '0003-create-payments',
  sql: `
CREATE TABLE billing.payments (
  id uuid PRIMARY KEY,
  invoice_id uuid NOT NULL REFERENCES billing.invoices,
  account_id uuid NOT NULL REFERENCES billing.billing_accounts,
  state text NOT NULL CHECK (state IN
    ('REQUIRES_ACTION', 'PROCESSING', 'AUTHORIZED', 'SUCCEEDED', 'FAILED', 'CANCELED')),
  currency char(3) NOT NULL CHECK (currency ~ '^[A-Z]{3}$'),
  amount_minor bigint NOT NULL CHECK (amount_minor > 0),
  captured_minor bigint NOT NULL DEFAULT 0,
  refunded_minor bigint NOT NULL DEFAULT 0 CHECK (refunded_minor >= 0),
  -- Refunds that wait for an approval or for the provider.
  refund_pending_minor bigint NOT NULL DEFAULT 0 CHECK (refund_pending_minor >= 0),
  method_type text NOT NULL CHECK (method_type IN ('CARD', 'DIRECT_DEBIT', 'BANK_TRANSFER')),
  method_id uuid,
  provider text NOT NULL,
  provider_reference text,
  -- The same attempt asked twice is one charge.
  provider_idempotency_key text NOT NULL UNIQUE,
  failure_code text,
  next_action_url text CHECK (next_action_url LIKE 'https://%'),
  captured_at timestamptz(3),
  created_at timestamptz(3) NOT NULL DEFAULT now(),
  updated_at timestamptz(3) NOT NULL DEFAULT now(),
  version integer NOT NULL DEFAULT 1 CHECK (version >= 1),
  -- One charge at the provider is one payment here.
  UNIQUE (provider, provider_reference),
  CONSTRAINT payments_captured_check CHECK (captured_minor BETWEEN 0 AND amount_minor
    AND (captured_minor > 0) = (state = 'SUCCEEDED') AND (captured_minor > 0) = (captured_at IS NOT NULL)),
  CONSTRAINT payments_refunded_check CHECK (refunded_minor + refund_pending_minor <= captured_minor),
  CONSTRAINT payments_failure_check CHECK ((state = 'FAILED') = (failure_code IS NOT NULL)),
  CONSTRAINT payments_next_action_check CHECK (next_action_url IS NULL OR state = 'REQUIRES_ACTION')
);
-- Payments of one or many invoices, newest first.
CREATE INDEX payments_invoice ON billing.payments (invoice_id, created_at DESC, id DESC);
-- List of payments, for finance.
CREATE INDEX payments_created ON billing.payments (created_at DESC, id DESC);
-- Payments whose outcome the provider still owes, longest waiting first.
CREATE INDEX payments_processing ON billing.payments (updated_at) WHERE state = 'PROCESSING';

GRANT SELECT, INSERT, UPDATE ON billing.payments TO billing_app;
`,
};
