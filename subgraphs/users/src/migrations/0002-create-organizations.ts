import type { Migration } from '@tributary/kit/database/migrate';

export const createOrganizations: Migration = {
  name: '0002-create-organizations',
  sql: `
CREATE TABLE users.organizations (
  id uuid PRIMARY KEY,
  name text NOT NULL CHECK (char_length(name) BETWEEN 1 AND 200),
  legal_name text NOT NULL CHECK (char_length(legal_name) BETWEEN 1 AND 200),
  tax_id text,
  kind text NOT NULL CHECK (kind IN ('BUYER', 'PARTNER')),
  country char(2) NOT NULL CHECK (country ~ '^[A-Z]{2}$'),
  created_at timestamptz(3) NOT NULL DEFAULT now(),
  updated_at timestamptz(3) NOT NULL DEFAULT now(),
  version integer NOT NULL DEFAULT 1 CHECK (version >= 1),
  UNIQUE (country, tax_id)
);

CREATE TABLE users.memberships (
  id uuid PRIMARY KEY,
  organization_id uuid NOT NULL REFERENCES users.organizations ON DELETE CASCADE,
  user_id uuid NOT NULL REFERENCES users.users ON DELETE CASCADE,
  role text NOT NULL CHECK (role IN ('OWNER', 'BILLING_MANAGER', 'BUYER', 'VIEWER')),
  created_at timestamptz(3) NOT NULL DEFAULT now(),
  updated_at timestamptz(3) NOT NULL DEFAULT now(),
  version integer NOT NULL DEFAULT 1 CHECK (version >= 1),
  -- Serves the question whether two people share an organization.
  UNIQUE (organization_id, user_id)
);
-- Members of an organization, in the order they joined.
CREATE INDEX memberships_organization ON users.memberships (organization_id, created_at, id);
-- Organizations of a person, in the order of joining; also the memberships of a principal.
CREATE INDEX memberships_user ON users.memberships (user_id, created_at, id);

CREATE TABLE users.api_clients (
  id uuid PRIMARY KEY,
  organization_id uuid NOT NULL REFERENCES users.organizations ON DELETE CASCADE,
  -- Serves the lookup of the client behind a token.
  client_id text NOT NULL UNIQUE,
  name text NOT NULL CHECK (char_length(name) BETWEEN 1 AND 200),
  scopes text[] NOT NULL,
  status text NOT NULL CHECK (status IN ('ACTIVE', 'REVOKED')),
  rate_limit_points integer NOT NULL CHECK (rate_limit_points > 0),
  last_used_at timestamptz(3),
  created_at timestamptz(3) NOT NULL DEFAULT now(),
  updated_at timestamptz(3) NOT NULL DEFAULT now(),
  version integer NOT NULL DEFAULT 1 CHECK (version >= 1)
);
-- API clients of an organization, oldest first.
CREATE INDEX api_clients_organization ON users.api_clients (organization_id, created_at, id);

CREATE TABLE users.api_client_secrets (
  id uuid PRIMARY KEY,
  client_id uuid NOT NULL REFERENCES users.api_clients ON DELETE CASCADE,
  -- Never the secret itself.
  hash text NOT NULL,
  -- Last characters of the secret, to tell secrets apart.
  hint char(4) NOT NULL,
  -- Set when a newer secret replaces this one and both work for a while.
  expires_at timestamptz(3),
  created_at timestamptz(3) NOT NULL DEFAULT now(),
  updated_at timestamptz(3) NOT NULL DEFAULT now()
);
-- The current secret of a client: the newest.
CREATE INDEX api_client_secrets_client ON users.api_client_secrets (client_id, created_at DESC, id DESC);

GRANT SELECT, INSERT, UPDATE ON users.organizations, users.api_clients TO users_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON users.memberships, users.api_client_secrets TO users_app;
`,
};
