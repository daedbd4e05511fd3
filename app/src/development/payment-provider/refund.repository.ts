import sql from 'sql-template-tag';
import type { Sql } from 'sql-template-tag';

import type { WireRefund } from '@tributary/billing/provider/wire';
import type { Transaction } from '@tributary/kit/database/transaction';

import { settlesAt } from './charge.repository.ts';
import type { Refund } from './refund.ts';

const columns = sql`reference, idempotency_key AS "idempotencyKey", charge_reference AS "chargeReference", amount_minor AS "amountMinor",
  currency, state, succeeded_at AS "succeededAt", failure_code AS "failureCode"`;

interface Reader {
  query<Row>(statement: Sql): Promise<Row[]>;
}

/** False: the key was used before. */
export async function insertRefund(
  tx: Transaction,
  refund: Refund,
  { answer, settleMs }: { answer: WireRefund; settleMs: number },
): Promise<boolean> {
  const { reference, idempotencyKey, chargeReference, amountMinor, currency, state, succeededAt, failureCode } = refund;
  const inserted = await tx.query(
    sql`INSERT INTO provider.refunds (reference, idempotency_key, charge_reference, amount_minor, currency, state, succeeded_at, failure_code,
        answer, settles_at)
      VALUES (${reference}, ${idempotencyKey}, ${chargeReference}, ${amountMinor}, ${currency}, ${state}, ${succeededAt}, ${failureCode},
        ${JSON.stringify(answer)}::jsonb, ${settlesAt(state, settleMs)})
      ON CONFLICT (idempotency_key) DO NOTHING RETURNING reference`,
  );
  return inserted.length > 0;
}

export async function findRefundByKey(
  reader: Reader,
  idempotencyKey: string,
): Promise<(Refund & { answer: WireRefund }) | null> {
  const [found] = await reader.query<Refund & { answer: WireRefund }>(
    sql`SELECT ${columns}, answer FROM provider.refunds WHERE idempotency_key = ${idempotencyKey}`,
  );
  return found ?? null;
}

/** What was given back of a charge, or is about to be. Certain only while the charge is locked. */
export async function sumRefunds(tx: Transaction, chargeReference: string): Promise<bigint> {
  const [sum] = await tx.query<{ refundedMinor: bigint }>(
    sql`SELECT coalesce(sum(amount_minor), 0)::bigint AS "refundedMinor" FROM provider.refunds
      WHERE charge_reference = ${chargeReference} AND state <> 'failed'`,
  );
  return sum!.refundedMinor;
}

/** One whose time has come, locked; null when there is none. */
export async function lockSettlingRefund(tx: Transaction): Promise<Refund | null> {
  const [found] = await tx.query<Refund>(
    sql`SELECT ${columns} FROM provider.refunds WHERE settles_at <= now() ORDER BY settles_at LIMIT 1
      FOR UPDATE SKIP LOCKED`,
  );
  return found ?? null;
}

export async function updateRefund(tx: Transaction, refund: Refund): Promise<void> {
  const { reference, state, succeededAt, failureCode } = refund;
  await tx.query(
    sql`UPDATE provider.refunds SET state = ${state}, succeeded_at = ${succeededAt}, failure_code = ${failureCode}, settles_at = NULL
      WHERE reference = ${reference}`,
  );
}
