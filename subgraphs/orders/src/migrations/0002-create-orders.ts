import type { Migration } from '@tributary/kit/database/migrate';

// List indexes end with the id and are all descending; a list that runs the other way scans them backward. Rows without a
// sort key (drafts have no placed_at) sit at one end, so each list reads the two kinds as two arms.

export const createOrders: Migration = {
  name: '0002-create-orders',
  sql: `
CREATE TABLE orders.orders (
  id uuid PRIMARY KEY,
  -- Serves the order with a number.
  number text UNIQUE,
  status text NOT NULL CHECK (status IN ('DRAFT', 'PENDING', 'CONFIRMED', 'COMPLETED', 'CANCELED')),
  fulfillment_status text NOT NULL DEFAULT 'UNFULFILLED'
    CHECK (fulfillment_status IN ('UNFULFILLED', 'PARTIALLY_FULFILLED', 'FULFILLED', 'RETURNED')),
  -- Copy of what billing decides; may lag by seconds. Only for filters.
  payment_status text NOT NULL DEFAULT 'NOT_INVOICED' CHECK (payment_status IN
    ('NOT_INVOICED', 'UNPAID', 'AUTHORIZED', 'PARTIALLY_PAID', 'PAID', 'PARTIALLY_REFUNDED', 'REFUNDED', 'VOIDED')),
  channel text NOT NULL CHECK (channel IN ('WEB', 'SUPPORT', 'PARTNER_API')),
  buyer_id uuid,
  organization_id uuid,
  partner_organization_id uuid,
  external_reference text,
  currency char(3) NOT NULL CHECK (currency ~ '^[A-Z]{3}$'),
  subtotal_minor bigint NOT NULL DEFAULT 0 CHECK (subtotal_minor >= 0),
  discount_minor bigint NOT NULL DEFAULT 0 CHECK (discount_minor BETWEEN 0 AND subtotal_minor),
  shipping_minor bigint NOT NULL DEFAULT 0 CHECK (shipping_minor >= 0),
  tax_minor bigint NOT NULL DEFAULT 0 CHECK (tax_minor >= 0),
  total_minor bigint NOT NULL DEFAULT 0,
  shipping_address jsonb CHECK (shipping_address ?& ARRAY['recipient', 'line1', 'city', 'country']),
  billing_address jsonb CHECK (billing_address ?& ARRAY['recipient', 'line1', 'city', 'country']),
  customer_note text,
  internal_note text,
  risk_score smallint CHECK (risk_score BETWEEN 0 AND 100),
  cancel_reason text CHECK (cancel_reason IN ('CUSTOMER', 'FRAUD', 'INVENTORY', 'PAYMENT', 'OTHER')),
  placed_at timestamptz(3),
  canceled_at timestamptz(3),
  -- Titles and skus of the lines, written together with them.
  search_text text NOT NULL DEFAULT '',
  -- No stemming: names and skus are not words of one language. A search must use the same configuration.
  tsv tsvector NOT NULL GENERATED ALWAYS AS (to_tsvector('pg_catalog.simple',
    coalesce(number, '') || ' ' || coalesce(shipping_address ->> 'recipient', '') || ' ' || search_text)) STORED,
  created_at timestamptz(3) NOT NULL DEFAULT now(),
  updated_at timestamptz(3) NOT NULL DEFAULT now(),
  version integer NOT NULL DEFAULT 1 CHECK (version >= 1),
  CONSTRAINT orders_total_check CHECK (total_minor = subtotal_minor - discount_minor + shipping_minor + tax_minor),
  CONSTRAINT orders_owner_check CHECK (buyer_id IS NOT NULL OR organization_id IS NOT NULL),
  -- A canceled order may have been a draft before, so it may lack both.
  CONSTRAINT orders_placed_check CHECK ((number IS NULL) = (placed_at IS NULL)
    AND CASE status WHEN 'DRAFT' THEN placed_at IS NULL WHEN 'CANCELED' THEN true ELSE placed_at IS NOT NULL END),
  CONSTRAINT orders_canceled_check CHECK ((status = 'CANCELED') = (canceled_at IS NOT NULL)
    AND (canceled_at IS NULL) = (cancel_reason IS NULL))
);
-- Unique per partner. The reference comes first, so that it also serves staff, who search for it over all partners.
CREATE UNIQUE INDEX orders_external_reference_key ON orders.orders (external_reference, partner_organization_id);

-- Orders of a person, by time of placing and by last change.
CREATE INDEX orders_buyer_placed ON orders.orders (buyer_id, placed_at DESC, id DESC);
CREATE INDEX orders_buyer_updated ON orders.orders (buyer_id, updated_at DESC, id DESC);
-- Orders of a buying organization. Most orders have none: partial, to keep their writes cheap.
CREATE INDEX orders_organization_placed ON orders.orders (organization_id, placed_at DESC, id DESC)
  WHERE organization_id IS NOT NULL;
CREATE INDEX orders_organization_updated ON orders.orders (organization_id, updated_at DESC, id DESC)
  WHERE organization_id IS NOT NULL;
-- Orders that a partner placed, and the partner's poll of changes.
CREATE INDEX orders_partner_placed ON orders.orders (partner_organization_id, placed_at DESC, id DESC)
  WHERE partner_organization_id IS NOT NULL;
CREATE INDEX orders_partner_updated ON orders.orders (partner_organization_id, updated_at DESC, id DESC)
  WHERE partner_organization_id IS NOT NULL;
-- All orders, for staff: by time of placing (also a range of it), by last change, and by stage.
CREATE INDEX orders_placed ON orders.orders (placed_at DESC, id DESC);
CREATE INDEX orders_updated ON orders.orders (updated_at DESC, id DESC);
CREATE INDEX orders_status_placed ON orders.orders (status, placed_at DESC, id DESC);
-- The same by last change, and by state of payment and of fulfillment. Without the state that most orders end in: it is met at every
-- step of a walk through all orders, and so only orders still under way keep these indexes busy.
CREATE INDEX orders_status_updated ON orders.orders (status, updated_at DESC, id DESC) WHERE status <> 'COMPLETED';
CREATE INDEX orders_payment_placed ON orders.orders (payment_status, placed_at DESC, id DESC)
  WHERE payment_status <> 'PAID';
CREATE INDEX orders_payment_updated ON orders.orders (payment_status, updated_at DESC, id DESC)
  WHERE payment_status <> 'PAID';
CREATE INDEX orders_fulfillment_placed ON orders.orders (fulfillment_status, placed_at DESC, id DESC)
  WHERE fulfillment_status <> 'FULFILLED';
CREATE INDEX orders_fulfillment_updated ON orders.orders (fulfillment_status, updated_at DESC, id DESC)
  WHERE fulfillment_status <> 'FULFILLED';
-- Search by words in number, recipient, titles and skus.
CREATE INDEX orders_tsv ON orders.orders USING gin (tsv);

CREATE TABLE orders.order_lines (
  id uuid PRIMARY KEY,
  order_id uuid NOT NULL REFERENCES orders.orders ON DELETE CASCADE,
  position integer NOT NULL CHECK (position >= 1),
  -- Sku, title and price are a snapshot; the variant may be gone from the catalog.
  variant_id uuid REFERENCES orders.product_variants ON DELETE SET NULL,
  sku text NOT NULL,
  title text NOT NULL,
  quantity integer NOT NULL CHECK (quantity BETWEEN 1 AND 9999),
  shipped_quantity integer NOT NULL DEFAULT 0,
  returned_quantity integer NOT NULL DEFAULT 0,
  unit_price_minor bigint NOT NULL CHECK (unit_price_minor >= 0),
  discount_minor bigint NOT NULL DEFAULT 0,
  tax_minor bigint NOT NULL DEFAULT 0 CHECK (tax_minor >= 0),
  total_minor bigint NOT NULL,
  created_at timestamptz(3) NOT NULL DEFAULT now(),
  updated_at timestamptz(3) NOT NULL DEFAULT now(),
  -- Serves the lines of one or many orders, in their order.
  UNIQUE (order_id, position),
  CONSTRAINT order_lines_discount_check CHECK (discount_minor BETWEEN 0 AND quantity * unit_price_minor),
  CONSTRAINT order_lines_total_check CHECK (total_minor = quantity * unit_price_minor - discount_minor + tax_minor),
  CONSTRAINT order_lines_shipped_check CHECK (shipped_quantity BETWEEN 0 AND quantity),
  CONSTRAINT order_lines_returned_check CHECK (returned_quantity BETWEEN 0 AND shipped_quantity)
);
-- Filter of orders by sku.
CREATE INDEX order_lines_sku ON orders.order_lines (sku, order_id);
-- Removing a variant empties the reference without reading every line.
CREATE INDEX order_lines_variant ON orders.order_lines (variant_id);

CREATE TABLE orders.order_line_taxes (
  order_line_id uuid NOT NULL REFERENCES orders.order_lines ON DELETE CASCADE,
  position smallint NOT NULL CHECK (position >= 1),
  title text NOT NULL,
  rate numeric NOT NULL CHECK (rate BETWEEN 0 AND 1),
  jurisdiction char(2) NOT NULL CHECK (jurisdiction ~ '^[A-Z]{2}$'),
  amount_minor bigint NOT NULL CHECK (amount_minor >= 0),
  created_at timestamptz(3) NOT NULL DEFAULT now(),
  updated_at timestamptz(3) NOT NULL DEFAULT now(),
  -- Serves the taxes of many lines.
  PRIMARY KEY (order_line_id, position)
);

CREATE TABLE orders.order_discounts (
  order_id uuid NOT NULL REFERENCES orders.orders ON DELETE CASCADE,
  position smallint NOT NULL CHECK (position >= 1),
  -- Empty for automatic discounts.
  code text,
  title text NOT NULL,
  amount_minor bigint NOT NULL CHECK (amount_minor > 0),
  created_at timestamptz(3) NOT NULL DEFAULT now(),
  updated_at timestamptz(3) NOT NULL DEFAULT now(),
  -- Serves the discounts of many orders.
  PRIMARY KEY (order_id, position)
);

-- The timeline. Entries are added, never changed; created_at is the time of the event.
CREATE TABLE orders.order_events (
  id uuid PRIMARY KEY,
  order_id uuid NOT NULL REFERENCES orders.orders ON DELETE CASCADE,
  type text NOT NULL CHECK (type IN ('CREATED', 'UPDATED', 'PLACED', 'PAYMENT_UPDATED', 'CONFIRMED',
    'SHIPMENT_UPDATED', 'RETURN_UPDATED', 'CANCELED', 'COMPLETED')),
  -- The person who acted; empty for the system and for API clients.
  actor_id uuid,
  message text NOT NULL,
  created_at timestamptz(3) NOT NULL DEFAULT now()
);
-- Timeline of one or many orders, newest first.
CREATE INDEX order_events_order ON orders.order_events (order_id, id DESC);

GRANT SELECT, INSERT, UPDATE ON orders.orders TO orders_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON orders.order_lines, orders.order_line_taxes, orders.order_discounts TO orders_app;
GRANT SELECT, INSERT ON orders.order_events TO orders_app;
`,
};
