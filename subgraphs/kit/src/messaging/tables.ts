// Tables that every subgraph has in its own schema, for its migrations: what it tells others (outbox), what it has handled of theirs
// (inbox, dead letters), which idempotency keys were used, and who did what (audit log).

/** SQL by which the outbox in `schema` also feeds subscribers. */
export const changeFeedColumns = (schema: string): string => `
-- Ids by which subscribers follow the change; empty for what nobody can follow.
ALTER TABLE ${schema}.outbox ADD COLUMN subjects uuid[];
-- The transaction that wrote the message. Whoever compares it with the snapshots of two moments knows what committed in between, however
-- long the transaction took. Messages from before have none; the default of a new column would rewrite the table.
ALTER TABLE ${schema}.outbox ADD COLUMN transaction_id xid8;
ALTER TABLE ${schema}.outbox ALTER COLUMN transaction_id SET DEFAULT pg_current_xact_id();
-- What was written lately and can be followed.
CREATE INDEX outbox_changes ON ${schema}.outbox (transaction_id) WHERE subjects IS NOT NULL;
`;

/** SQL that creates them in `schema` and grants the subgraph's role what it needs. */
export const messagingTables = (schema: string): string => `
CREATE TABLE ${schema}.outbox (
  id uuid PRIMARY KEY,
  -- Order of writing. Within an aggregate that is the order of its changes, because each change locks it; ids do not tell, they are made
  -- by several clocks.
  position bigint NOT NULL GENERATED ALWAYS AS IDENTITY,
  topic text NOT NULL,
  -- Id of the aggregate; messages with the same key are delivered in order.
  key uuid NOT NULL,
  type text NOT NULL,
  schema_version smallint NOT NULL,
  payload jsonb NOT NULL,
  headers jsonb NOT NULL,
  created_at timestamptz(3) NOT NULL DEFAULT now(),
  published_at timestamptz(3)
);
-- What the relay still has to publish. By state rather than "everything after the last position": a transaction that commits late has an
-- early position.
CREATE INDEX outbox_unpublished ON ${schema}.outbox (position) WHERE published_at IS NULL;
-- What can be cleared away.
CREATE INDEX outbox_published ON ${schema}.outbox (published_at) WHERE published_at IS NOT NULL;

CREATE TABLE ${schema}.inbox (
  consumer text NOT NULL,
  event_id uuid NOT NULL,
  processed_at timestamptz(3) NOT NULL DEFAULT now(),
  -- Written in the transaction of the effect: an event that arrives twice finds its row and has no second effect.
  PRIMARY KEY (consumer, event_id)
);
CREATE INDEX inbox_processed ON ${schema}.inbox (processed_at);

-- Events that could not be handled. Nothing is lost: they wait here until somebody has mended the cause and replays them.
CREATE TABLE ${schema}.dead_letters (
  consumer text NOT NULL,
  event_id uuid NOT NULL,
  envelope jsonb NOT NULL,
  error text NOT NULL,
  attempts integer NOT NULL CHECK (attempts >= 1),
  failed_at timestamptz(3) NOT NULL DEFAULT now(),
  replay_requested_at timestamptz(3),
  PRIMARY KEY (consumer, event_id)
);
CREATE INDEX dead_letters_replay ON ${schema}.dead_letters (replay_requested_at) WHERE replay_requested_at IS NOT NULL;

CREATE TABLE ${schema}.idempotency_keys (
  -- Type and id of the caller.
  actor_id text NOT NULL,
  operation text NOT NULL,
  key text NOT NULL,
  request_hash bytea NOT NULL,
  -- Ids of what the call made; empty only inside the transaction that makes it.
  response jsonb,
  created_at timestamptz(3) NOT NULL DEFAULT now(),
  expires_at timestamptz(3) NOT NULL,
  -- A rival with the same key waits here until the first one has committed or failed.
  PRIMARY KEY (actor_id, operation, key)
);
CREATE INDEX idempotency_keys_expires ON ${schema}.idempotency_keys (expires_at);

-- Who did, or tried to do, what. Append-only.
CREATE TABLE ${schema}.audit_log (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  occurred_at timestamptz(3) NOT NULL DEFAULT now(),
  actor_type text NOT NULL CHECK (actor_type IN ('user', 'client', 'service', 'system')),
  actor_id uuid,
  action text NOT NULL,
  -- Type (as in the graph) and id of the object; empty when there is none.
  object_type text,
  object_id uuid,
  allowed boolean NOT NULL,
  -- Never holds personal data.
  details jsonb NOT NULL DEFAULT '{}',
  trace_id text
);
CREATE INDEX audit_log_object ON ${schema}.audit_log (object_id, occurred_at DESC);
CREATE INDEX audit_log_actor ON ${schema}.audit_log (actor_id, occurred_at DESC);
CREATE INDEX audit_log_time ON ${schema}.audit_log USING brin (occurred_at);

CREATE FUNCTION ${schema}.refuse_audit_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '% of % refused: the audit log is append-only', TG_OP, TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER audit_log_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON ${schema}.audit_log
  FOR EACH STATEMENT EXECUTE FUNCTION ${schema}.refuse_audit_change();

GRANT SELECT, INSERT, DELETE ON ${schema}.outbox, ${schema}.inbox TO ${schema}_app;
GRANT UPDATE (published_at) ON ${schema}.outbox TO ${schema}_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON ${schema}.dead_letters, ${schema}.idempotency_keys TO ${schema}_app;
GRANT INSERT ON ${schema}.audit_log TO ${schema}_app;
`;
