import sql, { empty, join, raw } from 'sql-template-tag';
import type { Sql } from 'sql-template-tag';

import type { Walls } from '../access/walls.ts';
import type { Clock } from '../clock.ts';
import { DAY } from '../clock.ts';
import type { Database } from '../database/database.ts';
import type { Transaction } from '../database/transaction.ts';
import { newUuid } from '../ids.ts';
import type { IdType } from '../ids.ts';
import type { Actor, Publication } from '../messaging/event.ts';
import { claimKey, keepResponse } from './idempotency.ts';
import type { IdempotencyKey, StoredIds } from './idempotency.ts';

// Every change goes through here: the change, the events that tell of it, its audit entry and its idempotency key are one transaction.

export interface Origin {
  actor: Actor;
  /** W3C trace context of what caused the change. */
  traceparent: string | null;
}

export interface AuditEntry {
  /** Name of the mutation, or of the step of the system. */
  action: string;
  object: { type: IdType; id: string } | null;
  /** No personal data. */
  details?: Readonly<Record<string, unknown>>;
}

/** A transaction that changes something. What is published or recorded is written just before COMMIT, in one statement each. */
export interface WriteTransaction extends Transaction {
  readonly actor: Actor;
  readonly now: Date;
  publish(event: Publication): void;
  audit(entry: AuditEntry): void;
}

export interface Writer {
  /** Runs `work` in one transaction; it may run again when another transaction got in its way. */
  write<T>(origin: Origin, work: (tx: WriteTransaction) => Promise<T>): Promise<T>;
  /**
   * The same under an idempotency key: `work` runs for the first call only; later ones get the ids that it kept. Throws a `Refusal` for a
   * key that was used with other input or whose first call is still running.
   */
  writeOnce<T>(origin: Origin, key: IdempotencyKey, work: (tx: WriteTransaction) => Promise<Kept<T>>): Promise<Once<T>>;
  /** Records what was tried and did not come about. */
  recordRefused(origin: Origin, entry: AuditEntry): Promise<void>;
}

/** What a call made, and the ids under which a repeated call finds it again. */
export interface Kept<T> {
  result: T;
  ids: StoredIds;
}

export type Once<T> = { replayed: false; result: T } | { replayed: true; ids: StoredIds };

export interface WriterOptions {
  database: Database;
  /** Schema of the subgraph; also the topic of its events. */
  schema: string;
  clock: Clock;
  walls: Walls;
  /** Called after a transaction that published something has committed. */
  onPublished: (events: readonly Publication[]) => void;
}

const KEY_LIFETIME_MS = 30 * DAY;
const SCHEMA_VERSION = 1;

export function createWriter({ database, schema, clock, walls, onPublished }: WriterOptions): Writer {
  async function write<T>(origin: Origin, work: (tx: WriteTransaction) => Promise<T>): Promise<T> {
    let events: Publication[] = [];
    const result = await database.transaction(async (transaction) => {
      events = [];
      const entries: AuditEntry[] = [];
      const now = clock.now();
      const done = await work({
        query: transaction.query,
        actor: origin.actor,
        now,
        publish: (event) => void events.push(event),
        audit: (entry) => void entries.push(entry),
      });
      if (events.length > 0 && walls.outbox) await transaction.query(insertEvents(schema, origin, events, now));
      if (entries.length > 0) await transaction.query(insertAudit(schema, origin, entries, true));
      return done;
    });
    if (events.length > 0) {
      // Without the wall: what happens when events are written beside the change instead of with it.
      if (!walls.outbox) await database.query(insertEvents(schema, origin, events, clock.now()));
      onPublished(events);
    }
    return result;
  }

  return {
    write,
    async writeOnce<T>(
      origin: Origin,
      key: IdempotencyKey,
      work: (tx: WriteTransaction) => Promise<Kept<T>>,
    ): Promise<Once<T>> {
      if (!walls.idempotency) return { replayed: false, result: (await write(origin, work)).result };
      return write(origin, async (tx) => {
        const ids = await claimKey(tx, schema, origin.actor, key, KEY_LIFETIME_MS);
        if (ids) return { replayed: true, ids };
        const kept = await work(tx);
        await keepResponse(tx, schema, origin.actor, key, kept.ids);
        return { replayed: false, result: kept.result };
      });
    },
    async recordRefused(origin, entry) {
      await database.query(insertAudit(schema, origin, [entry], false));
    },
  };
}

function insertEvents(schema: string, { actor, traceparent }: Origin, events: readonly Publication[], now: Date): Sql {
  // Where nothing can be followed the outbox has no column for it.
  const isFollowed = events.some(({ subjects }) => subjects !== undefined);
  const rows = events.map(({ type, aggregateType, aggregateId, aggregateVersion, data, ...audience }) => {
    const headers = { actor, traceparent, aggregateType, aggregateVersion, occurredAt: now.toISOString() };
    // For the relay a message that only subscribers hear of has been published from the start.
    const publishedAt = audience.onlySubscribers ? sql`now()` : sql`NULL::timestamptz`;
    const followed = isFollowed ? sql`, ${audience.subjects ?? null}::uuid[]` : empty;
    return sql`(${newUuid(now)}::uuid, ${schema}, ${aggregateId}::uuid, ${type}, ${SCHEMA_VERSION}, ${JSON.stringify(data)}::jsonb, ${JSON.stringify(headers)}::jsonb, ${publishedAt}${followed})`;
  });
  const columns = raw(
    `id, topic, key, type, schema_version, payload, headers, published_at${isFollowed ? ', subjects' : ''}`,
  );
  return sql`INSERT INTO ${raw(schema)}.outbox (${columns}) VALUES ${join(rows)}`;
}

function insertAudit(schema: string, { actor, traceparent }: Origin, entries: readonly AuditEntry[], allowed: boolean) {
  const rows = entries.map(
    ({ action, object, details }) =>
      sql`(${actor.type}, ${actor.id}::uuid, ${action}, ${object?.type ?? null}, ${object?.id ?? null}::uuid, ${allowed}::boolean, ${JSON.stringify(details ?? {})}::jsonb, ${traceIdOf(traceparent)})`,
  );
  return sql`INSERT INTO ${raw(schema)}.audit_log (actor_type, actor_id, action, object_type, object_id, allowed, details, trace_id) VALUES ${join(rows)}`;
}

// version "-" trace id "-" parent id "-" flags
const traceIdOf = (traceparent: string | null): string | null => traceparent?.split('-')[1] ?? null;
