import pg from 'pg';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';

import { migrate, UnknownMigrationError } from '@tributary/kit';
import type { Migration } from '@tributary/kit';

import { startTestPostgres } from '../../../kit/postgres.ts';
import type { TestDatabase } from '../../../kit/postgres.ts';

const SCHEMA = 'library';
const books: Migration = { name: '0001-create-books', sql: 'CREATE TABLE library.books (id integer PRIMARY KEY)' };
const notes: Migration = {
  name: '0002-create-notes',
  sql: `CREATE TABLE library.notes (id integer); INSERT INTO library.notes VALUES (1), (2); SELECT pg_sleep(0.2)`,
};
const broken: Migration = { name: '0003-broken', sql: 'CREATE TABLE library.half (id integer); SELECT 1 / 0' };

let postgres: TestDatabase;
beforeAll(async () => {
  postgres = await startTestPostgres();
});
afterAll(async () => {
  await postgres[Symbol.asyncDispose]();
});
beforeEach(async () => {
  await postgres.query(`DROP SCHEMA IF EXISTS ${SCHEMA} CASCADE; CREATE SCHEMA ${SCHEMA}`);
});

/** Migrates on a connection of its own, as a process does. */
async function migrateAlone(migrations: readonly Migration[], applicationName = 'migrate'): Promise<string[]> {
  const client = new pg.Client({ connectionString: postgres.adminUrl, application_name: applicationName });
  client.on('error', () => undefined); // the connection that a test takes away
  await client.connect();
  try {
    return await migrate(client, SCHEMA, migrations);
  } finally {
    await client.end();
  }
}

const tables = async () =>
  (
    await postgres.query<{ table_name: string }>(
      'SELECT table_name FROM information_schema.tables WHERE table_schema = $1 ORDER BY table_name',
      [SCHEMA],
    )
  ).map((row) => row.table_name);
const applied = async () =>
  (await postgres.query<{ name: string }>(`SELECT name FROM ${SCHEMA}.migrations ORDER BY name`)).map(
    (row) => row.name,
  );
const heldLocks = async () => (await postgres.query(`SELECT 1 FROM pg_locks WHERE locktype = 'advisory'`)).length;

/** True once the migration that sleeps is being executed. */
const isAsleep = async (applicationName: string) =>
  (
    await postgres.query(`SELECT 1 FROM pg_stat_activity WHERE application_name = $1 AND wait_event = 'PgSleep'`, [
      applicationName,
    ])
  ).length > 0;

async function until(condition: () => Promise<boolean>): Promise<void> {
  while (!(await condition())) await new Promise((resolve) => setTimeout(resolve, 10));
}

test('migrations are applied in list order, each once', async () => {
  expect(await migrateAlone([books])).toEqual([books.name]);
  expect(await migrateAlone([books, notes])).toEqual([notes.name]);
  expect(await migrateAlone([books, notes])).toEqual([]);
  expect(await applied()).toEqual([books.name, notes.name]);
  expect(await tables()).toEqual(['books', 'migrations', 'notes']);
});

test('processes that start at the same time apply everything once between them', async () => {
  const runs = await Promise.all([1, 2, 3, 4].map(() => migrateAlone([books, notes])));
  expect(runs.filter((names) => names.length > 0)).toEqual([[books.name, notes.name]]);
  expect(await postgres.query(`SELECT id FROM ${SCHEMA}.notes`)).toEqual([{ id: 1 }, { id: 2 }]);
});

test('schemas do not wait for each other', async () => {
  await postgres.query('DROP SCHEMA IF EXISTS archive CASCADE; CREATE SCHEMA archive');
  const finished: string[] = [];
  const slow = { name: '0001-slow', sql: 'SELECT pg_sleep(2)' };
  const running = migrateAlone([slow], 'migrate-slow').then(() => finished.push('library'));
  await until(() => isAsleep('migrate-slow'));
  const client = new pg.Client({ connectionString: postgres.adminUrl });
  await client.connect();
  await migrate(client, 'archive', []).then(() => finished.push('archive'));
  await running;
  expect(finished).toEqual(['archive', 'library']);
  await client.end();
});

test('a migration that fails leaves nothing behind and keeps the ones before it', async () => {
  const failure: unknown = await migrateAlone([books, notes, broken]).catch((error: unknown) => error);
  expect(failure).toMatchObject({
    message: 'Migration 0003-broken of schema "library" failed.',
    cause: expect.objectContaining({ message: 'division by zero' }) as Error,
  });
  expect(await tables()).toEqual(['books', 'migrations', 'notes']);
  expect(await applied()).toEqual([books.name, notes.name]);
  expect(await heldLocks()).toBe(0);
  const repaired = { ...broken, sql: 'CREATE TABLE library.half (id integer)' };
  expect(await migrateAlone([books, notes, repaired])).toEqual([broken.name]);
});

test('a migration and the note that it was applied stand or fall together', async () => {
  const clash = {
    name: '0001-clash',
    sql: `CREATE TABLE library.clash (id integer); INSERT INTO library.migrations (name) VALUES ('0001-clash')`,
  };
  await expect(migrateAlone([clash])).rejects.toThrow('Migration 0001-clash of schema "library" failed.');
  expect(await tables()).toEqual(['migrations']);
  expect(await applied()).toEqual([]);
});

test('a database that a newer version migrated is refused and left alone', async () => {
  await migrateAlone([books, notes]);
  const older = [books, { name: '0009-later', sql: 'CREATE TABLE library.later (id integer)' }];
  await expect(migrateAlone(older)).rejects.toThrow(
    new UnknownMigrationError(
      'Schema "library" was migrated by a newer version (0002-create-notes). Start that version or restore a backup.',
    ),
  );
  expect(await tables()).toEqual(['books', 'migrations', 'notes']);
  expect(await heldLocks()).toBe(0);
});

test('a connection that is lost during a migration tells which one failed, and the next run applies it', async () => {
  const slow = { name: '0002-slow', sql: 'CREATE TABLE library.slow (id integer); SELECT pg_sleep(30)' };
  const running = migrateAlone([books, slow], 'migrate-slow');
  const failed = expect(running).rejects.toMatchObject({
    message: 'Migration 0002-slow of schema "library" failed.',
    cause: expect.objectContaining({ code: '57P01' }) as Error,
  });
  await until(() => isAsleep('migrate-slow'));
  await postgres.query(
    `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'migrate-slow'`,
  );
  await failed;
  expect(await applied()).toEqual([books.name]);
  expect(await migrateAlone([books, { ...slow, sql: 'CREATE TABLE library.slow (id integer)' }])).toEqual([slow.name]);
});
