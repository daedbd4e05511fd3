import type { Migration } from '@tributary/kit/database/migrate';

export const createCatalog: Migration = {
  name: '0001-create-catalog',
  sql: `
GRANT USAGE ON SCHEMA orders TO orders_app;

CREATE TABLE orders.products (
  -- Serves the list of all products, ordered by id.
  id uuid PRIMARY KEY,
  slug text NOT NULL UNIQUE CHECK (slug ~ '^[a-z0-9]+(-[a-z0-9]+)*$'),
  title text NOT NULL CHECK (char_length(title) BETWEEN 1 AND 200),
  description text,
  active boolean NOT NULL DEFAULT true,
  -- English, so that "lamps" finds "lamp"; a search must use the same configuration.
  tsv tsvector NOT NULL GENERATED ALWAYS AS
    (to_tsvector('pg_catalog.english', title || ' ' || coalesce(description, ''))) STORED,
  created_at timestamptz(3) NOT NULL DEFAULT now(),
  updated_at timestamptz(3) NOT NULL DEFAULT now(),
  version integer NOT NULL DEFAULT 1 CHECK (version >= 1)
);
-- The catalog as buyers page through it.
CREATE INDEX products_active ON orders.products (id) WHERE active;
-- Search by words in title and description.
CREATE INDEX products_tsv ON orders.products USING gin (tsv);

CREATE TABLE orders.product_variants (
  id uuid PRIMARY KEY,
  product_id uuid NOT NULL REFERENCES orders.products ON DELETE CASCADE,
  -- Serves the filter of products by sku.
  sku text NOT NULL UNIQUE CHECK (char_length(sku) BETWEEN 1 AND 64),
  title text NOT NULL CHECK (char_length(title) BETWEEN 1 AND 200),
  position integer NOT NULL CHECK (position >= 1),
  tax_category text NOT NULL DEFAULT 'STANDARD',
  -- Empty means that stock is not tracked.
  stock_on_hand integer CHECK (stock_on_hand >= 0),
  stock_reserved integer NOT NULL DEFAULT 0 CHECK (stock_reserved >= 0),
  created_at timestamptz(3) NOT NULL DEFAULT now(),
  updated_at timestamptz(3) NOT NULL DEFAULT now(),
  version integer NOT NULL DEFAULT 1 CHECK (version >= 1),
  CONSTRAINT product_variants_stock_check CHECK (stock_on_hand IS NULL OR stock_reserved <= stock_on_hand)
);
-- Variants of one or many products, in the order the shop wants.
CREATE INDEX product_variants_product ON orders.product_variants (product_id, position, id);

CREATE TABLE orders.variant_prices (
  variant_id uuid NOT NULL REFERENCES orders.product_variants ON DELETE CASCADE,
  currency char(3) NOT NULL CHECK (currency ~ '^[A-Z]{3}$'),
  amount_minor bigint NOT NULL CHECK (amount_minor >= 0),
  created_at timestamptz(3) NOT NULL DEFAULT now(),
  updated_at timestamptz(3) NOT NULL DEFAULT now(),
  PRIMARY KEY (variant_id, currency)
);

GRANT SELECT, INSERT, UPDATE ON orders.products TO orders_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON orders.product_variants, orders.variant_prices TO orders_app;
`,
};
