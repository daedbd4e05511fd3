import sql from 'sql-template-tag';
import type { Sql } from 'sql-template-tag';

import { newUuid } from '@tributary/kit';
import type { Database, Transaction, WriteTransaction } from '@tributary/kit';

import type { Invoice } from '../invoice/invoice.ts';
import type { StoredToken } from '../payment-method/stored-token.ts';
import type { PaymentChange } from './charge-outcome.ts';
import { paymentColumns } from './payment.repository.ts';
import type { LockedPayment, PaymentMethodType, PaymentState } from './payment.ts';

// Payments as changes need them. The row of the invoice is locked before.

const lockedColumns = sql`${paymentColumns}, p.account_id AS "accountId", p.provider AS "provider",
  p.refund_pending_minor AS "refundPendingMinor", p.sent_at AS "sentAt", p.release_requested AS "releaseRequested"`;

export interface NewPayment {
  state: Extract<PaymentState, 'PROCESSING' | 'SUCCEEDED'>;
  /** Whose method or balance it is made with. */
  accountId: string;
  amountMinor: bigint;
  methodType: PaymentMethodType;
  methodId: string | null;
  provider: string;
}

/** One that is PROCESSING waits to be sent from now on; one that has succeeded is captured in full. */
export async function insertPayment(
  tx: WriteTransaction,
  invoice: Pick<Invoice, 'id' | 'currency'>,
  payment: NewPayment,
): Promise<LockedPayment> {
  const id = newUuid(tx.now);
  const captured = payment.state === 'SUCCEEDED';
  const [inserted] = await tx.query<LockedPayment>(
    sql`INSERT INTO billing.payments AS p (id, invoice_id, account_id, state, currency, amount_minor, captured_minor,
        captured_at, method_type, method_id, provider, provider_idempotency_key, ask_at)
      VALUES (${id}::uuid, ${invoice.id}::uuid, ${payment.accountId}::uuid, ${payment.state}, ${invoice.currency},
        ${payment.amountMinor}, ${captured ? payment.amountMinor : 0n}, ${captured ? tx.now : null}::timestamptz,
        ${payment.methodType}, ${payment.methodId}::uuid, ${payment.provider}, ${`payment-${id}`},
        CASE WHEN ${captured}::boolean THEN NULL ELSE now() END)
      RETURNING ${lockedColumns}`,
  );
  return inserted!;
}

export async function lockPayment(tx: Transaction, id: string): Promise<LockedPayment> {
  const [payment] = await tx.query<LockedPayment>(
    sql`SELECT ${lockedColumns} FROM billing.payments p WHERE p.id = ${id}::uuid FOR UPDATE`,
  );
  return payment!;
}

export const lockPaymentsOf = (tx: Transaction, invoiceId: string): Promise<LockedPayment[]> =>
  tx.query(
    sql`SELECT ${lockedColumns} FROM billing.payments p WHERE p.invoice_id = ${invoiceId}::uuid ORDER BY p.id FOR UPDATE`,
  );

/** What is under way for an invoice and may still be collected. Whoever must act first may never do it. */
export async function pendingMinorOf(tx: Transaction, invoiceId: string): Promise<bigint> {
  const [pending] = await tx.query<{ minor: bigint }>(
    sql`SELECT coalesce(sum(p.amount_minor), 0)::bigint AS "minor" FROM billing.payments p
      WHERE p.invoice_id = ${invoiceId}::uuid AND p.state IN ('PROCESSING', 'AUTHORIZED')`,
  );
  return pending!.minor;
}

export async function findPaymentByKey(tx: Transaction, provider: string, key: string): Promise<string | null> {
  const [payment] = await tx.query<{ id: string }>(
    sql`SELECT p.id FROM billing.payments p WHERE p.provider_idempotency_key = ${key} AND p.provider = ${provider}`,
  );
  return payment?.id ?? null;
}

/** `askInMs`: when the provider is to be asked next; null: never again. */
export async function changePayment(
  tx: Transaction,
  { id, state }: LockedPayment,
  change: PaymentChange,
  { askInMs, releaseRequested }: { askInMs: number | null; releaseRequested: boolean },
): Promise<LockedPayment> {
  // A reference that became known is no change that anybody has to notice.
  const step = state === change.state ? 0 : 1;
  const [changed] = await tx.query<LockedPayment>(
    sql`UPDATE billing.payments p SET state = ${change.state}, provider_reference = ${change.providerReference},
        captured_minor = ${change.capturedMinor}, captured_at = ${change.capturedAt}::timestamptz,
        failure_code = ${change.failureCode}, next_action_url = ${change.nextActionUrl},
        release_requested = ${releaseRequested}::boolean, ask_at = ${askIn(askInMs)}, updated_at = now(),
        version = p.version + ${step}::integer
      WHERE p.id = ${id}::uuid RETURNING ${lockedColumns}`,
  );
  return changed!;
}

