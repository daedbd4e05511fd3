import { randomBytes } from 'node:crypto';

import sql from 'sql-template-tag';

import type { WireCharge, WireEvent, WireRefund } from '@tributary/billing/provider/wire';
import { DAY, MINUTE } from '@tributary/kit/clock';
import type { Database } from '@tributary/kit/database/database';
import type { Transaction } from '@tributary/kit/database/transaction';

// Events wait here until they were acknowledged. They are written in the transaction of the change they tell of.

export interface DueEvent {
  position: bigint;
  body: string;
}

export interface EventDelivery {
  /** Pause before the second attempt; every further one is twice as long. */
  retryMs: number;
  /** Whether every event is delivered twice, and the order is left to chance. */
  disorder: boolean;
}

const BATCH = 16;
const LONGEST_PAUSE_MS = 1 * MINUTE;
const GIVE_UP_MS = 3 * DAY;
const DISORDER_MS = 500;

export async function recordEvent(
  tx: Transaction,
  subject: { charge: WireCharge } | { refund: WireRefund },
  { disorder, now }: Pick<EventDelivery, 'disorder'> & { now: Date },
): Promise<void> {
  const base = { id: `evt_${randomBytes(16).toString('hex')}`, occurredAt: now.toISOString() };
  const event: WireEvent =
    'charge' in subject ? { ...base, type: 'charge', ...subject } : { ...base, type: 'refund', ...subject };
  await tx.query(
    sql`INSERT INTO provider.events (body, copies, next_attempt_at, occurred_at)
      VALUES (${JSON.stringify(event)}, ${disorder ? 2 : 1}, now() + ${delayMs(disorder)} * interval '1 millisecond', ${now})`,
  );
}

/** Takes what is due. The next attempt is set before this one, so that a process that dies in between leaves nothing behind. */
export function takeDueEvents(database: Database, { retryMs }: EventDelivery): Promise<DueEvent[]> {
  return database.query<DueEvent>(
    sql`UPDATE provider.events SET attempts = attempts + 1,
        next_attempt_at = now() + least(${retryMs} * power(2, least(attempts, 20)), ${LONGEST_PAUSE_MS}) * interval '1 millisecond'
      WHERE position IN (
        SELECT position FROM provider.events
        WHERE copies > 0 AND next_attempt_at <= now() AND occurred_at > now() - ${GIVE_UP_MS} * interval '1 millisecond'
        ORDER BY next_attempt_at, position LIMIT ${BATCH} FOR UPDATE SKIP LOCKED)
      RETURNING position, body`,
  );
}

export async function acknowledgeEvent(
  database: Database,
  position: bigint,
  { disorder }: Pick<EventDelivery, 'disorder'>,
): Promise<void> {
  await database.query(
    sql`UPDATE provider.events SET copies = copies - 1, attempts = 0,
        next_attempt_at = now() + ${delayMs(disorder)} * interval '1 millisecond'
      WHERE position = ${position}`,
  );
}

const delayMs = (disorder: boolean) => (disorder ? Math.random() * DISORDER_MS : 0);
