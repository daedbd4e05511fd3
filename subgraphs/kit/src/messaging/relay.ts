import sql, { raw } from 'sql-template-tag';

import { DAY } from '../clock.ts';
import type { Database } from '../database/database.ts';
import { startWith } from '../lifecycle.ts';
import type { Handle } from '../lifecycle.ts';
import type { Logger } from '../logger.ts';
import type { Actor, EventEnvelope } from './event.ts';
import { startListener } from './listener.ts';
import { startPoller } from './poller.ts';
import type { EventTransport } from './transport.ts';

// Hands what the outbox holds to the transport, in the order it was written, and marks it published. A crash in between publishes it
// again: consumers know what they have handled. One replica at a time does it, because two could overtake each other within an
// aggregate; rows are found by not being published rather than by a position, because a transaction that commits late has an early one.

export interface RelayOptions {
  database: Database;
  /** URL of the same database, for the connection that listens. */
  databaseUrl: string;
  schema: string;
  transport: EventTransport;
  logger: Logger;
}

export interface Relay extends Handle {
  /** There is something to publish. */
  wake(): void;
}

const BATCH = 200;
const POLL_MS = 500;
const KEPT_MS = 7 * DAY;
const CLEAR_BATCH = 1_000;

interface OutboxRow {
  id: string;
  key: string;
  type: string;
  schemaVersion: number;
  data: Readonly<Record<string, unknown>>;
  headers: {
    actor: Actor;
    traceparent: string | null;
    aggregateType: string;
    aggregateVersion: number;
    occurredAt: string;
  };
}

export const outboxChannel = (schema: string) => `outbox_${schema}`;

export function startRelay({ database, databaseUrl, schema, transport, logger }: RelayOptions): Promise<Relay> {
  const outbox = raw(`${schema}.outbox`);

  async function publishNext(): Promise<boolean> {
    const rows = await database.query<OutboxRow>(
      sql`SELECT id, key, type, schema_version AS "schemaVersion", payload AS data, headers FROM ${outbox}
        WHERE published_at IS NULL ORDER BY position LIMIT ${BATCH}`,
    );
    if (rows.length === 0) return false;
    await transport.publish(schema, rows.map(toEnvelope));
    const ids = rows.map(({ id }) => id);
    await database.query(sql`UPDATE ${outbox} SET published_at = now() WHERE id = ANY(${ids}::uuid[])`);
    return true;
  }

  async function clear(): Promise<boolean> {
    const before = new Date(Date.now() - KEPT_MS);
    const cleared = await database.query(
      sql`DELETE FROM ${outbox} WHERE id IN
        (SELECT id FROM ${outbox} WHERE published_at < ${before} ORDER BY published_at LIMIT ${CLEAR_BATCH}) RETURNING 1`,
    );
    return cleared.length === CLEAR_BATCH;
  }

  return startWith(async (stack) => {
    let holdsLock = () => false; // the poller runs before there is a listener
    const poller = startPoller({
      name: `relay of ${schema}`,
      intervalMs: POLL_MS,
      logger,
      run: async () => (holdsLock() ? publishNext() : false),
    });
    const listener = await startListener({
      url: databaseUrl,
      applicationName: `tributary-${schema}-relay`,
      channel: outboxChannel(schema),
      lock: `relay:${schema}`,
      onWake: () => poller.wake(),
      logger,
    });
    holdsLock = () => listener.holdsLock();
    poller.wake();
    stack.use(listener);
    stack.use(poller);
    stack.use(startPoller({ name: `clearing the outbox of ${schema}`, intervalMs: DAY, logger, run: clear }));
    return {
      wake: () => (listener.holdsLock() ? poller.wake() : listener.notify(outboxChannel(schema))),
      stop: () => stack.stop(),
    };
  });
}

function toEnvelope({ id, key, type, schemaVersion, data, headers }: OutboxRow): EventEnvelope {
  return { id, type, schemaVersion, aggregateId: key, data, ...headers };
}
