import sql from 'sql-template-tag';

import { columnsOf, newUuid } from '@tributary/kit';
import type { Database, Transaction, WriteTransaction } from '@tributary/kit';

import { askIn } from '../payment/payment-writes.repository.ts';
import type { Leased, Taking } from '../payment/payment-writes.repository.ts';
import { refundEntity } from './refund.entity.ts';
import type { Refund, RefundDestination } from './refund.ts';

// Refunds as changes need them. The rows of invoice and payment are locked before.

const refundColumns = columnsOf(refundEntity, 'r');

export interface NewRefund {
  paymentId: string;
  currency: string;
  amountMinor: bigint;
  destination: RefundDestination;
  reason: string;
}

/** Waits to be sent from now on; one to the balance is written as done by `closeRefund` in the same transaction. */
export async function insertRefund(tx: WriteTransaction, refund: NewRefund): Promise<Refund> {
  const id = newUuid(tx.now);
  const [inserted] = await tx.query<Refund>(
    sql`INSERT INTO billing.refunds AS r (id, payment_id, status, currency, amount_minor, destination, reason, requested_by,
        provider_idempotency_key, ask_at)
      VALUES (${id}::uuid, ${refund.paymentId}::uuid, 'PROCESSING', ${refund.currency}, ${refund.amountMinor},
        ${refund.destination}, ${refund.reason}, ${tx.actor.type === 'user' ? tx.actor.id : null}::uuid, ${`refund-${id}`}, now())
      RETURNING ${refundColumns}`,
  );
  return inserted!;
}

export async function lockRefund(tx: Transaction, id: string): Promise<Refund> {
  const [refund] = await tx.query<Refund>(
    sql`SELECT ${refundColumns} FROM billing.refunds r WHERE r.id = ${id}::uuid FOR UPDATE`,
  );
  return refund!;
}

export async function findPaymentOfRefund(tx: Transaction, id: string): Promise<string> {
  const [refund] = await tx.query<{ paymentId: string }>(
    sql`SELECT r.payment_id AS "paymentId" FROM billing.refunds r WHERE r.id = ${id}::uuid`,
  );
  return refund!.paymentId;
}

export async function findRefundByKey(tx: Transaction, key: string): Promise<string | null> {
  const [refund] = await tx.query<{ id: string }>(
    sql`SELECT r.id FROM billing.refunds r WHERE r.provider_idempotency_key = ${key}`,
  );
  return refund?.id ?? null;
}

/** Its outcome is known: it is never asked for again. */
export async function closeRefund(
  tx: Transaction,
  { id }: Refund,
  {
    status,
    reference,
    failureCode,
  }: { status: 'SUCCEEDED' | 'FAILED'; reference: string | null; failureCode: string | null },
): Promise<Refund> {
  const [closed] = await tx.query<Refund>(
    sql`UPDATE billing.refunds r SET status = ${status}, provider_reference = ${reference}, failure_code = ${failureCode},
        ask_at = NULL, updated_at = now(), version = r.version + 1
      WHERE r.id = ${id}::uuid RETURNING ${refundColumns}`,
  );
  return closed!;
}

/** A refund that the provider is to be asked about now. */
export interface DueRefund {
  id: string;
  key: string;
  amountMinor: bigint;
  currency: string;
  chargeReference: string;
  /** Whether it may have been sent before. */
  sent: boolean;
  takenAt: string;
  leasedUntil: string;
}

/** As `takeDuePayments`. */
export const takeDueRefunds = (
  database: Pick<Database, 'query'>,
  { provider, leaseMs, limit, dueBy = null }: Taking,
): Promise<DueRefund[]> =>
  database.query(
    sql`WITH due AS (
        SELECT r.id, r.sent_at, p.provider_reference FROM billing.refunds r JOIN billing.payments p ON p.id = r.payment_id
        WHERE r.ask_at <= coalesce(${dueBy}::timestamptz, now()) AND p.provider = ${provider}
        ORDER BY r.ask_at LIMIT ${limit} FOR UPDATE OF r SKIP LOCKED)
      UPDATE billing.refunds r SET ask_at = ${askIn(leaseMs)}, sent_at = coalesce(r.sent_at, now())
      FROM due WHERE r.id = due.id
      RETURNING r.id, r.provider_idempotency_key AS "key", r.amount_minor AS "amountMinor", r.currency,
        due.provider_reference AS "chargeReference", due.sent_at IS NOT NULL AS "sent",
        now()::text AS "takenAt", r.ask_at::text AS "leasedUntil"`,
  );

/** As `postponePayment`. */
export async function postponeRefund(
  database: Pick<Database, 'query'>,
  { id, leasedUntil }: Leased,
  ms: number,
): Promise<void> {
  await database.query(
    sql`UPDATE billing.refunds SET ask_at = ${askIn(ms)} WHERE id = ${id}::uuid AND ask_at = ${leasedUntil}::timestamptz`,
  );
}
