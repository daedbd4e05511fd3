import type { Migration } from '../../database/migrate.ts';

// The queues of the transport that needs nothing but PostgreSQL, in a schema and with a role of their own: to a subgraph it is a broker
// like any other.

/** Who is told what: consumer and topic. A consumer that never ran yet still finds everything that was published since. */
const SUBSCRIPTIONS = [
  ['billing', 'users'],
  ['billing', 'orders'],
  ['orders', 'billing'],
] as const;

const createQueues: Migration = {
  name: '0001-create-queues',
  sql: `
CREATE TABLE events.subscriptions (
  consumer text NOT NULL,
  topic text NOT NULL,
  PRIMARY KEY (topic, consumer)
);
INSERT INTO events.subscriptions (consumer, topic) VALUES
  ${SUBSCRIPTIONS.map(([consumer, topic]) => `('${consumer}', '${topic}')`).join(', ')};

CREATE TABLE events.queue (
  position bigint GENERATED ALWAYS AS IDENTITY,
  consumer text NOT NULL,
  event_id uuid NOT NULL,
  -- Id of the aggregate.
  key uuid NOT NULL,
  envelope jsonb NOT NULL,
  attempts integer NOT NULL DEFAULT 0,
  available_at timestamptz NOT NULL DEFAULT now(),
  -- What a consumer takes next, in order.
  PRIMARY KEY (consumer, position),
  -- An event that the relay publishes again while it still waits is the same one.
  UNIQUE (consumer, event_id)
);
-- Whether an earlier event of the same aggregate still waits.
CREATE INDEX queue_key ON events.queue (consumer, key, position);

GRANT USAGE ON SCHEMA events TO events_app;
GRANT SELECT ON events.subscriptions TO events_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON events.queue TO events_app;
`,
};

const tellOrdersOfUsers: Migration = {
  name: '0002-tell-orders-of-users',
  sql: `INSERT INTO events.subscriptions (consumer, topic) VALUES ('orders', 'users')`,
};

/** Every migration of the schema "events", in the order they run. */
export const migrations: readonly Migration[] = [createQueues, tellOrdersOfUsers];
