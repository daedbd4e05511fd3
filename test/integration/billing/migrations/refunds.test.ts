import { randomUUID } from 'node:crypto';

import { beforeAll, describe, expect, test } from 'vitest';

import { insertFixture, objects, people } from '../../../kit/fixture.ts';
import { startTestPostgres } from '../../../kit/postgres.ts';
import type { TestDatabase } from '../../../kit/postgres.ts';
import { connectAsApp } from './connect-as-app.ts';
import type { AppConnection } from './connect-as-app.ts';

let database: TestDatabase;
let app: AppConnection;
beforeAll(async () => {
  database = await startTestPostgres();
  await insertFixture(database.client);
  app = await connectAsApp(database);
  return async () => {
    await app[Symbol.asyncDispose]();
    await database[Symbol.asyncDispose]();
  };
});

function insert(table: string, row: Record<string, unknown>): Promise<unknown> {
  const columns = Object.keys(row);
  const values = columns.map((_, index) => `$${index + 1}`).join(', ');
  return app.run(`INSERT INTO billing.${table} (${columns.join(', ')}) VALUES (${values})`, ...Object.values(row));
}

describe('a refund', () => {
  const refund = (changes: Record<string, unknown> = {}) =>
    insert('refunds', {
      id: randomUUID(),
      payment_id: objects.Payment,
      status: 'PROCESSING',
      currency: 'EUR',
      amount_minor: 1,
      destination: 'ORIGINAL_METHOD',
      reason: 'a test',
      provider_idempotency_key: randomUUID(),
      ...changes,
    });

  test.each([
    [
      'is not approved by whoever asked for it',
      { requested_by: people.support, approved_by: people.support },
      'refunds_approval_check',
    ],
    ['has a reason when it failed', { status: 'FAILED' }, 'refunds_failure_check'],
    ['has no reason when it did not', { failure_code: 'x' }, 'refunds_failure_check'],
    ['is not asked about when it has ended', { status: 'SUCCEEDED', ask_at: new Date() }, 'refunds_ask_check'],
    ['is of an amount', { amount_minor: 0 }, 'refunds_amount_minor_check'],
  ])('%s', async (_, changes, constraint) => {
    await expect(refund(changes)).rejects.toThrow(constraint);
  });

  test('is one under its key', async () => {
    const key = randomUUID();
    await refund({ provider_idempotency_key: key });
    await expect(refund({ provider_idempotency_key: key })).rejects.toThrow('refunds_provider_idempotency_key_key');
  });
});

describe('a saved payment method', () => {
  const method = (changes: Record<string, unknown> = {}) =>
    insert('payment_methods', {
      id: randomUUID(),
      account_id: objects.BillingAccount,
      type: 'CARD',
      provider: 'test',
      provider_token_plain: 'tok',
      ...changes,
    });

  test.each([
    ['is the only default of its account', { is_default: true }, 'payment_methods_default'],
    ['has four last digits', { last4: '12' }, 'payment_methods_last4_check'],
    ['expires in a month of a year', { expiry_month: 3 }, 'payment_methods_expiry_check'],
  ])('%s', async (_, changes, constraint) => {
    await expect(method(changes)).rejects.toThrow(constraint);
  });
});

test('a credit note is neither changed nor removed', async () => {
  await expect(app.run('DELETE FROM billing.credit_notes')).rejects.toThrow('permission denied');
  await expect(app.run('UPDATE billing.credit_notes SET total_minor = 1')).rejects.toThrow('permission denied');
});

test.each([
  ['https://bank.example.com/confirm', true],
  ['http://127.0.0.1:4004/actions/1', true],
  ['http://localhost:4004/actions/1', true],
  ['http://[::1]:4004/actions/1', true],
  ['http://[::1]/actions/1', true],
  ['http://bank.example.com/confirm', false],
  ['http://127.0.0.1.example.com/', false],
  ['http://[::1].example.com/', false],
  ['http://[::2]:4004/actions/1', false],
  ['http://::1/actions/1', false],
  ['http://[::1', false],
  ['javascript:alert(1)', false],
])('a payer may be sent to %s: %s', async (url, allowed) => {
  const change = app.run(`UPDATE billing.payments SET next_action_url = $1 WHERE state = 'REQUIRES_ACTION'`, url);
  if (allowed) await change;
  else await expect(change).rejects.toThrow('payments_next_action_url_check');
});
