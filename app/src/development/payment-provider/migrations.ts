import type { Migration } from '@tributary/kit/database/migrate';

// What the development provider remembers, in a schema and with a role of its own: to the subgraphs it is the outside world.

const createProvider: Migration = {
  name: '0001-create-provider',
  sql: `
CREATE TABLE provider.charges (
  reference text PRIMARY KEY,
  -- One key, one charge. Equal requests that arrive at once wait here for the first of them.
  idempotency_key text NOT NULL UNIQUE CHECK (length(idempotency_key) BETWEEN 1 AND 255),
  amount_minor bigint NOT NULL CHECK (amount_minor > 0),
  currency char(3) NOT NULL CHECK (currency ~ '^[A-Z]{3}$'),
  method_token text NOT NULL,
  capture boolean NOT NULL,
  state text NOT NULL CHECK (state IN
    ('captured', 'authorized', 'requiresAction', 'processing', 'released', 'failed')),
  captured_minor bigint NOT NULL DEFAULT 0 CHECK (captured_minor BETWEEN 0 AND amount_minor),
  captured_at timestamptz(3),
  failure_code text,
  -- What the first request was answered, for every repeat of it.
  answer jsonb NOT NULL,
  -- When a charge that is being processed comes to its end.
  settles_at timestamptz,
  created_at timestamptz(3) NOT NULL DEFAULT now(),
  CHECK ((state = 'captured') = (captured_minor > 0) AND (state = 'captured') = (captured_at IS NOT NULL)),
  CHECK ((state = 'failed') = (failure_code IS NOT NULL)),
  CHECK ((settles_at IS NOT NULL) = (state = 'processing'))
);
-- Charges that come to their end next.
CREATE INDEX charges_settling ON provider.charges (settles_at) WHERE settles_at IS NOT NULL;

CREATE TABLE provider.refunds (
  reference text PRIMARY KEY,
  idempotency_key text NOT NULL UNIQUE CHECK (length(idempotency_key) BETWEEN 1 AND 255),
  charge_reference text NOT NULL REFERENCES provider.charges,
  amount_minor bigint NOT NULL CHECK (amount_minor > 0),
  currency char(3) NOT NULL,
  state text NOT NULL CHECK (state IN ('processing', 'succeeded', 'failed')),
  succeeded_at timestamptz(3),
  failure_code text,
  answer jsonb NOT NULL,
  settles_at timestamptz,
  created_at timestamptz(3) NOT NULL DEFAULT now(),
  CHECK ((state = 'succeeded') = (succeeded_at IS NOT NULL)),
  CHECK ((state = 'failed') = (failure_code IS NOT NULL)),
  CHECK ((settles_at IS NOT NULL) = (state = 'processing'))
);
-- What was given back of a charge.
CREATE INDEX refunds_charge ON provider.refunds (charge_reference);
-- Refunds that come to their end next.
CREATE INDEX refunds_settling ON provider.refunds (settles_at) WHERE settles_at IS NOT NULL;

CREATE TABLE provider.events (
  position bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  -- As it is sent.
  body text NOT NULL,
  -- How often it still has to be acknowledged.
  copies integer NOT NULL CHECK (copies >= 0),
  attempts integer NOT NULL DEFAULT 0,
  next_attempt_at timestamptz NOT NULL,
  occurred_at timestamptz(3) NOT NULL
);
-- What is delivered next.
CREATE INDEX events_due ON provider.events (next_attempt_at) WHERE copies > 0;

GRANT SELECT, INSERT, UPDATE ON provider.charges, provider.refunds, provider.events TO provider_app;
`,
};

/** Every migration of the schema "provider", in the order they run. */
export const migrations: readonly Migration[] = [createProvider];
