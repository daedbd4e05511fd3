import type { Migration } from '@tributary/kit/database/migrate';

// List indexes end with the id and are all descending; a list that runs the other way scans them backward. Drafts have no
// due date: they sit at one end of the indexes on due_on, so each such list reads the two kinds as two arms.

export const createInvoices: Migration = {
  name: '0001-create-invoices',
  sql: `
GRANT USAGE ON SCHEMA billing TO billing_app;

CREATE TABLE billing.billing_accounts (
  id uuid PRIMARY KEY,
  owner_type text NOT NULL CHECK (owner_type IN ('USER', 'ORGANIZATION')),
  owner_id uuid NOT NULL,
  currency char(3) NOT NULL CHECK (currency ~ '^[A-Z]{3}$'),
  payment_term_days integer NOT NULL DEFAULT 0 CHECK (payment_term_days BETWEEN 0 AND 365),
  credit_limit_minor bigint NOT NULL DEFAULT 0 CHECK (credit_limit_minor >= 0),
  created_at timestamptz(3) NOT NULL DEFAULT now(),
  updated_at timestamptz(3) NOT NULL DEFAULT now(),
  version integer NOT NULL DEFAULT 1 CHECK (version >= 1),
  -- Serves the balance of one or many people or organizations.
  UNIQUE (owner_type, owner_id)
);

-- Money that customers can use, written in the transaction that posts it. The ledger is the truth.
CREATE TABLE billing.account_balances (
  account_id uuid NOT NULL REFERENCES billing.billing_accounts ON DELETE CASCADE,
  currency char(3) NOT NULL CHECK (currency ~ '^[A-Z]{3}$'),
  available_minor bigint NOT NULL DEFAULT 0,
  created_at timestamptz(3) NOT NULL DEFAULT now(),
  updated_at timestamptz(3) NOT NULL DEFAULT now(),
  PRIMARY KEY (account_id, currency),
  CONSTRAINT account_balances_available_check CHECK (available_minor >= 0)
);

CREATE TABLE billing.invoices (
  id uuid PRIMARY KEY,
  -- Serves the invoice with a number.
  number text UNIQUE,
  account_id uuid NOT NULL REFERENCES billing.billing_accounts,
  customer_id uuid,
  organization_id uuid,
  partner_organization_id uuid,
  order_id uuid,
  -- Copy, so that a list of invoices needs nothing from orders.
  order_number text,
  status text NOT NULL CHECK (status IN ('DRAFT', 'OPEN', 'PAID', 'VOID', 'UNCOLLECTIBLE')),
  currency char(3) NOT NULL CHECK (currency ~ '^[A-Z]{3}$'),
  subtotal_minor bigint NOT NULL CHECK (subtotal_minor >= 0),
  tax_minor bigint NOT NULL CHECK (tax_minor >= 0),
  total_minor bigint NOT NULL,
  paid_minor bigint NOT NULL DEFAULT 0 CHECK (paid_minor >= 0),
  credited_minor bigint NOT NULL DEFAULT 0,
  -- Every refund comes with a credit note of the same amount, so a refunded invoice does not become due again.
  due_minor bigint NOT NULL
    GENERATED ALWAYS AS (greatest(total_minor - credited_minor - (paid_minor - refunded_minor), 0)) STORED,
  authorized_minor bigint NOT NULL DEFAULT 0 CHECK (authorized_minor >= 0),
  refunded_minor bigint NOT NULL DEFAULT 0,
  issued_on date,
  due_on date,
  reminder_count integer NOT NULL DEFAULT 0 CHECK (reminder_count >= 0),
  bill_to jsonb CHECK (bill_to ?& ARRAY['recipient', 'line1', 'city', 'country']),
  close_reason text,
  created_at timestamptz(3) NOT NULL DEFAULT now(),
  updated_at timestamptz(3) NOT NULL DEFAULT now(),
  version integer NOT NULL DEFAULT 1 CHECK (version >= 1),
  CONSTRAINT invoices_total_check CHECK (total_minor = subtotal_minor + tax_minor),
  CONSTRAINT invoices_credited_check CHECK (credited_minor BETWEEN 0 AND total_minor),
  CONSTRAINT invoices_refunded_check CHECK (refunded_minor BETWEEN 0 AND paid_minor),
  CONSTRAINT invoices_customer_check CHECK (customer_id IS NOT NULL OR organization_id IS NOT NULL),
  CONSTRAINT invoices_order_check CHECK ((order_id IS NULL) = (order_number IS NULL)),
  CONSTRAINT invoices_finalized_check CHECK (CASE status WHEN 'DRAFT'
    THEN number IS NULL AND issued_on IS NULL AND due_on IS NULL AND bill_to IS NULL
    ELSE number IS NOT NULL AND issued_on IS NOT NULL AND due_on >= issued_on AND bill_to IS NOT NULL END),
  CONSTRAINT invoices_paid_check CHECK (status <> 'PAID' OR due_minor = 0),
  CONSTRAINT invoices_close_reason_check CHECK ((status IN ('VOID', 'UNCOLLECTIBLE')) = (close_reason IS NOT NULL))
);
-- The invoice of an order; two invoice workers for one order collide here.
CREATE UNIQUE INDEX invoices_order_key ON billing.invoices (order_id) WHERE status <> 'VOID';
-- All invoices of an order, void ones too: payments and payment status of an order.
CREATE INDEX invoices_order ON billing.invoices (order_id);
-- Invoices of a person, by each sort key.
CREATE INDEX invoices_customer_created ON billing.invoices (customer_id, created_at DESC, id DESC);
CREATE INDEX invoices_customer_due ON billing.invoices (customer_id, due_on DESC, id DESC);
CREATE INDEX invoices_customer_updated ON billing.invoices (customer_id, updated_at DESC, id DESC);
-- Invoices of an organization. Most invoices have none: partial, to keep their writes cheap.
CREATE INDEX invoices_organization_created ON billing.invoices (organization_id, created_at DESC, id DESC)
  WHERE organization_id IS NOT NULL;
CREATE INDEX invoices_organization_due ON billing.invoices (organization_id, due_on DESC, id DESC)
  WHERE organization_id IS NOT NULL;
CREATE INDEX invoices_organization_updated ON billing.invoices (organization_id, updated_at DESC, id DESC)
  WHERE organization_id IS NOT NULL;
-- Invoices of orders that a partner placed, and the partner's poll of changes.
CREATE INDEX invoices_partner_created ON billing.invoices (partner_organization_id, created_at DESC, id DESC)
  WHERE partner_organization_id IS NOT NULL;
CREATE INDEX invoices_partner_due ON billing.invoices (partner_organization_id, due_on DESC, id DESC)
  WHERE partner_organization_id IS NOT NULL;
CREATE INDEX invoices_partner_updated ON billing.invoices (partner_organization_id, updated_at DESC, id DESC)
  WHERE partner_organization_id IS NOT NULL;
-- All invoices, for staff, by each sort key.
CREATE INDEX invoices_created ON billing.invoices (created_at DESC, id DESC);
CREATE INDEX invoices_due ON billing.invoices (due_on DESC, id DESC);
CREATE INDEX invoices_updated ON billing.invoices (updated_at DESC, id DESC);
-- The same by state. Without the state that most invoices end in: it is met at every step of a walk through all invoices.
CREATE INDEX invoices_status_created ON billing.invoices (status, created_at DESC, id DESC) WHERE status <> 'PAID';
CREATE INDEX invoices_status_updated ON billing.invoices (status, updated_at DESC, id DESC) WHERE status <> 'PAID';
-- Invoices of a period.
CREATE INDEX invoices_issued ON billing.invoices (issued_on);
-- Open and overdue invoices by due date: the dunning list.
CREATE INDEX invoices_open_due ON billing.invoices (due_on DESC, id DESC) WHERE status = 'OPEN';
-- The others that are not paid, by state.
CREATE INDEX invoices_closed_due ON billing.invoices (status, due_on DESC, id DESC)
  WHERE status IN ('VOID', 'UNCOLLECTIBLE');
-- What an account owes: the outstanding and overdue sums of a balance.
CREATE INDEX invoices_open_account ON billing.invoices (account_id) WHERE status = 'OPEN';

CREATE TABLE billing.invoice_lines (
  id uuid PRIMARY KEY,
  invoice_id uuid NOT NULL REFERENCES billing.invoices ON DELETE CASCADE,
  position integer NOT NULL CHECK (position >= 1),
  description text NOT NULL,
  quantity integer NOT NULL CHECK (quantity >= 1),
  unit_price_minor bigint NOT NULL CHECK (unit_price_minor >= 0),
  discount_minor bigint NOT NULL DEFAULT 0,
  tax_minor bigint NOT NULL DEFAULT 0 CHECK (tax_minor >= 0),
  total_minor bigint NOT NULL,
  created_at timestamptz(3) NOT NULL DEFAULT now(),
  updated_at timestamptz(3) NOT NULL DEFAULT now(),
  -- Serves the lines of one or many invoices, in their order.
  UNIQUE (invoice_id, position),
  CONSTRAINT invoice_lines_discount_check CHECK (discount_minor BETWEEN 0 AND quantity * unit_price_minor),
  CONSTRAINT invoice_lines_total_check CHECK (total_minor = quantity * unit_price_minor - discount_minor + tax_minor)
);

CREATE TABLE billing.invoice_line_taxes (
  invoice_line_id uuid NOT NULL REFERENCES billing.invoice_lines ON DELETE CASCADE,
  position smallint NOT NULL CHECK (position >= 1),
  title text NOT NULL,
  rate numeric NOT NULL CHECK (rate BETWEEN 0 AND 1),
  jurisdiction char(2) NOT NULL CHECK (jurisdiction ~ '^[A-Z]{2}$'),
  amount_minor bigint NOT NULL CHECK (amount_minor >= 0),
  created_at timestamptz(3) NOT NULL DEFAULT now(),
  updated_at timestamptz(3) NOT NULL DEFAULT now(),
  -- Serves the taxes of many lines.
  PRIMARY KEY (invoice_line_id, position)
);

GRANT SELECT, INSERT, UPDATE ON billing.billing_accounts, billing.account_balances, billing.invoices TO billing_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON billing.invoice_lines, billing.invoice_line_taxes TO billing_app;
`,
};
