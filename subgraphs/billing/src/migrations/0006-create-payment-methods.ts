import type { Migration } from '@tributary/kit/database/migrate';

export const createPaymentMethods: Migration = {
  name: '0006-create-payment-methods',
  sql: `
CREATE TABLE billing.payment_methods (
  id uuid PRIMARY KEY,
  account_id uuid NOT NULL REFERENCES billing.billing_accounts,
  type text NOT NULL CHECK (type IN ('CARD', 'DIRECT_DEBIT', 'BANK_TRANSFER')),
  provider text NOT NULL,
  -- The provider's name for the method, worth nothing without our credentials there.
  provider_token text NOT NULL,
  brand text,
  last4 text CHECK (last4 ~ '^[0-9]{4}$'),
  expiry_month smallint CHECK (expiry_month BETWEEN 1 AND 12),
  expiry_year smallint CHECK (expiry_year BETWEEN 2000 AND 2999),
  is_default boolean NOT NULL DEFAULT false,
  created_at timestamptz(3) NOT NULL DEFAULT now(),
  updated_at timestamptz(3) NOT NULL DEFAULT now(),
  CONSTRAINT payment_methods_expiry_check CHECK ((expiry_month IS NULL) = (expiry_year IS NULL))
);
-- The methods of one or many accounts, in the order they were saved.
CREATE INDEX payment_methods_account ON billing.payment_methods (account_id, created_at, id);
-- At most one is used when nothing else is chosen.
CREATE UNIQUE INDEX payment_methods_default ON billing.payment_methods (account_id) WHERE is_default;

GRANT SELECT, INSERT, UPDATE, DELETE ON billing.payment_methods TO billing_app;

-- No reference to payment_methods: a payment keeps the id of a method that was removed since.
COMMENT ON COLUMN billing.payments.method_id IS 'the saved method; it may be gone';
`,
};
