import type { Migration } from '@tributary/kit/database/migrate';

export const createFulfillment: Migration = {
  name: '0003-create-fulfillment',
  sql: `
CREATE TABLE orders.shipments (
  id uuid PRIMARY KEY,
  order_id uuid NOT NULL REFERENCES orders.orders ON DELETE CASCADE,
  status text NOT NULL CHECK (status IN ('PENDING', 'SHIPPED', 'DELIVERED', 'CANCELED')),
  carrier text,
  tracking_number text,
  shipped_at timestamptz(3),
  delivered_at timestamptz(3),
  created_at timestamptz(3) NOT NULL DEFAULT now(),
  updated_at timestamptz(3) NOT NULL DEFAULT now(),
  version integer NOT NULL DEFAULT 1 CHECK (version >= 1),
  CONSTRAINT shipments_times_check CHECK ((status IN ('SHIPPED', 'DELIVERED')) = (shipped_at IS NOT NULL)
    AND (status = 'DELIVERED') = (delivered_at IS NOT NULL))
);
-- Shipments of one or many orders, oldest first.
CREATE INDEX shipments_order ON orders.shipments (order_id, id);

CREATE TABLE orders.shipment_lines (
  shipment_id uuid NOT NULL REFERENCES orders.shipments ON DELETE CASCADE,
  order_line_id uuid NOT NULL REFERENCES orders.order_lines ON DELETE CASCADE,
  quantity integer NOT NULL CHECK (quantity > 0),
  created_at timestamptz(3) NOT NULL DEFAULT now(),
  updated_at timestamptz(3) NOT NULL DEFAULT now(),
  -- Serves the lines of many shipments.
  PRIMARY KEY (shipment_id, order_line_id)
);
-- Saving a draft deletes its old lines; the foreign key must not read every shipment for that.
CREATE INDEX shipment_lines_order_line ON orders.shipment_lines (order_line_id);

CREATE TABLE orders.order_returns (
  id uuid PRIMARY KEY,
  order_id uuid NOT NULL REFERENCES orders.orders ON DELETE CASCADE,
  status text NOT NULL CHECK (status IN ('REQUESTED', 'APPROVED', 'DECLINED', 'RECEIVED')),
  reason text NOT NULL,
  refund_minor bigint CHECK (refund_minor >= 0),
  -- created_at is the time it was asked for.
  created_at timestamptz(3) NOT NULL DEFAULT now(),
  updated_at timestamptz(3) NOT NULL DEFAULT now(),
  version integer NOT NULL DEFAULT 1 CHECK (version >= 1),
  CONSTRAINT order_returns_refund_check CHECK ((status = 'RECEIVED') = (refund_minor IS NOT NULL))
);
-- Returns of one or many orders, oldest first.
CREATE INDEX order_returns_order ON orders.order_returns (order_id, id);

CREATE TABLE orders.return_lines (
  return_id uuid NOT NULL REFERENCES orders.order_returns ON DELETE CASCADE,
  order_line_id uuid NOT NULL REFERENCES orders.order_lines ON DELETE CASCADE,
  quantity integer NOT NULL CHECK (quantity > 0),
  created_at timestamptz(3) NOT NULL DEFAULT now(),
  updated_at timestamptz(3) NOT NULL DEFAULT now(),
  -- Serves the lines of many returns.
  PRIMARY KEY (return_id, order_line_id)
);
-- As for shipment_lines.
CREATE INDEX return_lines_order_line ON orders.return_lines (order_line_id);

GRANT SELECT, INSERT, UPDATE ON orders.shipments, orders.order_returns TO orders_app;
GRANT SELECT, INSERT ON orders.shipment_lines, orders.return_lines TO orders_app;
`,
};
