import { beforeAll, expect, test } from 'vitest';

import { testMethods } from '@tributary/app/development/payment-provider/index';
import { personas } from '@tributary/app/seed/index';

import { readToken } from '@tributary/billing/payment-method/stored-token';

import { fieldCipher } from '../../../kit/field-keys.ts';
import { expectBalancedBooks } from '../../../kit/ledger-check.ts';
import { startTestPostgres } from '../../../kit/postgres.ts';
import type { TestDatabase } from '../../../kit/postgres.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await startTestPostgres({ seed: 'demo' });
  return () => database[Symbol.asyncDispose]();
});

const tokenOf = (method: { methodId: string; encrypted: string }) => readToken(fieldCipher, { ...method, plain: null });

test('the books of the seeded company agree', async () => {
  await expectBalancedBooks(database);
});

test('the customer has an account in euros with a saved card that is charged without a word from anybody', async () => {
  const methods = await database.query<{ methodId: string; encrypted: string }>(
    `SELECT a.currency, m.type, m.provider, m.id AS "methodId", m.provider_token_enc AS encrypted FROM billing.payment_methods m
        JOIN billing.billing_accounts a ON a.id = m.account_id JOIN users.users u ON u.id = a.owner_id
        WHERE u.oidc_subject = $1 AND m.is_default`,
    [personas.customer.subject],
  );
  expect(methods).toEqual([expect.objectContaining({ currency: 'EUR', type: 'CARD', provider: 'devpay' })]);
  expect(methods.map(tokenOf)).toEqual(['tok_visa']);
});

test('the customer has further cards, whose brands say what becomes of a payment with them', async () => {
  const methods = await database.query<{ methodId: string; encrypted: string }>(
    `SELECT m.id AS "methodId", m.provider_token_enc AS encrypted, m.brand, m.last4, m.expiry_year > extract(year FROM now()) AS valid
      FROM billing.payment_methods m JOIN billing.billing_accounts a ON a.id = m.account_id JOIN users.users u ON u.id = a.owner_id
      WHERE u.oidc_subject = $1 ORDER BY m.created_at, m.id`,
    [personas.customer.subject],
  );
  const shown = methods.map(({ methodId, encrypted, ...method }) => ({
    ...method,
    charge: testMethods[tokenOf({ methodId, encrypted })]!.charge,
  }));
  expect(shown).toEqual([
    expect.objectContaining({ brand: expect.stringMatching(/^(visa|mastercard)$/) as string, charge: 'done' }),
    { brand: 'visa (declined)', last4: '0002', valid: true, charge: { failureCode: 'card_declined' } },
    { brand: 'visa (asks for 3-D Secure)', last4: '3220', valid: true, charge: 'requiresAction' },
  ]);
});

test('the organization of the buyer has a saved payment method', async () => {
  const methods = await database.query(
    `SELECT m.type FROM billing.payment_methods m JOIN billing.billing_accounts a ON a.id = m.account_id
      JOIN users.memberships s ON s.organization_id = a.owner_id AND s.role = 'OWNER' JOIN users.users u ON u.id = s.user_id
      WHERE u.oidc_subject = $1`,
    [personas.buyer.subject],
  );
  expect(methods).toEqual([{ type: 'CARD' }]);
});

test('refunds name the person of the support desk who asked for them, and their payment', async () => {
  const [refunds] = await database.query<{ all: number; named: number; captured: number }>(
    `SELECT count(*)::int AS all, count(r.requested_by)::int AS named,
        count(*) FILTER (WHERE p.state = 'SUCCEEDED')::int AS captured
      FROM billing.refunds r JOIN billing.payments p ON p.id = r.payment_id`,
  );
  expect(refunds!.all).toBeGreaterThan(20);
  expect(refunds).toEqual({ all: refunds!.all, named: refunds!.all, captured: refunds!.all });
});

test('the next invoice and the next credit note go on where the seed ended', async () => {
  expect(
    await database.query(
      `SELECT s.series, s.next = n.last + 1 AS follows FROM billing.number_series s JOIN (
          SELECT 'INV' AS series, max(substr(number, 5)::bigint) AS last FROM billing.invoices
          UNION ALL SELECT 'CN', max(substr(number, 4)::bigint) FROM billing.credit_notes) n ON n.series = s.series
        ORDER BY 1`,
    ),
  ).toEqual([
    { series: 'CN', follows: true },
    { series: 'INV', follows: true },
  ]);
});
