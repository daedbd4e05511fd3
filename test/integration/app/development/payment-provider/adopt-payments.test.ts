import { randomUUID } from 'node:crypto';

import { afterAll, beforeAll, expect, test } from 'vitest';

import { adoptPayments } from '@tributary/app/development/payment-provider/adopt-payments';
import { DEVELOPMENT_PROVIDER } from '@tributary/app/development/payment-provider/index';
import type { DevelopmentProviderServer } from '@tributary/app/development/payment-provider/index';

import { startTestPostgres } from '../../../../kit/postgres.ts';
import type { TestDatabase } from '../../../../kit/postgres.ts';
import { adapterFor, providerConfig, startProvider, startShop } from './provider-world.ts';
import type { Shop } from './provider-world.ts';

let database: TestDatabase;
let shop: Shop;
let server: DevelopmentProviderServer;
beforeAll(async () => {
  database = await startTestPostgres({ seed: 'demo' });
  shop = await startShop();
  server = await startProvider(providerConfig(database, shop));
});
afterAll(async () => {
  await server.stop();
  await shop[Symbol.asyncDispose]();
  await database[Symbol.asyncDispose]();
});

interface SeededPayment {
  key: string;
  reference: string;
  state: string;
  currency: string;
  captured: string;
  refunded: string;
  captured_at: Date | null;
  failure_code: string | null;
}

const seededPayments = (where: string) =>
  database.query<SeededPayment>(
    `SELECT p.provider_idempotency_key AS key, p.provider_reference AS reference, p.state, p.currency, p.captured_minor AS captured,
        p.captured_at, p.failure_code, (SELECT coalesce(sum(r.amount_minor), 0) FROM billing.refunds r
          WHERE r.payment_id = p.id AND r.status = 'SUCCEEDED' AND r.destination = 'ORIGINAL_METHOD') AS refunded
      FROM billing.payments p WHERE p.provider = 'devpay' AND ${where} ORDER BY p.id`,
  );

test('the provider knows every charge that the demo company has a reference of, and no other', async () => {
  const [counts] = await database.query<{ charges: string; payments: string; differing: string }>(
    `SELECT (SELECT count(*) FROM provider.charges) AS charges, count(*) AS payments,
        count(*) FILTER (WHERE c.captured_minor <> p.captured_minor OR c.reference <> p.provider_reference OR c.reference IS NULL) AS differing
      FROM billing.payments p LEFT JOIN provider.charges c ON c.idempotency_key = p.provider_idempotency_key
      WHERE p.provider = 'devpay' AND p.provider_reference IS NOT NULL`,
  );
  expect(Number(counts!.payments)).toBeGreaterThan(100);
  expect(counts).toEqual({ charges: counts!.payments, payments: counts!.payments, differing: '0' });
});

test('it tells of them as of any other', async () => {
  const provider = adapterFor(server.url);
  const [captured] = await seededPayments(`p.state = 'SUCCEEDED'`);
  expect(await provider.findCharge(captured!.key)).toEqual({
    state: 'captured',
    reference: captured!.reference,
    capturedMinor: BigInt(captured!.captured),
    capturedAt: captured!.captured_at,
  });
  const [failed] = await seededPayments(`p.state = 'FAILED'`);
  expect(await provider.findCharge(failed!.key)).toEqual({
    state: 'failed',
    reference: failed!.reference,
    failureCode: failed!.failure_code,
  });
  const [unknown] = await seededPayments(`p.state = 'PROCESSING'`);
  expect(await provider.findCharge(unknown!.key)).toBeNull();
});

test('it gives back what is left of them, and knows what it gave back before', async () => {
  const provider = adapterFor(server.url);
  const [partly] = await seededPayments(`p.state = 'SUCCEEDED' AND p.refunded_minor BETWEEN 1 AND p.captured_minor - 1
    AND EXISTS (SELECT FROM billing.refunds r WHERE r.payment_id = p.id AND r.provider_reference IS NOT NULL)`);
  const left = BigInt(partly!.captured) - BigInt(partly!.refunded);
  const refund = { chargeReference: partly!.reference, currency: partly!.currency };
  await expect(
    provider.refund({ ...refund, idempotencyKey: randomUUID(), amountMinor: left + 1n }),
  ).rejects.toMatchObject({ code: 'NOT_POSSIBLE' });
  expect(await provider.refund({ ...refund, idempotencyKey: randomUUID(), amountMinor: left })).toMatchObject({
    state: 'succeeded',
  });
});

test('an administrator who is no superuser, but acts as the owners, may adopt', async () => {
  const { client } = database;
  const before = await database.query('SELECT reference FROM provider.charges ORDER BY reference');
  await client.query('BEGIN');
  await client.query('TRUNCATE provider.refunds, provider.charges');
  await client.query(
    'CREATE ROLE adopting_administrator; GRANT billing_owner, provider_owner TO adopting_administrator',
  );
  await client.query('SET LOCAL ROLE adopting_administrator');
  await adoptPayments(client, DEVELOPMENT_PROVIDER);
  expect(await database.query('SELECT reference FROM provider.charges ORDER BY reference')).toEqual(before);
  await client.query('ROLLBACK');
});
