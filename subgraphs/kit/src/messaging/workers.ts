import sql, { raw } from 'sql-template-tag';

import type { Walls } from '../access/walls.ts';
import { DAY, HOUR, SECOND } from '../clock.ts';
import type { Database } from '../database/database.ts';
import { startWith } from '../lifecycle.ts';
import type { Handle } from '../lifecycle.ts';
import type { Logger } from '../logger.ts';
import type { Writer } from '../write/writer.ts';
import { createConsumer } from './consumer.ts';
import type { EventHandlers } from './consumer.ts';
import { startPoller } from './poller.ts';
import { startRelay } from './relay.ts';
import type { Relay } from './relay.ts';
import type { EventTransport } from './transport.ts';

// What a subgraph does besides answering: it publishes its events, handles those of others, and does its jobs. Every replica runs all of
// it; locks in the database see to it that nothing is done twice.

/** Something to look after from time to time, such as deadlines. Replicas run it side by side, so it must lock what it takes. */
export interface Job {
  name: string;
  intervalMs: number;
  /** True: there may be more, run again at once. */
  run: (signal: AbortSignal) => Promise<boolean>;
}

export interface WorkersOptions {
  schema: string;
  database: Database;
  databaseUrl: string;
  writer: Writer;
  transport: EventTransport;
  handlers: EventHandlers;
  jobs: readonly Job[];
  walls: Walls;
  logger: Logger;
}

export interface Workers extends Handle {
  /** Something was written to the outbox. */
  wakeRelay(): void;
}

const REPLAY_INTERVAL_MS = 2 * SECOND;
// Longer than any transport keeps an event that it could deliver a second time.
const INBOX_KEPT_MS = 30 * DAY;
const CLEAR_BATCH = 1_000;

export function startWorkers(options: WorkersOptions): Promise<Workers> {
  const { schema, database, databaseUrl, transport, handlers, jobs, logger } = options;
  return startWith(async (stack) => {
    const relay: Relay = stack.use(await startRelay({ database, databaseUrl, schema, transport, logger }));
    const poll = ({ name, intervalMs, run }: Job) => stack.use(startPoller({ name, intervalMs, run, logger }));
    if (Object.keys(handlers).length > 0) {
      const consumer = createConsumer(options);
      stack.use(await transport.subscribe(consumer));
      poll({
        name: `dead letters of ${schema}`,
        intervalMs: REPLAY_INTERVAL_MS,
        run: () => consumer.replayDeadLetters(),
      });
    }
    poll({ name: `clearing of ${schema}`, intervalMs: HOUR, run: () => clear(database, schema) });
    for (const job of jobs) poll(job);
    return { wakeRelay: () => relay.wake(), stop: () => stack.stop() };
  });
}

/** Removes what is past its time. */
async function clear(database: Database, schema: string): Promise<boolean> {
  const [keys, inbox] = [raw(`${schema}.idempotency_keys`), raw(`${schema}.inbox`)];
  const expired = await database.query(
    sql`DELETE FROM ${keys} WHERE ctid = ANY(ARRAY(
      SELECT ctid FROM ${keys} WHERE expires_at < now() LIMIT ${CLEAR_BATCH})) RETURNING 1`,
  );
  const handled = await database.query(
    sql`DELETE FROM ${inbox} WHERE ctid = ANY(ARRAY(
      SELECT ctid FROM ${inbox} WHERE processed_at < now() - ${INBOX_KEPT_MS} * interval '1 millisecond' LIMIT ${CLEAR_BATCH})) RETURNING 1`,
  );
  return expired.length === CLEAR_BATCH || handled.length === CLEAR_BATCH;
}
