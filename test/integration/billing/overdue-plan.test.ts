import { expect, test } from 'vitest';

import { person, startBillingWorld } from './billing-world.ts';

// The dunning list runs over all invoices of the company; without the index on the open ones it would read every invoice there is.

test('pages of overdue invoices, forward and backward, are read from the index on open invoices, as many rows as asked for', async () => {
  await using world = await startBillingWorld();
  await world.database.query(
    `INSERT INTO billing.billing_accounts (id, owner_type, owner_id, currency)
      SELECT gen_random_uuid(), 'USER', gen_random_uuid(), 'EUR' FROM generate_series(1, 500)`,
  );
  await world.database.query(
    `INSERT INTO billing.invoices (id, number, account_id, customer_id, status, currency, subtotal_minor, tax_minor,
        total_minor, paid_minor, issued_on, due_on, bill_to)
      SELECT gen_random_uuid(), 'bulk-' || id || n, id, owner_id, CASE n % 10 WHEN 0 THEN 'OPEN' ELSE 'PAID' END, 'EUR', 100,
        0, 100, CASE n % 10 WHEN 0 THEN 0 ELSE 100 END, date '2024-01-01', date '2024-01-01' + (random() * 1000)::integer,
        '{"recipient": "Ada", "line1": "1", "city": "Graz", "country": "AT"}'
      FROM generate_series(1, 40) n, billing.billing_accounts`,
  );
  await world.database.query('ANALYZE billing.invoices');
  const ask = async (paging: string) => {
    const { data, sql } = await world.ask<{ invoices: { edges: { cursor: string }[] } }>(
      person('finance'),
      `{ invoices(filter: { overdue: true, statusIn: [OPEN] }, sort: { field: DUE_ON, direction: ASC }, ${paging}) {
        edges { cursor } } }`,
    );
    const [statement] = sql;
    const rows = await world.database.query<{ 'QUERY PLAN': string }>(
      `EXPLAIN (ANALYZE, COSTS OFF, TIMING OFF) ${statement!.text}`,
      statement!.parameters,
    );
    const scans = rows.map((row) => row['QUERY PLAN']).filter((line) => line.includes('Scan'));
    return { cursor: data.invoices.edges[20]?.cursor, scans };
  };
  const { cursor, scans } = await ask('first: 50');
  expect(cursor).toBeDefined();
  for (const each of [
    scans,
    (await ask(`first: 50, after: "${cursor}"`)).scans,
    (await ask(`last: 10, before: "${cursor}"`)).scans,
  ]) {
    expect(each.length).toBeGreaterThan(0);
    for (const scan of each) expect(scan).toMatch(/invoices_open_due .*rows=(51|11|0)\b/);
  }
});