/** Charges of an invoice that wait for somebody are not wanted anymore: the provider is told as soon as may be. */
export async function releaseOthers(tx: Transaction, invoiceId: string): Promise<void> {
  // One that was just sent is asked about when its lease ends; only then its reference is known.
  await tx.query(
    sql`UPDATE billing.payments SET release_requested = true,
        ask_at = CASE state WHEN 'PROCESSING' THEN coalesce(ask_at, now()) ELSE now() END
      WHERE invoice_id = ${invoiceId}::uuid AND state IN ('PROCESSING', 'REQUIRES_ACTION', 'AUTHORIZED')`,
  );
}

/** Gives up payments of an invoice that the provider has never heard of. */
export async function cancelUnsent(tx: Transaction, invoiceId: string): Promise<void> {
  await tx.query(
    sql`UPDATE billing.payments SET state = 'CANCELED', ask_at = NULL, updated_at = now(), version = version + 1
      WHERE invoice_id = ${invoiceId}::uuid AND state = 'PROCESSING' AND sent_at IS NULL`,
  );
}

/** Moves amounts between what is asked back and what went back. */
export async function changeRefunded(
  tx: Transaction,
  paymentId: string,
  { pendingMinor, refundedMinor }: { pendingMinor: bigint; refundedMinor: bigint },
): Promise<void> {
  await tx.query(
    sql`UPDATE billing.payments SET refund_pending_minor = refund_pending_minor + ${pendingMinor}::bigint,
        refunded_minor = refunded_minor + ${refundedMinor}::bigint, updated_at = now(), version = version + 1
      WHERE id = ${paymentId}::uuid`,
  );
}

export const askIn = (ms: number | null): Sql =>
  ms === null ? sql`NULL` : sql`now() + ${ms}::integer * interval '1 millisecond'`;

/** A payment that the provider is to be asked about now. */
export interface DuePayment {
  id: string;
  key: string;
  amountMinor: bigint;
  currency: string;
  reference: string | null;
  releaseRequested: boolean;
  /** Whether it may have been sent before. */
  sent: boolean;
  /** Null when the method is gone. */
  token: StoredToken | null;
  takenAt: string;
  leasedUntil: string;
}

/** What is to be taken: what was due at a time, by the clock of the database, as an earlier `takenAt` tells it; left out: now. */
export interface Taking {
  provider: string;
  leaseMs: number;
  limit: number;
  dueBy?: string | null;
}

type DuePaymentRow = Omit<DuePayment, 'token'> & { methodId: string | null } & Pick<StoredToken, 'plain' | 'encrypted'>;

/**
 * Takes payments that are due, and gives whoever took them time to ask; a process that dies meanwhile leaves them to the next one. That a
 * payment is being sent is written before it is sent.
 */
export async function takeDuePayments(
  database: Pick<Database, 'query'>,
  { provider, leaseMs, limit, dueBy = null }: Taking,
): Promise<DuePayment[]> {
  const rows = await database.query<DuePaymentRow>(
    sql`WITH due AS (
        SELECT id, sent_at, method_id FROM billing.payments
        WHERE ask_at <= coalesce(${dueBy}::timestamptz, now()) AND provider = ${provider}
        ORDER BY ask_at LIMIT ${limit} FOR UPDATE SKIP LOCKED)
      UPDATE billing.payments p SET ask_at = ${askIn(leaseMs)}, sent_at = coalesce(p.sent_at, now())
      FROM due LEFT JOIN billing.payment_methods m ON m.id = due.method_id WHERE p.id = due.id
      RETURNING p.id, p.provider_idempotency_key AS "key", p.amount_minor AS "amountMinor", p.currency,
        p.provider_reference AS "reference", p.release_requested AS "releaseRequested", due.sent_at IS NOT NULL AS "sent",
        m.id AS "methodId", m.provider_token_plain AS "plain", m.provider_token_enc AS "encrypted", now()::text AS "takenAt",
        p.ask_at::text AS "leasedUntil"`,
  );
  return rows.map(({ methodId, plain, encrypted, ...payment }) => ({
    ...payment,
    token: methodId === null ? null : { methodId, plain, encrypted },
  }));
}

/** Whoever took something has it until then. */
export type Leased = Pick<DuePayment, 'id' | 'leasedUntil'>;

/** Asks again later, unless the outcome has become known meanwhile, the lease has gone to somebody else, or it is to be asked sooner. */
export async function postponePayment(
  database: Pick<Database, 'query'>,
  { id, leasedUntil }: Leased,
  ms: number,
): Promise<void> {
  await database.query(
    sql`UPDATE billing.payments SET ask_at = ${askIn(ms)} WHERE id = ${id}::uuid AND ask_at = ${leasedUntil}::timestamptz`,
  );
}
