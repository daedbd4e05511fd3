import type { Migration } from '@tributary/kit/database/migrate';

export const createRefunds: Migration = {
  name: '0007-create-refunds',
  sql: `
-- Numbers without gaps. Whoever takes one holds the row until COMMIT, so it is taken last in a transaction.
CREATE TABLE billing.number_series (
  series text PRIMARY KEY,
  next bigint NOT NULL CHECK (next >= 1),
  created_at timestamptz(3) NOT NULL DEFAULT now(),
  updated_at timestamptz(3) NOT NULL DEFAULT now()
);

CREATE TABLE billing.credit_notes (
  id uuid PRIMARY KEY,
  number text NOT NULL UNIQUE,
  invoice_id uuid NOT NULL REFERENCES billing.invoices,
  currency char(3) NOT NULL CHECK (currency ~ '^[A-Z]{3}$'),
  total_minor bigint NOT NULL CHECK (total_minor > 0),
  reason text NOT NULL,
  issued_at timestamptz(3) NOT NULL,
  created_at timestamptz(3) NOT NULL DEFAULT now()
);
-- Credit notes of one or many invoices, newest first.
CREATE INDEX credit_notes_invoice ON billing.credit_notes (invoice_id, issued_at DESC, id DESC);

CREATE TABLE billing.refunds (
  id uuid PRIMARY KEY,
  payment_id uuid NOT NULL REFERENCES billing.payments,
  status text NOT NULL CHECK (status IN ('AWAITING_APPROVAL', 'PROCESSING', 'SUCCEEDED', 'FAILED', 'REJECTED')),
  currency char(3) NOT NULL CHECK (currency ~ '^[A-Z]{3}$'),
  amount_minor bigint NOT NULL CHECK (amount_minor > 0),
  destination text NOT NULL CHECK (destination IN ('ORIGINAL_METHOD', 'ACCOUNT_BALANCE')),
  reason text NOT NULL,
  -- Nobody: the system itself, for an order that was canceled.
  requested_by uuid,
  approved_by uuid,
  provider_reference text,
  -- The same refund asked twice is one refund.
  provider_idempotency_key text NOT NULL UNIQUE,
  failure_code text,
  -- When the provider was asked first.
  sent_at timestamptz(3),
  -- When the provider is to be asked, at the earliest; whoever asks moves it on, so that nobody else does meanwhile.
  ask_at timestamptz(3),
  created_at timestamptz(3) NOT NULL DEFAULT now(),
  updated_at timestamptz(3) NOT NULL DEFAULT now(),
  version integer NOT NULL DEFAULT 1 CHECK (version >= 1),
  CONSTRAINT refunds_approval_check CHECK (approved_by <> requested_by),
  CONSTRAINT refunds_failure_check CHECK ((status = 'FAILED') = (failure_code IS NOT NULL)),
  CONSTRAINT refunds_ask_check CHECK (ask_at IS NULL OR status = 'PROCESSING')
);
-- Refunds of one or many payments, newest first.
CREATE INDEX refunds_payment ON billing.refunds (payment_id, created_at DESC, id DESC);
-- Refunds that the provider has to be asked about.
CREATE INDEX refunds_ask ON billing.refunds (ask_at) WHERE ask_at IS NOT NULL;

-- What a provider told us, so that an event that comes twice has one effect. Written in the transaction of the effect.
CREATE TABLE billing.provider_events (
  provider text NOT NULL,
  event_id text NOT NULL,
  received_at timestamptz(3) NOT NULL DEFAULT now(),
  PRIMARY KEY (provider, event_id)
);

ALTER TABLE billing.payments
  ADD COLUMN sent_at timestamptz(3),
  ADD COLUMN ask_at timestamptz(3),
  -- The charge is not wanted anymore: it is let go instead of captured.
  ADD COLUMN release_requested boolean NOT NULL DEFAULT false,
  ADD CONSTRAINT payments_ask_check CHECK (ask_at IS NULL OR state IN ('PROCESSING', 'REQUIRES_ACTION', 'AUTHORIZED')),
  -- A provider on this machine, for development, has no certificate.
  DROP CONSTRAINT payments_next_action_url_check,
  ADD CONSTRAINT payments_next_action_url_check CHECK (next_action_url ~ '^(https://|http://(127[.]0[.]0[.]1|localhost)[:/])');
-- Payments that the provider has to be asked about.
CREATE INDEX payments_ask ON billing.payments (ask_at) WHERE ask_at IS NOT NULL;
-- Replaced by the one above.
DROP INDEX billing.payments_processing;

GRANT SELECT, INSERT, UPDATE ON billing.number_series, billing.refunds TO billing_app;
GRANT SELECT, INSERT ON billing.credit_notes, billing.provider_events TO billing_app;
`,
};
