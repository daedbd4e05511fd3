import type pg from 'pg';

// The demo company has been in business before its provider was. Without this the provider would know nothing of the charges that its
// payments name, and nobody could get such a payment back.

const ISO_TIME = `'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'`;
const isoTime = (column: string) => `to_char(${column} AT TIME ZONE 'UTC', ${ISO_TIME})`;

// What they were paid with is not known anymore: they behave like those of a good card.
const ADOPT_CHARGES = `
INSERT INTO provider.charges (reference, idempotency_key, amount_minor, currency, method_token, capture, state, captured_minor, captured_at,
  failure_code, answer, created_at)
SELECT p.provider_reference, p.provider_idempotency_key, p.amount_minor, p.currency, 'unknown', true, s.charge, p.captured_minor,
  p.captured_at, p.failure_code, jsonb_build_object('reference', p.provider_reference, 'idempotencyKey', p.provider_idempotency_key,
    'state', s.charge, 'amountMinor', p.amount_minor::text, 'currency', p.currency, 'capturedMinor', p.captured_minor::text,
    'capturedAt', ${isoTime('p.captured_at')}, 'actionUrl', p.next_action_url, 'failureCode', p.failure_code), p.created_at
FROM billing.payments p JOIN (VALUES ('SUCCEEDED', 'captured'), ('AUTHORIZED', 'authorized'), ('REQUIRES_ACTION', 'requiresAction'),
  ('FAILED', 'failed'), ('CANCELED', 'released')) AS s (payment, charge) ON s.payment = p.state
WHERE p.provider = $1 AND p.provider_reference IS NOT NULL`;

const ADOPT_REFUNDS = `
INSERT INTO provider.refunds (reference, idempotency_key, charge_reference, amount_minor, currency, state, succeeded_at, failure_code, answer,
  created_at)
SELECT r.provider_reference, r.provider_idempotency_key, c.reference, r.amount_minor, r.currency, s.refund, t.succeeded_at, r.failure_code,
  jsonb_build_object('reference', r.provider_reference, 'idempotencyKey', r.provider_idempotency_key, 'chargeReference', c.reference,
    'state', s.refund, 'amountMinor', r.amount_minor::text, 'currency', r.currency, 'succeededAt', ${isoTime('t.succeeded_at')},
    'failureCode', r.failure_code), r.created_at
FROM billing.refunds r JOIN billing.payments p ON p.id = r.payment_id
  JOIN provider.charges c ON c.idempotency_key = p.provider_idempotency_key
  JOIN (VALUES ('SUCCEEDED', 'succeeded'), ('FAILED', 'failed')) AS s (status, refund) ON s.status = r.status,
  LATERAL (SELECT CASE s.refund WHEN 'succeeded' THEN r.updated_at END AS succeeded_at) t
WHERE p.provider = $1 AND r.destination = 'ORIGINAL_METHOD' AND r.provider_reference IS NOT NULL`;

/**
 * Tells the development provider of what a freshly seeded company paid with it and got back. Does nothing where there is no such provider.
 * The client's role reads billing and writes here.
 */
export async function adoptPayments(client: pg.Client, provider: string): Promise<void> {
  const { rows } = await client.query<{ exists: boolean }>(
    `SELECT EXISTS (SELECT FROM pg_namespace WHERE nspname = 'provider') AS exists`,
  );
  if (!rows[0]!.exists) return;
  await client.query(ADOPT_CHARGES, [provider]);
  await client.query(ADOPT_REFUNDS, [provider]);
}
