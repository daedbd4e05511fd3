import { randomBytes } from 'node:crypto';

import pg from 'pg';
import { inject } from 'vitest';

import { appRole } from '@tributary/app/bootstrap/index';
import { seed } from '@tributary/app/seed/index';

import { FIELD_KEYS } from './field-keys.ts';
import { appPassword, SCHEMAS, TEMPLATE_DATABASE } from './test-database.ts';
import type { SchemaName } from './test-database.ts';

// A database of its own for each test file, cloned from the migrated template, or from one that also holds a seed. Seeded templates
// are made by the first file that asks for one; the others wait.

export interface TestDatabase extends AsyncDisposable {
  adminUrl: string;
  /** URL per schema, with the role it is used as. */
  urls: Readonly<Record<SchemaName, string>>;
  /** Runs a statement as administrator. */
  query<Row extends pg.QueryResultRow>(text: string, values?: readonly unknown[]): Promise<Row[]>;
  /** A connected administrator; the database is dropped with it. */
  client: pg.Client;
}

export type TestSeed = 'none' | 'demo' | 'medium';

const SEED_LOCK = 7_402_118;

export async function startTestPostgres({ seed: size = 'none' }: { seed?: TestSeed } = {}): Promise<TestDatabase> {
  const name = `test_${randomBytes(8).toString('hex')}`;
  const template = size === 'none' ? TEMPLATE_DATABASE : await seededTemplate(size);
  await withClient(inject('adminUrl'), 'postgres', (client) =>
    client.query(`CREATE DATABASE ${name} TEMPLATE ${template}`),
  );

  const adminUrl = databaseUrl(inject('adminUrl'), name);
  const client = new pg.Client({ connectionString: adminUrl });
  await client.connect();
  return {
    adminUrl,
    client,
    urls: Object.fromEntries(SCHEMAS.map((schema) => [schema, appUrl(adminUrl, schema)])) as TestDatabase['urls'],
    query: async (text, values) => (await client.query(text, values && [...values])).rows as never,
    async [Symbol.asyncDispose]() {
      await client.end();
      // FORCE would hide a pool that a test forgot to close: the drop fails while somebody is connected.
      await withClient(inject('adminUrl'), 'postgres', (admin) => admin.query(`DROP DATABASE ${name}`));
    },
  };
}

async function seededTemplate(size: Exclude<TestSeed, 'none'>): Promise<string> {
  const name = `${TEMPLATE_DATABASE}_${size}`;
  await withClient(inject('adminUrl'), 'postgres', async (client) => {
    await client.query('SELECT pg_advisory_lock($1)', [SEED_LOCK]);
    const { rowCount } = await client.query('SELECT FROM pg_database WHERE datname = $1', [name]);
    if (rowCount === 1) return;
    const unfinished = `${name}_unfinished`;
    await client.query(`DROP DATABASE IF EXISTS ${unfinished}`);
    await client.query(`CREATE DATABASE ${unfinished} TEMPLATE ${TEMPLATE_DATABASE}`);
    await seed({ adminUrl: databaseUrl(inject('adminUrl'), unfinished), size, fieldKeys: FIELD_KEYS });
    await withClient(inject('adminUrl'), unfinished, (seeded) => seeded.query('ANALYZE'));
    await client.query(`ALTER DATABASE ${unfinished} RENAME TO ${name}`);
  });
  return name;
}

async function withClient<T>(adminUrl: string, database: string, use: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: databaseUrl(adminUrl, database) });
  await client.connect();
  try {
    return await use(client);
  } finally {
    await client.end();
  }
}

function databaseUrl(url: string, database: string): string {
  const changed = new URL(url);
  changed.pathname = `/${database}`;
  return changed.href;
}

function appUrl(adminUrl: string, name: SchemaName): string {
  const url = new URL(adminUrl);
  url.username = appRole(name);
  url.password = appPassword(name);
  return url.href;
}
