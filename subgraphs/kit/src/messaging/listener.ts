import pg from 'pg';

import { startWith } from '../lifecycle.ts';
import type { Handle } from '../lifecycle.ts';
import type { Logger } from '../logger.ts';
import { startPoller } from './poller.ts';

// A connection of its own that listens: notifications do not come through a pool. It may also hold a lock, so that of several replicas
// one does a thing; the server gives the lock to the next one when the connection ends, however it ends.

export interface ListenerOptions {
  url: string;
  applicationName: string;
  channel: string;
  /** Name of the lock to hold; left out: none. */
  lock?: string;
  /** Called on a notification, after every (re)connect, and when the lock was won. */
  onWake: () => void;
  logger: Logger;
}

export interface Listener extends Handle {
  /** Whether this process holds the lock right now. */
  holdsLock(): boolean;
  notify(channel: string): void;
}

const RETRY_MS = 1_000;
// A server that is gone without a word (its machine lost power) is noticed by this.
const KEEP_ALIVE_MS = 10_000;

export async function startListener(options: ListenerOptions): Promise<Listener> {
  const { url, applicationName, channel, lock, onWake, logger } = options;
  return startWith(async (stack) => {
    let client: pg.Client | null = null;
    let locked = false;
    let notifying = false;
    // One at a time: a connection takes a statement only when the one before has ended.
    let turn: Promise<unknown> = Promise.resolve();
    function inTurn<T>(task: () => Promise<T>): Promise<T> {
      const next = turn.then(task);
      turn = next.catch(() => undefined);
      return next;
    }

    async function connect(): Promise<pg.Client> {
      const fresh = new pg.Client({
        connectionString: url,
        application_name: `${applicationName}-listener`,
        keepAlive: true,
        keepAliveInitialDelayMillis: KEEP_ALIVE_MS,
      });
      const lost = () => {
        if (client !== fresh) return;
        client = null;
        locked = false;
        poller.wake();
      };
      fresh.on('error', lost);
      fresh.on('end', lost);
      fresh.on('notification', onWake);
      try {
        await fresh.connect();
        await fresh.query(`LISTEN ${channel}`);
      } catch (error) {
        await fresh.end().catch(() => undefined);
        throw error;
      }
      return fresh;
    }

    // Keeps the connection, and asks for the lock until it has it.
    const poller = startPoller({
      name: `listen to ${channel}`,
      intervalMs: RETRY_MS,
      logger,
      run: () =>
        inTurn(async () => {
          if (!client) {
            client = await connect();
            onWake();
          }
          if (lock !== undefined && !locked) {
            const { rows } = await client.query<{ locked: boolean }>(
              'SELECT pg_try_advisory_lock(hashtextextended($1, 0)) AS locked',
              [lock],
            );
            locked = rows[0]!.locked;
            if (locked) onWake();
          } else await client.query('SELECT 1');
          return false;
        }),
    });
    stack.defer(async () => {
      await poller.stop();
      const last = client;
      client = null;
      locked = false;
      await last?.end().catch(() => undefined);
    });
    return {
      holdsLock: () => locked,
      notify(to) {
        // A lost notification costs a moment: whoever waits for it also looks by itself.
        if (notifying) return;
        notifying = true;
        inTurn(async () => {
          notifying = false; // what is written from here on is another one's news
          await client?.query('SELECT pg_notify($1, $2)', [to, '']);
        }).catch(() => undefined);
      },
      stop: () => stack.stop(),
    };
  });
}
