import type pg from 'pg';

import { SUBGRAPHS } from '../config.ts';

// What stands in the tables that events pass through, for operators.

export interface Backlog {
  subgraph: string;
  /** Written and not yet handed to the transport. */
  unpublished: number;
  /** On the way to this subgraph. */
  queued: number;
  deadLetters: number;
}

export interface DeadLetter {
  consumer: string;
  eventId: string;
  type: string;
  aggregateId: string;
  attempts: number;
  failedAt: string;
  error: string;
}

export async function eventBacklog(client: pg.Client): Promise<Backlog[]> {
  const rows = SUBGRAPHS.map(
    (name) => `SELECT '${name}' AS subgraph,
      (SELECT count(*) FROM ${name}.outbox WHERE published_at IS NULL)::integer AS unpublished,
      (SELECT count(*) FROM events.queue WHERE consumer = '${name}')::integer AS queued,
      (SELECT count(*) FROM ${name}.dead_letters)::integer AS "deadLetters"`,
  );
  return (await client.query<Backlog>(rows.join(' UNION ALL '))).rows;
}

/** Oldest first. */
export async function deadLetters(client: pg.Client): Promise<DeadLetter[]> {
  const rows = SUBGRAPHS.map(
    (
      name,
    ) => `SELECT consumer, event_id AS "eventId", envelope ->> 'type' AS type, envelope ->> 'aggregateId' AS "aggregateId",
      attempts, to_json(failed_at) #>> '{}' AS "failedAt", error FROM ${name}.dead_letters`,
  );
  return (await client.query<DeadLetter>(`${rows.join(' UNION ALL ')} ORDER BY "failedAt", "eventId"`)).rows;
}

/** Marks dead letters; their consumer takes them up within seconds. Returns how many. */
export async function requestReplay(
  client: pg.Client,
  { consumer, eventId }: { consumer: string | undefined; eventId: string | undefined },
): Promise<number> {
  let count = 0;
  for (const name of SUBGRAPHS.filter((each) => consumer === undefined || each === consumer)) {
    const { rowCount } = await client.query(
      `UPDATE ${name}.dead_letters SET replay_requested_at = now() WHERE $1::uuid IS NULL OR event_id = $1`,
      [eventId ?? null],
    );
    count += rowCount ?? 0;
  }
  return count;
}

/**
 * Makes the copies that orders keep of people and memberships anew. Until the messages have arrived, within seconds, orders know nobody.
 * Returns the number of messages.
 */
export async function relist(client: pg.Client): Promise<number> {
  // Together, so that nothing is forgotten without being told again.
  await client.query('BEGIN');
  // Lists do not name memberships that have ended: one whose end was missed can only be forgotten.
  await client.query('DELETE FROM orders.user_copies');
  await client.query('DELETE FROM orders.membership_copies');
  const { rows } = await client.query<{ count: number }>('SELECT users.publish_directory() AS count');
  await client.query('COMMIT');
  return rows[0]!.count;
}
