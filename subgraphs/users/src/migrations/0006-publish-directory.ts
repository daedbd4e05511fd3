import type { Migration } from '@tributary/kit/database/migrate';

// Subgraphs that keep copies learn of changes as they happen, but not of what stood before they began to listen.

const BATCH = 500;

/** Rows of `table` as messages of many rows each: one message per row would hold up the news behind them. */
const listed = (table: 'users' | 'memberships', row: string) => `
  SELECT '${table}.listed' AS type, jsonb_build_object('${table}', jsonb_agg(${row} ORDER BY r.id)) AS payload
  FROM (SELECT *, (row_number() OVER (ORDER BY id) - 1) / ${BATCH} AS batch FROM users.${table}) r GROUP BY r.batch`;

export const publishDirectory: Migration = {
  name: '0006-publish-directory',
  sql: `
-- Tells once more who is there and who belongs where, each with the version it has; whoever knows a newer one ignores it. Nothing is said
-- of memberships that have ended. Returns the number of messages.
CREATE FUNCTION users.publish_directory() RETURNS integer LANGUAGE sql AS $$
WITH listed AS (
  ${listed('users', `jsonb_build_object('id', r.id, 'status', r.status, 'version', r.version)`)}
  UNION ALL
  ${listed('memberships', `jsonb_build_object('id', r.id, 'organizationId', r.organization_id, 'userId', r.user_id, 'role', r.role, 'version', r.version)`)}
), written AS (
  INSERT INTO users.outbox (id, topic, key, type, schema_version, payload, headers)
  SELECT
    -- Version 7, like every id of an event; servers before 18 cannot make one themselves.
    (lpad(to_hex(floor(extract(epoch FROM now()) * 1000)::bigint), 12, '0') || '7'
      || substr(replace(gen_random_uuid()::text, '-', ''), 14))::uuid,
    -- An aggregate of its own: the rows in it have versions, which make its place among other messages indifferent.
    'users', gen_random_uuid(), type, 1, payload,
    jsonb_build_object('actor', jsonb_build_object('type', 'system', 'id', NULL), 'traceparent', NULL,
      'aggregateType', 'Directory', 'aggregateVersion', 1,
      'occurredAt', to_char(now() AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'))
  FROM listed RETURNING 1
)
SELECT count(*)::integer FROM written $$;
-- For migrations and operators.
REVOKE ALL ON FUNCTION users.publish_directory() FROM PUBLIC;

-- Orders begin to keep copies with this version. A new database holds nobody yet, and this tells nothing.
SELECT users.publish_directory();
`,
};
