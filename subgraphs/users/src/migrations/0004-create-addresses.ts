import type { Migration } from '@tributary/kit/database/migrate';

export const createAddresses: Migration = {
  name: '0004-create-addresses',
  sql: `
CREATE TABLE users.addresses (
  id uuid PRIMARY KEY,
  user_id uuid NOT NULL REFERENCES users.users ON DELETE CASCADE,
  label text NOT NULL CHECK (char_length(label) BETWEEN 1 AND 60),
  is_default boolean NOT NULL DEFAULT false,
  recipient text NOT NULL CHECK (char_length(recipient) BETWEEN 1 AND 200),
  line1 text NOT NULL CHECK (char_length(line1) BETWEEN 1 AND 200),
  line2 text CHECK (char_length(line2) BETWEEN 1 AND 200),
  city text NOT NULL CHECK (char_length(city) BETWEEN 1 AND 100),
  region text CHECK (char_length(region) BETWEEN 1 AND 100),
  postal_code text CHECK (char_length(postal_code) BETWEEN 1 AND 20),
  country char(2) NOT NULL CHECK (country ~ '^[A-Z]{2}$'),
  created_at timestamptz(3) NOT NULL DEFAULT now(),
  updated_at timestamptz(3) NOT NULL DEFAULT now(),
  version integer NOT NULL DEFAULT 1 CHECK (version >= 1)
);
-- The address book of one or many people, in the order of saving.
CREATE INDEX addresses_user ON users.addresses (user_id, created_at, id);
-- At most one address of a person is preselected, whatever comes at once.
CREATE UNIQUE INDEX addresses_default ON users.addresses (user_id) WHERE is_default;

GRANT SELECT, INSERT, UPDATE, DELETE ON users.addresses TO users_app;
`,
};
