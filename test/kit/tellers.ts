import { setTimeout as sleep } from 'node:timers/promises';

import {
  ALL_WALLS,
  createLogger,
  createWriter,
  openDatabase,
  startPostgresTransport,
  startWith,
  startWorkers,
  SYSTEM,
  systemClock,
} from '@tributary/kit';
import type { Database, EventHandlers, EventTransport, Walls, Workers, Writer } from '@tributary/kit';

import type { TestDatabase } from './postgres.ts';

// Two tellers of news without any subgraph around them: "orders" publishes, "billing" listens. Real queues, real tables.

export interface Teller extends AsyncDisposable {
  database: Database;
  writer: Writer;
  workers: Workers;
  transport: EventTransport;
}

export interface TellerOptions {
  handlers?: EventHandlers;
  walls?: Partial<Walls>;
  /** Stands in the way of the transport, to lose, double or delay what passes. */
  disturb?: (transport: EventTransport) => EventTransport;
}

export const silentLogger = createLogger({ level: 'silent', name: 'test' });

export function startTeller(
  schema: 'users' | 'orders' | 'billing',
  { urls }: TestDatabase,
  { handlers = {}, walls, disturb = (transport) => transport }: TellerOptions = {},
): Promise<Teller> {
  return startWith(async (stack) => {
    const transport = disturb(stack.use(await startPostgresTransport({ url: urls.events, logger: silentLogger })));
    const database = stack.use(await openTestDatabase(urls[schema]));
    const all = { ...ALL_WALLS, ...walls };
    const writer = createWriter({
      database,
      schema,
      clock: systemClock,
      walls: all,
      onPublished: () => workers.wakeRelay(),
    });
    const workers = stack.use(
      await startWorkers({
        schema,
        database,
        databaseUrl: urls[schema],
        writer,
        transport,
        handlers,
        jobs: [],
        walls: all,
        logger: silentLogger,
      }),
    );
    return { database, writer, workers, transport, [Symbol.asyncDispose]: () => stack.stop() };
  });
}

export const openTestDatabase = (url: string) =>
  openDatabase({ url, applicationName: 'test', entities: [], maxConnections: 10, statementTimeoutMs: 2_000 });

export const bySystem = { actor: SYSTEM, traceparent: null };

/** Publishes one event of an aggregate, in a transaction of its own. */
export const tell = (writer: Writer, aggregateId: string, number: number, type = 'order.placed') =>
  writer.write(bySystem, async (tx) => {
    tx.publish({ type, aggregateType: 'Order', aggregateId, aggregateVersion: number, data: { number } });
    return Promise.resolve();
  });

/** Resolves when `condition` holds; fails after ten seconds with what it saw last. */
export async function eventually<T>(look: () => Promise<T> | T, holds: (seen: T) => boolean): Promise<T> {
  const deadline = Date.now() + 10_000;
  for (;;) {
    const seen = await look();
    if (holds(seen)) return seen;
    if (Date.now() > deadline) throw new Error(`It did not come about; last seen: ${JSON.stringify(seen)}`);
    await sleep(10);
  }
}

/** Events that nobody has published or handled yet. */
export async function pending({ query }: Pick<TestDatabase, 'query'>): Promise<number> {
  const [row] = await query<{ count: number }>(
    `SELECT ((SELECT count(*) FROM orders.outbox WHERE published_at IS NULL) + (SELECT count(*) FROM billing.outbox WHERE published_at IS NULL)
      + (SELECT count(*) FROM users.outbox WHERE published_at IS NULL) + (SELECT count(*) FROM events.queue))::integer AS count`,
  );
  return row!.count;
}
