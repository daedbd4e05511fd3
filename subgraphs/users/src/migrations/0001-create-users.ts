import type { Migration } from '@tributary/kit/database/migrate';

// The bootstrap step installs citext and pg_trgm into `public` and creates the roles users_owner and users_app.

export const createUsers: Migration = {
  name: '0001-create-users',
  sql: `
GRANT USAGE ON SCHEMA users TO users_app;

CREATE TABLE users.users (
  id uuid PRIMARY KEY,
  -- Empty only after erasure, when the id is all that stays.
  email public.citext,
  email_verified boolean NOT NULL DEFAULT false,
  display_name text NOT NULL CHECK (char_length(display_name) BETWEEN 1 AND 200),
  phone text CHECK (phone ~ '^\\+[1-9][0-9]{1,14}$'),
  locale text NOT NULL DEFAULT 'en',
  status text NOT NULL CHECK (status IN ('INVITED', 'ACTIVE', 'SUSPENDED', 'ERASED')),
  oidc_issuer text,
  oidc_subject text,
  support_notes text,
  legacy_customer_number text UNIQUE,
  mfa_enabled boolean NOT NULL DEFAULT false,
  last_sign_in_at timestamptz(3),
  erased_at timestamptz(3),
  created_at timestamptz(3) NOT NULL DEFAULT now(),
  updated_at timestamptz(3) NOT NULL DEFAULT now(),
  version integer NOT NULL DEFAULT 1 CHECK (version >= 1),
  -- Serves the lookup of the person behind a token.
  UNIQUE (oidc_issuer, oidc_subject),
  CHECK ((oidc_issuer IS NULL) = (oidc_subject IS NULL)),
  CHECK ((status = 'ERASED') = (erased_at IS NOT NULL)),
  CHECK (erased_at IS NOT NULL OR email IS NOT NULL),
  CHECK (erased_at IS NULL OR (email IS NULL AND phone IS NULL AND support_notes IS NULL))
);
-- One living account per address.
CREATE UNIQUE INDEX users_email_key ON users.users (email) WHERE erased_at IS NULL;
-- List of users by time of creation.
CREATE INDEX users_created_at ON users.users (created_at DESC, id DESC);
-- List of users by name.
CREATE INDEX users_display_name ON users.users (display_name DESC, id DESC);
-- Search of users by the start of a name or an address, in any case of letters.
CREATE INDEX users_display_name_search ON users.users USING gin (display_name public.gin_trgm_ops);
CREATE INDEX users_email_search ON users.users USING gin ((email::text) public.gin_trgm_ops);

CREATE TABLE users.user_roles (
  user_id uuid NOT NULL REFERENCES users.users ON DELETE CASCADE,
  -- PARTNER and SERVICE belong to API clients and services, never to a person.
  role text NOT NULL CHECK (role IN ('CUSTOMER', 'SUPPORT', 'FINANCE', 'ADMIN')),
  -- Empty for the role that a person gets at registration.
  granted_by uuid REFERENCES users.users ON DELETE SET NULL,
  created_at timestamptz(3) NOT NULL DEFAULT now(),
  updated_at timestamptz(3) NOT NULL DEFAULT now(),
  -- Serves the roles of one or many people.
  PRIMARY KEY (user_id, role)
);

GRANT SELECT, INSERT, UPDATE ON users.users TO users_app;
GRANT SELECT, INSERT, DELETE ON users.user_roles TO users_app;
`,
};
