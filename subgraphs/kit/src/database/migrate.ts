import type pg from 'pg';

// Forward-only migrations. Each runs once, in its own transaction, in list order; a ledger table in the subgraph's own schema
// remembers the names. Two processes that start at once take turns on an advisory lock.

export interface Migration {
  /** Numbered and unique, for example `0001-create-orders`. Never edited once released. */
  name: string;
  sql: string;
}

/** A migration that the database knows and this code does not: the code is older than the database. */
export class UnknownMigrationError extends Error {
  override name = 'UnknownMigrationError';
}

/**
 * Brings `schema` up to date. `client` is connected as the role that owns the schema.
 * Returns the names of the migrations that were applied now. Safe when several processes call it at the same time.
 */
export async function migrate(client: pg.Client, schema: string, migrations: readonly Migration[]): Promise<string[]> {
  // Session-level, so that it spans the transactions below; the key is derived from the schema's name.
  await client.query('SELECT pg_advisory_lock(hashtextextended($1, 0))', [`migrate:${schema}`]);
  try {
    await client.query(
      `CREATE TABLE IF NOT EXISTS ${schema}.migrations (name text PRIMARY KEY, applied_at timestamptz NOT NULL DEFAULT now())`,
    );
    const { rows } = await client.query<{ name: string }>(`SELECT name FROM ${schema}.migrations ORDER BY name`);
    const applied = new Set(rows.map(({ name }) => name));
    const unknown = [...applied].filter((name) => !migrations.some((migration) => migration.name === name));
    if (unknown.length > 0)
      throw new UnknownMigrationError(
        `Schema "${schema}" was migrated by a newer version (${unknown.join(', ')}). Start that version or restore a backup.`,
      );
    const pending = migrations.filter(({ name }) => !applied.has(name));
    for (const migration of pending) await applyMigration(client, schema, migration);
    return pending.map(({ name }) => name);
  } finally {
    // A lost connection has given the lock back already, and its own error is the one worth telling.
    await client
      .query('SELECT pg_advisory_unlock(hashtextextended($1, 0))', [`migrate:${schema}`])
      .catch(() => undefined);
  }
}

async function applyMigration(client: pg.Client, schema: string, { name, sql }: Migration): Promise<void> {
  await client.query('BEGIN');
  try {
    await client.query(sql);
    await client.query(`INSERT INTO ${schema}.migrations (name) VALUES ($1)`, [name]);
    await client.query('COMMIT');
  } catch (error) {
    await client.query('ROLLBACK').catch(() => undefined);
    throw new Error(`Migration ${name} of schema "${schema}" failed.`, { cause: error });
  }
}
