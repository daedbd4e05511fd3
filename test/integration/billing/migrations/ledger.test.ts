import { randomUUID } from 'node:crypto';

import { afterEach, beforeAll, beforeEach, expect, test } from 'vitest';

import { startTestPostgres } from '../../../kit/postgres.ts';
import type { TestDatabase } from '../../../kit/postgres.ts';
import { ACCOUNT, addAccount, connectAsApp } from './connect-as-app.ts';
import type { AppConnection } from './connect-as-app.ts';

let database: TestDatabase;
let app: AppConnection;
beforeAll(async () => {
  database = await startTestPostgres();
  await using setup = await connectAsApp(database);
  await addAccount(setup);
  return () => database[Symbol.asyncDispose]();
});
beforeEach(async () => {
  app = await connectAsApp(database);
});
afterEach(() => app[Symbol.asyncDispose]());

type Entry = readonly [account: string, side: 'DEBIT' | 'CREDIT', amountMinor: number, currency?: string];

async function addTransaction(id: string, facts: { sourceId?: string; reversesId?: string } = {}): Promise<void> {
  await app.run(
    `INSERT INTO billing.ledger_transactions (id, kind, source_type, source_id, reverses_id, posted_at)
    VALUES ($1, 'test', 'Invoice', $2, $3, now())`,
    id,
    facts.sourceId ?? randomUUID(),
    facts.reversesId ?? null,
  );
}

async function addEntries(id: string, entries: readonly Entry[], firstLine = 1): Promise<void> {
  for (const [index, [account, side, amountMinor, currency = 'EUR']] of entries.entries())
    await app.run(
      'INSERT INTO billing.ledger_entries VALUES ($1, $2, $3, $4, $5, $6, $7)',
      id,
      firstLine + index,
      account,
      account.startsWith('2100') ? ACCOUNT : null,
      side,
      amountMinor,
      currency,
    );
}

async function post(entries: readonly Entry[], facts: Parameters<typeof addTransaction>[1] = {}): Promise<string> {
  const id = randomUUID();
  await app.run('BEGIN');
  await addTransaction(id, facts);
  await addEntries(id, entries);
  await app.run('COMMIT');
  return id;
}

const SALE: readonly Entry[] = [
  ['1200-receivables', 'DEBIT', 119],
  ['4000-revenue', 'CREDIT', 100],
  ['2200-tax', 'CREDIT', 19],
];
const GOODWILL: readonly Entry[] = [
  ['6300-goodwill', 'DEBIT', 500],
  ['2100-customer-balances', 'CREDIT', 500],
];

const entriesOf = (id: string) =>
  database.query('SELECT line_no FROM billing.ledger_entries WHERE transaction_id = $1', [id]);

test('a balanced transaction is posted', async () => {
  expect(await entriesOf(await post(SALE))).toHaveLength(3);
  expect(await entriesOf(await post(GOODWILL))).toHaveLength(2);
});

test('an unbalanced transaction passes every statement and fails at COMMIT', async () => {
  const id = randomUUID();
  await app.run('BEGIN');
  await addTransaction(id);
  await addEntries(id, [
    ['1200-receivables', 'DEBIT', 119],
    ['4000-revenue', 'CREDIT', 118],
  ]);
  await expect(app.run('COMMIT')).rejects.toMatchObject({
    code: '23514',
    message: `ledger transaction ${id} is out of balance by 1 minor units of EUR`,
  });
  expect(await entriesOf(id)).toEqual([]);
});

test('sides balance in each currency by itself', async () => {
  const mixed = post([
    ['1200-receivables', 'DEBIT', 100, 'EUR'],
    ['4000-revenue', 'CREDIT', 100, 'USD'],
  ]);
  await expect(mixed).rejects.toMatchObject({ code: '23514' });
});

test('a transaction without entries fails at COMMIT', async () => {
  await expect(post([])).rejects.toMatchObject({
    code: '23514',
    message: expect.stringContaining('has no entries') as string,
  });
});

test('a single entry cannot be slipped into a transaction that was committed before', async () => {
  const id = await post(SALE);
  await expect(addEntries(id, [['1000-bank', 'DEBIT', 1]], 4)).rejects.toMatchObject({ code: '23514' });
  expect(await entriesOf(id)).toHaveLength(3);
});

test('amounts are positive', async () => {
  const negative = post([
    ['1200-receivables', 'DEBIT', -5],
    ['4000-revenue', 'CREDIT', -5],
  ]);
  await expect(negative).rejects.toMatchObject({ code: '23514', constraint: 'ledger_entries_amount_minor_check' });
});

test('the same business fact posts once', async () => {
  const sourceId = randomUUID();
  await post(SALE, { sourceId });
  await expect(post(SALE, { sourceId })).rejects.toMatchObject({ code: '23505' });
});

test('a transaction is reversed once', async () => {
  const reversesId = await post(SALE);
  await post(SALE, { reversesId });
  await expect(post(SALE, { reversesId })).rejects.toMatchObject({ code: '23505' });
});

const CHANGES = ['ledger_transactions', 'ledger_entries'].flatMap((table) => [
  [`UPDATE billing.${table} SET ${table === 'ledger_entries' ? 'amount_minor = 1' : 'posted_at = now()'}`],
  [`DELETE FROM billing.${table}`],
  [`TRUNCATE billing.${table} CASCADE`],
]);

test.each(CHANGES)('the role of the subgraph may not: %s', async (statement) => {
  await expect(app.run(statement)).rejects.toMatchObject({ code: '42501' });
});

test.each(CHANGES)('nobody else may either: %s', async (statement) => {
  await post(SALE);
  await expect(database.query(statement)).rejects.toMatchObject({
    code: '23001',
    message: expect.stringContaining('the ledger is append-only') as string,
  });
});

test('the accounts of the ledger are given, not made by the subgraph', async () => {
  await expect(app.run(`INSERT INTO billing.ledger_accounts VALUES ('9999-own', 'ASSET')`)).rejects.toMatchObject({
    code: '42501',
  });
});
