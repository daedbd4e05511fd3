import { randomUUID } from 'node:crypto';

import { afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest';

import { startTestPostgres } from '../../../kit/postgres.ts';
import type { TestDatabase } from '../../../kit/postgres.ts';
import { ACCOUNT, addAccount, connectAsApp } from './connect-as-app.ts';
import type { AppConnection } from './connect-as-app.ts';

let database: TestDatabase;
let app: AppConnection;
let invoice: string;
let line: string;
beforeAll(async () => {
  database = await startTestPostgres();
  await using setup = await connectAsApp(database);
  await addAccount(setup);
  return () => database[Symbol.asyncDispose]();
});
beforeEach(async () => {
  app = await connectAsApp(database);
  invoice = await addDraft();
  line = await addLine(1);
});
afterEach(() => app[Symbol.asyncDispose]());

async function addDraft(): Promise<string> {
  const id = randomUUID();
  await app.run(
    `INSERT INTO billing.invoices (id, account_id, customer_id, order_id, order_number, status, currency, subtotal_minor, tax_minor, total_minor)
    VALUES ($1, $2, $2, $1, 'T1', 'DRAFT', 'EUR', 100, 19, 119)`,
    id,
    ACCOUNT,
  );
  return id;
}

async function addLine(position: number): Promise<string> {
  const id = randomUUID();
  await app.run(
    `INSERT INTO billing.invoice_lines (id, invoice_id, position, description, quantity, unit_price_minor, tax_minor, total_minor)
    VALUES ($1, $2, $3, 'Lamp', 1, 100, 19, 119)`,
    id,
    invoice,
    position,
  );
  return id;
}

const addTax = (position: number) =>
  app.run(`INSERT INTO billing.invoice_line_taxes VALUES ($1, $2, 'VAT', 0.19, 'DE', 19)`, line, position);

const finalize = (connection = app) =>
  connection.run(
    `UPDATE billing.invoices SET status = 'OPEN', number = 'T-' || id, issued_on = '2026-11-01', due_on = '2026-11-15',
    bill_to = '{"recipient":"Ada","line1":"Weg 1","city":"Graz","country":"AT"}' WHERE id = $1`,
    invoice,
  );

const FROZEN = { code: '23001', message: expect.stringMatching(/is finalized and .*cannot be/) as string };

test('a draft may change and go, with its lines', async () => {
  await addTax(1);
  await app.run('UPDATE billing.invoices SET subtotal_minor = 200, total_minor = 219 WHERE id = $1', invoice);
  await app.run(`UPDATE billing.invoice_lines SET description = 'Big lamp' WHERE id = $1`, line);
  await app.run('DELETE FROM billing.invoice_line_taxes WHERE invoice_line_id = $1', line);
  await app.run('DELETE FROM billing.invoice_lines WHERE id = $1', line);
  await database.query('DELETE FROM billing.invoices WHERE id = $1', [invoice]);
});

test.each([
  `number = 'T-other'`,
  'account_id = gen_random_uuid()',
  'customer_id = gen_random_uuid()',
  'organization_id = gen_random_uuid()',
  'partner_organization_id = gen_random_uuid()',
  `order_id = gen_random_uuid()`,
  `order_number = 'T2'`,
  `currency = 'USD'`,
  'subtotal_minor = 1, total_minor = 20',
  'tax_minor = 20, total_minor = 120',
  `issued_on = '2026-10-31'`,
  `due_on = '2027-01-01'`,
  `bill_to = bill_to || '{"city":"Wien"}'`,
  `created_at = now() - interval '1 day'`,
  `status = 'DRAFT', number = NULL, issued_on = NULL, due_on = NULL, bill_to = NULL`,
])('a finalized invoice refuses: SET %s', async (change) => {
  await finalize();
  await expect(app.run(`UPDATE billing.invoices SET ${change} WHERE id = $1`, invoice)).rejects.toMatchObject(FROZEN);
});

test('what happens to a finalized invoice afterwards is written', async () => {
  await finalize();
  await app.run('UPDATE billing.invoices SET reminder_count = 1, authorized_minor = 119 WHERE id = $1', invoice);
  await app.run(
    `UPDATE billing.invoices SET paid_minor = 119, status = 'PAID', version = version + 1 WHERE id = $1`,
    invoice,
  );
  await app.run('UPDATE billing.invoices SET credited_minor = 19, refunded_minor = 19 WHERE id = $1', invoice);
  expect(await database.query('SELECT due_minor::int AS due FROM billing.invoices WHERE id = $1', [invoice])).toEqual([
    { due: 0 },
  ]);
});

test('a finalized invoice cannot be deleted, not even by its owner', async () => {
  await finalize();
  await expect(database.query('DELETE FROM billing.invoices WHERE id = $1', [invoice])).rejects.toMatchObject(FROZEN);
});

test('lines and taxes of a finalized invoice cannot be added, changed or deleted', async () => {
  await addTax(1);
  await finalize();
  const refused = [
    () => addLine(2),
    () => app.run('UPDATE billing.invoice_lines SET quantity = 1 WHERE id = $1', line),
    () => app.run('DELETE FROM billing.invoice_lines WHERE id = $1', line),
    () => addTax(2),
    () => app.run('UPDATE billing.invoice_line_taxes SET amount_minor = 1 WHERE invoice_line_id = $1', line),
    () => app.run('DELETE FROM billing.invoice_line_taxes WHERE invoice_line_id = $1', line),
  ];
  for (const attempt of refused) await expect(attempt()).rejects.toMatchObject(FROZEN);
});

test('a line cannot move out of or into a finalized invoice', async () => {
  await finalize();
  const finalized = invoice;
  const frozenLine = line;
  invoice = await addDraft();
  const draftLine = await addLine(7);
  const move = (id: string, to: string) =>
    app.run('UPDATE billing.invoice_lines SET invoice_id = $2 WHERE id = $1', id, to);
  await expect(move(frozenLine, invoice)).rejects.toMatchObject(FROZEN);
  await expect(move(draftLine, finalized)).rejects.toMatchObject(FROZEN);
});

test('a line added while a rival finalizes waits, and is refused when the rival commits', async () => {
  await using rival = await connectAsApp(database);
  await rival.run('BEGIN');
  await finalize(rival);
  const adding = expect(addLine(2)).rejects.toMatchObject(FROZEN);
  const waiting = `SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`;
  await vi.waitUntil(async () => (await database.query(waiting)).length > 0);
  await rival.run('COMMIT');
  await adding;
});

test('an order has one invoice that is not void', async () => {
  const second = app.run(
    `INSERT INTO billing.invoices (id, account_id, customer_id, order_id, order_number, status, currency, subtotal_minor, tax_minor, total_minor)
    VALUES (gen_random_uuid(), $2, $2, $1, 'T1', 'DRAFT', 'EUR', 1, 0, 1)`,
    invoice,
    ACCOUNT,
  );
  await expect(second).rejects.toMatchObject({ code: '23505', constraint: 'invoices_order_key' });
});
