import sql, { raw } from 'sql-template-tag';

import type { Walls } from '../access/walls.ts';
import type { Database } from '../database/database.ts';
import { sqlStateOf } from '../database/transaction.ts';
import type { Logger } from '../logger.ts';
import type { Writer, WriteTransaction } from '../write/writer.ts';
import { SYSTEM } from './event.ts';
import type { EventEnvelope } from './event.ts';
import type { EventSubscription } from './transport.ts';

// The receiving end: the effect of an event and the note that it was handled are one transaction. An event that fails again and again goes
// to the dead letters, so that the ones behind it go on; `replayDeadLetters` tries it once more when somebody asks for it.

/** What one event does. Throwing means "again, later". */
export type EventHandler = (tx: WriteTransaction, event: EventEnvelope<never>) => Promise<void>;

/** By type of event. Types without a handler are none of this consumer's business. */
export type EventHandlers = Readonly<Record<string, EventHandler>>;

export interface ConsumerOptions {
  /** Name of the consumer and of its schema. */
  schema: string;
  handlers: EventHandlers;
  database: Database;
  writer: Writer;
  walls: Walls;
  logger: Logger;
  /** An event that failed this many times goes to the dead letters. */
  maxAttempts?: number;
}

export interface Consumer extends EventSubscription {
  /** Handles dead letters that somebody asked to replay. True when there may be more. */
  replayDeadLetters(): Promise<boolean>;
}

const MAX_ATTEMPTS = 8;
const REPLAY_BATCH = 20;

export function createConsumer(options: ConsumerOptions): Consumer {
  const { schema, handlers, database, writer, walls, logger, maxAttempts = MAX_ATTEMPTS } = options;
  const deadLetters = raw(`${schema}.dead_letters`);

  async function handle(event: EventEnvelope): Promise<void> {
    const handler = handlers[event.type];
    if (!handler) return;
    const origin = { actor: SYSTEM, traceparent: event.traceparent };
    await writer.write(origin, async (tx) => {
      if (walls.inbox && !(await isNew(tx, event.id))) return;
      await handler(tx, event as EventEnvelope<never>);
    });
  }

  async function isNew(tx: WriteTransaction, eventId: string): Promise<boolean> {
    const rows = await tx.query(
      sql`INSERT INTO ${raw(schema)}.inbox (consumer, event_id) VALUES (${schema}, ${eventId}::uuid)
        ON CONFLICT DO NOTHING RETURNING 1`,
    );
    return rows.length > 0;
  }

  return {
    consumer: schema,
    async deliver(event, attempt) {
      try {
        await handle(event);
      } catch (error) {
        logger.warn({ err: error, eventId: event.id, type: event.type, attempt }, 'an event could not be handled');
        // It is not the event's fault that the database is away.
        if (attempt < maxAttempts || isOutage(error)) throw error;
        await database.query(
          sql`INSERT INTO ${deadLetters} AS d (consumer, event_id, envelope, error, attempts)
            VALUES (${schema}, ${event.id}::uuid, ${JSON.stringify(event)}::jsonb, ${messageOf(error)}, ${attempt})
            ON CONFLICT (consumer, event_id) DO UPDATE
              SET error = excluded.error, attempts = d.attempts + excluded.attempts, failed_at = now()`,
        );
        logger.error({ eventId: event.id, type: event.type, attempt }, 'an event went to the dead letters');
      }
    },
    async replayDeadLetters() {
      const waiting = await database.query<{ id: string; envelope: EventEnvelope }>(
        sql`SELECT event_id AS id, envelope FROM ${deadLetters} WHERE replay_requested_at IS NOT NULL
          ORDER BY replay_requested_at, event_id LIMIT ${REPLAY_BATCH}`,
      );
      for (const { id, envelope } of waiting) {
        try {
          await handle(envelope);
          await database.query(sql`DELETE FROM ${deadLetters} WHERE consumer = ${schema} AND event_id = ${id}::uuid`);
        } catch (error) {
          await database.query(
            sql`UPDATE ${deadLetters} SET replay_requested_at = NULL, error = ${messageOf(error)},
                attempts = attempts + 1, failed_at = now()
              WHERE consumer = ${schema} AND event_id = ${id}::uuid`,
          );
        }
      }
      return waiting.length === REPLAY_BATCH;
    },
  };
}

// Connection failures (08), shutdown and crash (57P), lack of resources (53), lost races (40), waits that took too long (57014, 55P03).
const OUTAGE = /^(08|57P|53|40|57014|55P03)/;

function isOutage(error: unknown): boolean {
  const state = sqlStateOf(error);
  if (state !== null) return OUTAGE.test(state);
  return error instanceof Error && ('syscall' in error || /connection|timeout/i.test(error.message));
}

const messageOf = (error: unknown) => (error instanceof Error ? `${error.name}: ${error.message}` : String(error));
