import { createHash } from 'node:crypto';

import sql, { raw } from 'sql-template-tag';

import { sqlStateOf } from '../database/transaction.ts';
import type { Transaction } from '../database/transaction.ts';
import type { Actor } from '../messaging/event.ts';
import { inputError, refuse } from './user-errors.ts';

// The key is inserted inside the business transaction. A rival with the same key waits on the unique index until the first call has
// committed, and then replays what was kept; after a rollback it goes on as if it were the first.

export interface IdempotencyKey {
  /** Name of the mutation; the same key of another one is another key. */
  operation: string;
  key: string;
  /** The input without the key. */
  input: unknown;
}

/** UUIDs by name, of what a call made. */
export type StoredIds = Readonly<Record<string, string>>;

const KEY_FIELD = ['input', 'idempotencyKey'];
const QUERY_CANCELED = '57014';

/** Null: the key is the caller's, the work is theirs to do. Otherwise the ids that the first call kept. */
export async function claimKey(
  tx: Transaction,
  schema: string,
  actor: Actor,
  { operation, key, input }: IdempotencyKey,
  lifetimeMs: number,
): Promise<StoredIds | null> {
  const table = raw(`${schema}.idempotency_keys`);
  const hash = hashInput(input);
  const claimed = await tx
    .query(
      sql`INSERT INTO ${table} AS k (actor_id, operation, key, request_hash, expires_at)
        VALUES (${ownerOf(actor)}, ${operation}, ${key}, ${hash}, now() + ${lifetimeMs}::bigint * interval '1 millisecond')
        ON CONFLICT (actor_id, operation, key) DO UPDATE
          SET request_hash = excluded.request_hash, response = NULL, created_at = now(), expires_at = excluded.expires_at
          WHERE k.expires_at < now()
        RETURNING 1`,
    )
    .catch((error: unknown) => {
      // The wait for the first call is bounded by the statement timeout.
      if (sqlStateOf(error) !== QUERY_CANCELED) throw error;
      return refuse(
        inputError(
          'IDEMPOTENCY_KEY_IN_USE',
          'The first call with this key is still running. Retry later with the same key and input.',
          KEY_FIELD,
        ),
      );
    });
  if (claimed.length > 0) return null;
  const [first] = await tx.query<{ hash: Buffer; response: StoredIds }>(
    sql`SELECT request_hash AS hash, response FROM ${table}
      WHERE actor_id = ${ownerOf(actor)} AND operation = ${operation} AND key = ${key}`,
  );
  if (!first!.hash.equals(hash))
    refuse(inputError('IDEMPOTENCY_KEY_REUSED', 'This key was used before with other input.', KEY_FIELD));
  return first!.response;
}

export async function keepResponse(
  tx: Transaction,
  schema: string,
  actor: Actor,
  { operation, key }: IdempotencyKey,
  ids: StoredIds,
): Promise<void> {
  await tx.query(
    sql`UPDATE ${raw(schema)}.idempotency_keys SET response = ${JSON.stringify(ids)}::jsonb
      WHERE actor_id = ${ownerOf(actor)} AND operation = ${operation} AND key = ${key}`,
  );
}

const ownerOf = ({ type, id }: Actor) => `${type}:${id}`;

/** The same for inputs that mean the same: the order of fields does not matter, that of lists does. */
export function hashInput(input: unknown): Buffer {
  return createHash('sha256')
    .update(JSON.stringify(canonical(input)))
    .digest();
}

function canonical(value: unknown): unknown {
  if (typeof value === 'bigint') return { bigint: value.toString() };
  if (value instanceof Date) return { date: value.toISOString() };
  if (Array.isArray(value)) return value.map(canonical);
  if (typeof value !== 'object' || value === null) return value;
  return Object.entries(value)
    .filter(([, each]) => each !== undefined)
    .sort(([left], [right]) => (left < right ? -1 : 1))
    .map(([name, each]) => [name, canonical(each)]);
}
