import sql, { join } from 'sql-template-tag';

import { SECOND } from '../../clock.ts';
import { openDatabase } from '../../database/database.ts';
import type { Transaction } from '../../database/transaction.ts';
import { startWith } from '../../lifecycle.ts';
import type { Handle } from '../../lifecycle.ts';
import type { Logger } from '../../logger.ts';
import type { EventEnvelope } from '../event.ts';
import { startListener } from '../listener.ts';
import { startPoller } from '../poller.ts';
import type { EventSubscription, EventTransport } from '../transport.ts';

// One row per event and consumer, in the schema "events". A consumer locks the first waiting row of each aggregate, handles the events side
// by side and deletes them; a process that dies in between gives its locks back, and another one takes over.

export interface PostgresTransportOptions {
  /** With the role events_app. */
  url: string;
  logger: Logger;
}

const BATCH = 16;
const POLL_MS = 500;
const MAX_CONNECTIONS = 4;
const STATEMENT_TIMEOUT_MS = 10 * SECOND;
const FIRST_BACKOFF_MS = 100;
const LONGEST_BACKOFF_MS = 60 * SECOND;

const channelOf = (consumer: string) => `events_${consumer}`;

interface QueuedEvent {
  position: bigint;
  attempts: number;
  envelope: EventEnvelope;
}

export function startPostgresTransport({ url, logger }: PostgresTransportOptions): Promise<EventTransport> {
  return startWith(async (stack) => {
    const database = stack.use(
      await openDatabase({
        url,
        applicationName: 'tributary-events',
        entities: [],
        maxConnections: MAX_CONNECTIONS,
        statementTimeoutMs: STATEMENT_TIMEOUT_MS,
        onPoolError: (err) => logger.warn({ err }, 'an idle database connection was lost'),
      }),
    );

    async function publish(topic: string, events: readonly EventEnvelope[]): Promise<void> {
      const rows = events.map(
        (event, index) =>
          sql`(${index}::integer, ${event.id}::uuid, ${event.aggregateId}::uuid, ${JSON.stringify(event)}::jsonb)`,
      );
      // The identity column counts in the order of the sort.
      await database.query(
        sql`WITH queued AS (
          INSERT INTO events.queue (consumer, event_id, key, envelope)
            SELECT s.consumer, e.id, e.key, e.envelope
            FROM (VALUES ${join(rows)}) AS e (n, id, key, envelope) JOIN events.subscriptions s ON s.topic = ${topic}
            ORDER BY e.n
          ON CONFLICT (consumer, event_id) DO NOTHING RETURNING consumer)
        SELECT pg_notify('events_' || consumer, '') FROM (SELECT DISTINCT consumer FROM queued) AS c`,
      );
    }

    async function subscribe({ consumer, deliver }: EventSubscription): Promise<Handle> {
      const poller = startPoller({
        name: `events for ${consumer}`,
        intervalMs: POLL_MS,
        logger,
        run: () => database.transaction((tx) => handleNext(tx, consumer, deliver)),
      });
      const listener = await startListener({
        url,
        applicationName: `tributary-events-${consumer}`,
        channel: channelOf(consumer),
        onWake: () => poller.wake(),
        logger,
      });
      const stop = async () => {
        await listener.stop();
        await poller.stop();
      };
      stack.defer(stop);
      return { stop };
    }

    return { publish, subscribe, stop: () => stack.stop() };
  });
}

/** True when something was handled, so that there may be more. */
async function handleNext(tx: Transaction, consumer: string, deliver: EventSubscription['deliver']): Promise<boolean> {
  // An event whose forerunner is being handled elsewhere sees that row still there, and waits.
  const taken = await tx.query<QueuedEvent>(
    sql`SELECT q.position, q.attempts, q.envelope FROM events.queue q
      WHERE q.consumer = ${consumer} AND q.available_at <= now() AND NOT EXISTS (
        SELECT FROM events.queue earlier
        WHERE earlier.consumer = q.consumer AND earlier.key = q.key AND earlier.position < q.position)
      ORDER BY q.position LIMIT ${BATCH} FOR UPDATE SKIP LOCKED`,
  );
  const outcomes = await Promise.allSettled(taken.map(({ envelope, attempts }) => deliver(envelope, attempts + 1)));
  const handled = taken.filter((_, index) => outcomes[index]!.status === 'fulfilled');
  const failed = taken.filter((_, index) => outcomes[index]!.status === 'rejected');
  if (handled.length > 0)
    await tx.query(
      sql`DELETE FROM events.queue
        WHERE consumer = ${consumer} AND position = ANY(${handled.map(({ position }) => position)}::bigint[])`,
    );
  for (const { position, attempts } of failed)
    await tx.query(
      sql`UPDATE events.queue SET attempts = attempts + 1,
          available_at = clock_timestamp() + ${backoffMs(attempts)} * interval '1 millisecond'
        WHERE consumer = ${consumer} AND position = ${position}`,
    );
  return handled.length > 0;
}

const backoffMs = (attempts: number) => Math.min(FIRST_BACKOFF_MS * 2 ** attempts, LONGEST_BACKOFF_MS);
