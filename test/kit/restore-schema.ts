import type { TestDatabase } from './postgres.ts';

/**
 * Copies what the tables of a schema hold and returns a function that puts it back, the audit log and the outbox included. Much cheaper than
 * a database of its own for each test of a file that writes.
 */
export async function saveSchema(database: TestDatabase, schema: string): Promise<() => Promise<void>> {
  const rows = await database.query<{ name: string }>(
    `SELECT relname AS name FROM pg_class WHERE relnamespace = $1::regnamespace AND relkind = 'r' AND relname <> 'migrations'`,
    [schema],
  );
  const tables = rows.map(({ name }) => name);
  await database.query(`CREATE SCHEMA saved_${schema}`);
  for (const table of tables)
    await database.query(`CREATE TABLE saved_${schema}.${table} AS SELECT * FROM ${schema}.${table}`);
  const restore = [
    'BEGIN',
    // Neither keys between the tables nor the guards of append-only ones stand in the way.
    'SET LOCAL session_replication_role = replica',
    `TRUNCATE ${tables.map((table) => `${schema}.${table}`).join(', ')}`,
    ...tables.map(
      (table) => `INSERT INTO ${schema}.${table} OVERRIDING SYSTEM VALUE SELECT * FROM saved_${schema}.${table}`,
    ),
    'COMMIT',
  ].join('; ');
  return async () => void (await database.query(restore));
}
