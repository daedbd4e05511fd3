import sql from 'sql-template-tag';
import type { Sql } from 'sql-template-tag';

import type { WireCharge } from '@tributary/billing/provider/wire';
import type { Transaction } from '@tributary/kit/database/transaction';

import type { Charge } from './charge.ts';

const columns = sql`reference, idempotency_key AS "idempotencyKey", amount_minor AS "amountMinor", currency,
  method_token AS "methodToken", capture, state, captured_minor AS "capturedMinor", captured_at AS "capturedAt",
  failure_code AS "failureCode"`;

interface Reader {
  query<Row>(statement: Sql): Promise<Row[]>;
}

/** False: the key was used before. Waits for a transaction that is just about to use it. */
export async function insertCharge(
  tx: Transaction,
  charge: Charge,
  { answer, settleMs }: { answer: WireCharge; settleMs: number },
): Promise<boolean> {
  const { reference, idempotencyKey, amountMinor, currency, methodToken, capture } = charge;
  const { state, capturedMinor, capturedAt, failureCode } = charge;
  const inserted = await tx.query(
    sql`INSERT INTO provider.charges (reference, idempotency_key, amount_minor, currency, method_token, capture, state, captured_minor,
        captured_at, failure_code, answer, settles_at)
      VALUES (${reference}, ${idempotencyKey}, ${amountMinor}, ${currency}, ${methodToken}, ${capture}, ${state}, ${capturedMinor},
        ${capturedAt}, ${failureCode}, ${JSON.stringify(answer)}::jsonb, ${settlesAt(state, settleMs)})
      ON CONFLICT (idempotency_key) DO NOTHING RETURNING reference`,
  );
  return inserted.length > 0;
}

export async function findChargeByKey(
  reader: Reader,
  idempotencyKey: string,
): Promise<(Charge & { answer: WireCharge }) | null> {
  const [found] = await reader.query<Charge & { answer: WireCharge }>(
    sql`SELECT ${columns}, answer FROM provider.charges WHERE idempotency_key = ${idempotencyKey}`,
  );
  return found ?? null;
}

export async function findCharge(reader: Reader, reference: string): Promise<Charge | null> {
  const [found] = await reader.query<Charge>(
    sql`SELECT ${columns} FROM provider.charges WHERE reference = ${reference}`,
  );
  return found ?? null;
}

/** Locked until the transaction ends, so that of two changes the second sees the first. */
export async function lockCharge(tx: Transaction, reference: string): Promise<Charge | null> {
  const [found] = await tx.query<Charge>(
    sql`SELECT ${columns} FROM provider.charges WHERE reference = ${reference} FOR UPDATE`,
  );
  return found ?? null;
}

/** One whose time has come, locked; null when there is none. */
export async function lockSettlingCharge(tx: Transaction): Promise<Charge | null> {
  const [found] = await tx.query<Charge>(
    sql`SELECT ${columns} FROM provider.charges WHERE settles_at <= now() ORDER BY settles_at LIMIT 1
      FOR UPDATE SKIP LOCKED`,
  );
  return found ?? null;
}

export async function updateCharge(tx: Transaction, charge: Charge): Promise<void> {
  const { reference, state, capturedMinor, capturedAt, failureCode } = charge;
  await tx.query(
    sql`UPDATE provider.charges SET state = ${state}, captured_minor = ${capturedMinor}, captured_at = ${capturedAt},
        failure_code = ${failureCode}, settles_at = NULL
      WHERE reference = ${reference}`,
  );
}

export const settlesAt = (state: string, settleMs: number): Sql =>
  state === 'processing' ? sql`now() + ${settleMs} * interval '1 millisecond'` : sql`NULL`;
