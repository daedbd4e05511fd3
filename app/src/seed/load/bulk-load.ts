import type pg from 'pg';

import { SCHEMAS, schemaOf, tableNames } from './tables.ts';

// Indexes, keys and triggers are taken off for the load and put back before COMMIT: building an index once is several times faster
// than keeping it up to date row by row, and checking five million ledger entries one by one at COMMIT would take longer than
// loading them. Check constraints stay. DDL is transactional, so a load that breaks off leaves everything as it was.

export interface BulkLoad {
  /** Puts everything back and checks what the triggers would have checked. Calls `onStep` after each object. */
  finish(onStep?: (done: number, total: number) => void): Promise<void>;
}

interface Restorable {
  owner: string;
  drop: string;
  create: string;
}

// Enough for a sort of a million keys in memory, little enough for a laptop.
const INDEX_MEMORY = '128MB';

const PLAIN_INDEXES = `
SELECT n.nspname || '_owner' AS owner, format('DROP INDEX %I.%I', n.nspname, i.relname) AS drop,
  pg_get_indexdef(i.oid) AS create
FROM pg_index x JOIN pg_class i ON i.oid = x.indexrelid JOIN pg_namespace n ON n.oid = i.relnamespace
WHERE x.indrelid = ANY ($1::regclass[]) AND NOT EXISTS (SELECT FROM pg_constraint c WHERE c.conindid = i.oid)
ORDER BY i.oid`;

const KEYS = `
SELECT n.nspname || '_owner' AS owner,
  format('ALTER TABLE %s DROP CONSTRAINT %I', c.conrelid::regclass, c.conname) AS drop,
  format('ALTER TABLE %s ADD CONSTRAINT %I %s', c.conrelid::regclass, c.conname, pg_get_constraintdef(c.oid)) AS create
FROM pg_constraint c JOIN pg_namespace n ON n.oid = c.connamespace
WHERE c.conrelid = ANY ($1::regclass[]) AND c.contype::text = ANY ($2)
ORDER BY c.oid`;

const UNBALANCED = `
SELECT transaction_id FROM billing.ledger_entries GROUP BY transaction_id, currency
HAVING sum(CASE side WHEN 'DEBIT' THEN amount_minor ELSE -amount_minor END) <> 0 LIMIT 1`;

/** Prepares the empty tables of the seed, inside the caller's transaction. The caller holds exclusive locks on them. */
export async function startBulkLoad(client: pg.Client): Promise<BulkLoad> {
  const { rows: keys } = await client.query<Restorable>(KEYS, [tableNames, ['p', 'u']]);
  const { rows: indexes } = await client.query<Restorable>(PLAIN_INDEXES, [tableNames]);
  const { rows: foreignKeys } = await client.query<Restorable>(KEYS, [tableNames, ['f']]);
  // A foreign key rests on the key of the other table: it goes first and comes back last.
  const restorables = [...keys, ...indexes, ...foreignKeys];
  for (const { owner, drop } of restorables.toReversed()) await runAs(client, owner, drop);
  for (const table of tableNames) {
    const owner = `${schemaOf(table)}_owner`;
    await runAs(client, owner, `ALTER TABLE ${table} DISABLE TRIGGER USER`);
    // Empty already; a fresh file is what allows COPY to freeze.
    await runAs(client, owner, `TRUNCATE ${table}`);
  }
  return {
    async finish(onStep) {
      await client.query(`SET LOCAL maintenance_work_mem = '${INDEX_MEMORY}'`);
      for (const [index, { owner, create }] of restorables.entries()) {
        await runAs(client, owner, create);
        onStep?.(index + 1, restorables.length);
      }
      for (const table of tableNames)
        await runAs(client, `${schemaOf(table)}_owner`, `ALTER TABLE ${table} ENABLE TRIGGER USER`);
      await client.query('SET LOCAL ROLE billing_owner');
      const { rows } = await client.query<{ transaction_id: string }>(UNBALANCED);
      if (rows[0]) throw new Error(`Ledger transaction ${rows[0].transaction_id} is out of balance.`);
      // Without statistics the first queries would be planned for empty tables.
      for (const schema of SCHEMAS)
        await runAs(
          client,
          `${schema}_owner`,
          `ANALYZE ${tableNames.filter((table) => schemaOf(table) === schema).join(', ')}`,
        );
    },
  };
}

async function runAs(client: pg.Client, owner: string, statement: string): Promise<void> {
  await client.query(`SET LOCAL ROLE ${owner}`);
  await client.query(statement);
}
