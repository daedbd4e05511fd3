import type { Migration } from '@tributary/kit/database/migrate';

// Taxes and discount codes, and what placing an order needs besides. The rates are those of 2026; a change of law is one more row with
// the day it comes into force.

const VAT: Readonly<Record<string, readonly [standard: string, reduced: string]>> = {
  AT: ['0.2', '0.1'],
  BE: ['0.21', '0.06'],
  BG: ['0.2', '0.09'],
  CH: ['0.081', '0.026'],
  CY: ['0.19', '0.05'],
  CZ: ['0.21', '0.12'],
  DE: ['0.19', '0.07'],
  DK: ['0.25', '0.25'],
  EE: ['0.24', '0.09'],
  ES: ['0.21', '0.1'],
  FI: ['0.255', '0.135'],
  FR: ['0.2', '0.055'],
  GB: ['0.2', '0.05'],
  GR: ['0.24', '0.13'],
  HR: ['0.25', '0.13'],
  HU: ['0.27', '0.05'],
  IE: ['0.23', '0.135'],
  IT: ['0.22', '0.1'],
  LT: ['0.21', '0.12'],
  LU: ['0.17', '0.08'],
  LV: ['0.21', '0.12'],
  MT: ['0.18', '0.05'],
  NL: ['0.21', '0.09'],
  NO: ['0.25', '0.15'],
  PL: ['0.23', '0.08'],
  PT: ['0.23', '0.06'],
  RO: ['0.21', '0.11'],
  SE: ['0.25', '0.12'],
  SI: ['0.22', '0.095'],
  SK: ['0.23', '0.19'],
};

type RateRow = readonly [country: string, category: string, title: string, rate: string];

const RATES: readonly RateRow[] = [
  ...Object.entries(VAT).flatMap(([country, [standard, reduced]]): readonly RateRow[] => [
    [country, 'STANDARD', 'VAT', standard],
    [country, 'REDUCED', 'VAT', reduced],
    [country, 'ZERO', 'VAT', '0'],
  ]),
  ['US', 'STANDARD', 'Sales tax', '0.0725'],
  ['US', 'REDUCED', 'Sales tax', '0'],
  ['US', 'ZERO', 'Sales tax', '0'],
  ['JP', 'STANDARD', 'Consumption tax', '0.1'],
  ['JP', 'REDUCED', 'Consumption tax', '0.08'],
  ['JP', 'ZERO', 'Consumption tax', '0'],
  ['CA', 'STANDARD', 'GST', '0.05'],
  ['CA', 'STANDARD', 'QST', '0.09975'],
  ['CA', 'REDUCED', 'GST', '0'],
  ['CA', 'ZERO', 'GST', '0'],
];

const rows = RATES.map((row) => `(${row.map((value) => `'${value}'`).join(', ')}, '2020-01-01')`).join(',\n  ');

export const createPricing: Migration = {
  name: '0005-create-pricing',
  sql: `
CREATE TABLE orders.tax_rates (
  country char(2) NOT NULL CHECK (country ~ '^[A-Z]{2}$'),
  category text NOT NULL CHECK (char_length(category) BETWEEN 1 AND 40),
  -- Several taxes of one country on one category have different titles; each is worked out from the net price.
  title text NOT NULL CHECK (char_length(title) BETWEEN 1 AND 100),
  valid_from date NOT NULL,
  rate numeric NOT NULL CHECK (rate BETWEEN 0 AND 1),
  created_at timestamptz(3) NOT NULL DEFAULT now(),
  -- Serves the rates of a country on a day.
  PRIMARY KEY (country, category, title, valid_from)
);
INSERT INTO orders.tax_rates (country, category, title, rate, valid_from) VALUES
  ${rows};

CREATE TABLE orders.discount_codes (
  id uuid PRIMARY KEY,
  -- Written in capitals; what people type is compared in capitals.
  code text NOT NULL UNIQUE CHECK (code ~ '^[A-Z0-9_-]{1,40}$'),
  title text NOT NULL CHECK (char_length(title) BETWEEN 1 AND 200),
  kind text NOT NULL CHECK (kind IN ('PERCENT', 'FIXED')),
  -- PERCENT: hundredths of a percent of the subtotal. FIXED: minor units of the currency.
  value bigint NOT NULL CHECK (value > 0),
  currency char(3) CHECK (currency ~ '^[A-Z]{3}$'),
  starts_at timestamptz(3) NOT NULL,
  -- Empty means that it does not end.
  ends_at timestamptz(3),
  -- Empty means without limit.
  max_uses integer CHECK (max_uses >= 1),
  -- Orders that were placed with it and not canceled.
  used integer NOT NULL DEFAULT 0 CHECK (used >= 0),
  created_at timestamptz(3) NOT NULL DEFAULT now(),
  updated_at timestamptz(3) NOT NULL DEFAULT now(),
  CONSTRAINT discount_codes_worth_check CHECK (CASE kind WHEN 'PERCENT' THEN value <= 10000 AND currency IS NULL
    ELSE currency IS NOT NULL END),
  CONSTRAINT discount_codes_period_check CHECK (ends_at > starts_at),
  -- Two orders that take the last use at once: the row lock lets one through, and this stops whatever forgets to look.
  CONSTRAINT discount_codes_limit_check CHECK (used <= max_uses)
);

-- Codes as the buyer entered them. They are worked out again whenever the draft is.
ALTER TABLE orders.orders ADD COLUMN discount_codes text[] NOT NULL DEFAULT '{}'
  CONSTRAINT orders_discount_codes_check CHECK (cardinality(discount_codes) <= 5);

-- A variant that was taken out of its product. It keeps its stock and its place in old orders; the sku brings it back.
ALTER TABLE orders.product_variants ADD COLUMN active boolean NOT NULL DEFAULT true;

-- Order numbers may have gaps; those of invoices may not.
CREATE SEQUENCE orders.order_numbers AS bigint START 100001;

GRANT SELECT ON orders.tax_rates TO orders_app;
GRANT SELECT, UPDATE (used, updated_at) ON orders.discount_codes TO orders_app;
GRANT USAGE ON SEQUENCE orders.order_numbers TO orders_app;
`,
};
