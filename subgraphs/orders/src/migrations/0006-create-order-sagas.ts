import type { Migration } from '@tributary/kit/database/migrate';

export const createOrderSagas: Migration = {
  name: '0006-create-order-sagas',
  sql: `
-- How far a placed order is on its way to being paid, and until when that may take. No foreign key: an order is never deleted, and
-- each of them would be looked up twice when it is placed.
CREATE TABLE orders.order_sagas (
  order_id uuid PRIMARY KEY,
  step text NOT NULL CHECK (step IN ('CHARGING', 'INVOICING', 'INVOICED', 'AUTHORIZED', 'DONE')),
  deadline_at timestamptz(3) NOT NULL,
  -- How often the deadline could not be acted on.
  attempts integer NOT NULL DEFAULT 0 CHECK (attempts >= 0),
  created_at timestamptz(3) NOT NULL DEFAULT now(),
  updated_at timestamptz(3) NOT NULL DEFAULT now()
);
-- Deadlines that have passed. Finished sagas, which are nearly all, are not in it.
CREATE INDEX order_sagas_deadline ON orders.order_sagas (deadline_at) WHERE step <> 'DONE';

-- Which invoice, in which version, the copy of the payment status comes from: an event that arrives late must not undo a newer one.
ALTER TABLE orders.orders ADD COLUMN payment_invoice_id uuid;
ALTER TABLE orders.orders ADD COLUMN payment_invoice_version integer;
ALTER TABLE orders.orders ADD CONSTRAINT orders_payment_source_check
  CHECK ((payment_invoice_id IS NULL) = (payment_invoice_version IS NULL));

GRANT SELECT, INSERT, UPDATE ON orders.order_sagas TO orders_app;
`,
};
