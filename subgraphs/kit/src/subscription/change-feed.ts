import sql, { raw } from 'sql-template-tag';

import { SECOND } from '../clock.ts';
import type { Database } from '../database/database.ts';
import { goingAway, unavailable } from '../errors.ts';
import { startWith } from '../lifecycle.ts';
import type { Handle } from '../lifecycle.ts';
import type { Logger } from '../logger.ts';
import { startListener } from '../messaging/listener.ts';
import { startPoller } from '../messaging/poller.ts';
import type { Change } from './change.ts';
import { createChangeStream } from './change-stream.ts';
import type { ChangeStream } from './change-stream.ts';

// What the outbox tells, to everybody in this process who follows it. Every replica reads for itself, and only while somebody follows; the
// relay has no part in it. A notification only says that it is time to look. What is new is what the snapshot of this look sees and that of
// the last one did not: so a transaction that commits late is told of when it commits, delays nobody else, and nothing is told of twice.

export interface ChangeFeedOptions {
  database: Database;
  /** URL of the same database, for the connection that listens. */
  databaseUrl: string;
  schema: string;
  /** Changes that may wait for one subscriber. */
  maxWaiting: number;
  logger: Logger;
}

export interface ChangeFeed extends Handle {
  /**
   * Changes of a subject (UUID) that commit from the moment this resolves on, those of one aggregate in their order. Throws UNAVAILABLE while
   * the database is away.
   */
  follow(subject: string): Promise<ChangeStream>;
  /** Something that can be followed has committed here; tells the other replicas. */
  announce(): void;
}

const POLL_MS = 1 * SECOND;
const JOIN_TIMEOUT_MS = 5 * SECOND;
const PAGE = 500;

const channelOf = (schema: string) => `changes_${schema}`;

/** Until where was read. */
interface Position {
  /** Snapshot of the last look that was read to its end. */
  seen: string;
  /** Snapshot of the look that is under way, and the last message read of it; null and 0 between two looks. */
  reading: string | null;
  after: bigint;
}

interface ChangeRow extends Change {
  position: bigint;
  subjects: readonly string[];
}

type Row = { snapshot: string } & (ChangeRow | { position: null });

export function startChangeFeed(options: ChangeFeedOptions): Promise<ChangeFeed> {
  const { database, databaseUrl, schema, maxWaiting, logger } = options;
  const followers = new Map<string, Set<ChangeStream>>();
  const joining: { admit: () => void; refuse: () => void }[] = [];
  let position: Position | null = null;
  let isStopped = false;

  function open(subject: string): ChangeStream {
    const group = followers.get(subject) ?? new Set();
    followers.set(subject, group);
    const stream = createChangeStream({
      maxWaiting,
      onEnd() {
        group.delete(stream);
        if (group.size === 0 && followers.get(subject) === group) followers.delete(subject);
      },
    });
    group.add(stream);
    return stream;
  }

  function tell({ subjects, id, type, aggregateId, occurredAt }: ChangeRow): void {
    for (const subject of subjects)
      for (const stream of followers.get(subject) ?? []) stream.push({ id, type, aggregateId, occurredAt });
  }

  async function look(): Promise<boolean> {
    const admitted = joining.splice(0);
    if (followers.size === 0 && admitted.length === 0) {
      position = null;
      return false;
    }
    try {
      if (position === null) position = { seen: await readSnapshot(database), reading: null, after: 0n };
      else
        do {
          const rows = await readNext(database, schema, position);
          const changes = rows.filter((row): row is { snapshot: string } & ChangeRow => row.position !== null);
          changes.forEach(tell);
          const snapshot = rows[0]!.snapshot;
          position =
            changes.length < PAGE
              ? { seen: snapshot, reading: null, after: 0n }
              : { ...position, reading: snapshot, after: changes.at(-1)!.position };
        } while (position.reading !== null);
    } catch (error) {
      for (const { refuse } of admitted) refuse();
      throw error;
    }
    for (const { admit } of admitted) admit();
    return joining.length > 0;
  }

  return startWith(async (stack) => {
    const poller = startPoller({ name: `changes of ${schema}`, intervalMs: POLL_MS, run: look, logger });
    const listener = await startListener({
      url: databaseUrl,
      applicationName: `tributary-${schema}-changes`,
      channel: channelOf(schema),
      onWake: () => poller.wake(),
      logger,
    });
    stack.use(poller);
    stack.use(listener);
    stack.defer(() => {
      isStopped = true;
      for (const { refuse } of joining.splice(0)) refuse();
      for (const stream of [...followers.values()].flatMap((group) => [...group])) stream.fail(goingAway());
    });
    return {
      follow(subject) {
        const { promise, resolve, reject } = Promise.withResolvers<ChangeStream>();
        let isSettled = false;
        const settle = (how: () => void) => {
          clearTimeout(timer);
          if (!isSettled) how();
          isSettled = true;
        };
        const refuse = () => settle(() => reject(unavailable()));
        const admit = () => settle(() => resolve(open(subject)));
        const timer = setTimeout(refuse, JOIN_TIMEOUT_MS);
        if (isStopped) refuse();
        else joining.push({ admit, refuse });
        poller.wake();
        return promise;
      },
      announce() {
        poller.wake();
        listener.notify(channelOf(schema));
      },
      stop: () => stack.stop(),
    };
  });
}

async function readSnapshot(database: Database): Promise<string> {
  const [row] = await database.query<{ snapshot: string }>(sql`SELECT pg_current_snapshot()::text AS snapshot`);
  return row!.snapshot;
}

/**
 * The next page; at least one row, which then holds nothing but the snapshot. Of transactions that changed the same aggregate the later one
 * cannot have committed in an earlier snapshot, because the change locks it; within one look the position tells their order.
 */
function readNext(database: Database, schema: string, { seen, reading, after }: Position): Promise<Row[]> {
  return database.query<Row>(
    sql`SELECT s.snapshot::text AS snapshot, o.position, o.subjects, o.id, o.type, o.key AS "aggregateId",
        (o.headers ->> 'occurredAt')::timestamptz AS "occurredAt"
      FROM (SELECT coalesce(${reading}::pg_snapshot, pg_current_snapshot()) AS snapshot) s
      LEFT JOIN LATERAL (
        SELECT * FROM ${raw(schema)}.outbox m
        WHERE m.subjects IS NOT NULL AND m.transaction_id >= pg_snapshot_xmin(${seen}::pg_snapshot)
          AND NOT pg_visible_in_snapshot(m.transaction_id, ${seen}::pg_snapshot)
          AND pg_visible_in_snapshot(m.transaction_id, s.snapshot) AND m.position > ${after}
        ORDER BY m.position LIMIT ${PAGE}) o ON TRUE
      ORDER BY o.position`,
  );
}
