import { dirname } from 'node:path';
import { rm } from 'node:fs/promises';

import pg from 'pg';
import { beforeAll, describe, expect, test } from 'vitest';

import { bootstrapDatabase } from '@tributary/app/bootstrap/index';
import { startEmbeddedPostgres } from '@tributary/app/postgres/index';
import { migrations as billing } from '@tributary/billing/migrations/index';
import { createLogger } from '@tributary/kit/logger';
import { migrations as orders } from '@tributary/orders/migrations/index';
import { migrations as users } from '@tributary/users/migrations/index';

import { makeDataDirPath } from '../data-dir.ts';

const logger = createLogger({ level: 'silent', name: 'test' });
const subgraphs = [
  { name: 'users', password: 'users-password', migrations: users },
  { name: 'orders', password: 'orders-password', migrations: orders },
  { name: 'billing', password: "billing-pass'word%41", migrations: billing },
] as const;

let adminUrl: string;
beforeAll(async () => {
  const dataDir = await makeDataDirPath();
  const server = await startEmbeddedPostgres({ dataDir, logger, durable: false });
  adminUrl = server.adminUrl;
  return async () => {
    await server.stop();
    await rm(dirname(dataDir), { recursive: true });
  };
});

function urlOf(database: string): string {
  const url = new URL(adminUrl);
  url.pathname = `/${database}`;
  return url.href;
}

const bootstrap = (database: string) =>
  bootstrapDatabase({ adminUrl: urlOf(database), subgraphs, logger, durability: 'warn' });

async function run(url: string, ...statements: string[]): Promise<pg.QueryResultRow[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    let rows: pg.QueryResultRow[] = [];
    for (const statement of statements) ({ rows } = await client.query(statement));
    return rows;
  } finally {
    await client.end();
  }
}

test('the first run creates the database and everything in it, the second changes nothing', async () => {
  const first = await bootstrap('repeated');
  expect(first.applied).toEqual({
    users: users.map(({ name }) => name),
    orders: orders.map(({ name }) => name),
    billing: billing.map(({ name }) => name),
  });
  const second = await bootstrap('repeated');
  expect(second).toEqual({ urls: first.urls, applied: { users: [], orders: [], billing: [] } });
});

test('many processes may bootstrap at once, one database or several', async () => {
  const names = ['crowded', 'crowded', 'crowded', 'beside', 'beside'];
  const results = await Promise.all(names.map(bootstrap));
  for (const name of ['crowded', 'beside']) {
    const applied = results.filter((_, index) => names[index] === name).flatMap((result) => result.applied.users);
    expect(applied).toEqual(users.map((migration) => migration.name));
  }
});

describe('the role a subgraph signs in with', () => {
  let urls: Record<'users' | 'orders' | 'billing', string>;
  beforeAll(async () => {
    ({ urls } = await bootstrap('walls'));
  });

  test('finds the tables of its own schema and the extensions without naming them', async () => {
    expect(await run(urls.users, `SELECT 'A'::citext = 'a'::citext AS same`)).toEqual([{ same: true }]);
    expect(await run(urls.users, 'SELECT current_user AS role, count(*)::int AS users FROM users')).toEqual([
      { role: 'users_app', users: 0 },
    ]);
  });

  test.each([
    ['users', 'orders.orders'],
    ['users', 'billing.invoices'],
    ['orders', 'users.users'],
    ['orders', 'billing.invoices'],
    ['billing', 'users.users'],
    ['billing', 'orders.orders'],
  ] as const)('of %s neither reads nor writes %s', async (name, table) => {
    for (const statement of [`SELECT FROM ${table}`, `DELETE FROM ${table}`])
      await expect(run(urls[name], statement)).rejects.toMatchObject({
        code: '42501',
        message: expect.stringContaining('permission denied for schema') as string,
      });
  });

  test.each([
    'CREATE TABLE users.mine (id int)',
    'CREATE TABLE public.mine (id int)',
    'CREATE TEMPORARY TABLE mine (id int)',
    'CREATE SCHEMA mine',
    'CREATE FUNCTION users.mine() RETURNS int LANGUAGE sql RETURN 1',
    'ALTER TABLE users.users ADD COLUMN mine int',
    'DROP TABLE users.users',
    'TRUNCATE users.users',
    'SET ROLE users_owner',
    'CREATE ROLE mine',
    `COPY users.users TO PROGRAM 'cat'`,
  ])('may not: %s', async (statement) => {
    await expect(run(urls.users, statement)).rejects.toMatchObject({ code: '42501' });
  });

  test('can append to the ledger only', async () => {
    for (const statement of [
      'UPDATE billing.ledger_entries SET amount_minor = 1',
      'DELETE FROM billing.ledger_entries',
      'TRUNCATE billing.ledger_entries',
    ])
      await expect(run(urls.billing, statement)).rejects.toMatchObject({ code: '42501' });
  });

  test('is the only one that can sign in: the owner of the schema cannot', async () => {
    const url = new URL(urls.users);
    url.username = 'users_owner';
    await expect(run(url.href, 'SELECT 1')).rejects.toMatchObject({ code: expect.stringMatching(/^28/) as string });
  });
});

test('an administrator who is no superuser is enough', async () => {
  await run(urlOf('postgres'), `CREATE ROLE plain_admin LOGIN CREATEROLE CREATEDB PASSWORD 'plain'`);
  const url = new URL(urlOf('plain'));
  url.username = 'plain_admin';
  url.password = 'plain';
  const migration = {
    name: '0001',
    sql: 'CREATE TABLE alpha.facts (id int); GRANT SELECT ON alpha.facts TO alpha_app',
  };
  const options = { adminUrl: url.href, logger, durability: 'warn' } as const;
  const plan = { name: 'alpha', password: 'alpha-password', migrations: [migration] } as const;

  const { urls } = await bootstrapDatabase({ ...options, subgraphs: [plan] });
  await bootstrapDatabase({ ...options, subgraphs: [plan] });
  expect(await run(urls.alpha, 'SELECT FROM facts')).toEqual([]);
  // What the seed needs: the administrator writes to the tables it does not own.
  expect(await run(url.href, 'INSERT INTO alpha.facts VALUES (1) RETURNING id')).toEqual([{ id: 1 }]);
});

test('a changed password takes effect and the former one is refused', async () => {
  const plan = { name: 'gamma', migrations: [] } as const;
  const options = { adminUrl: urlOf('rotated'), logger, durability: 'warn' } as const;
  const before = await bootstrapDatabase({ ...options, subgraphs: [{ ...plan, password: 'former-password' }] });
  const after = await bootstrapDatabase({ ...options, subgraphs: [{ ...plan, password: 'present-password' }] });
  expect(await run(after.urls.gamma, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
  await expect(run(before.urls.gamma, 'SELECT 1')).rejects.toMatchObject({ code: '28P01' });
});

test('a role of the same name that somebody else made is refused and keeps its password', async () => {
  await run(urlOf('postgres'), `CREATE ROLE delta_app LOGIN PASSWORD 'theirs'`, 'CREATE DATABASE delta');
  const plan = { name: 'delta', password: 'ours', migrations: [] } as const;
  await expect(
    bootstrapDatabase({ adminUrl: urlOf('delta'), subgraphs: [plan], logger, durability: 'warn' }),
  ).rejects.toThrow('The server has a role delta_app that Tributary did not make.');
  const url = new URL(urlOf('delta'));
  url.username = 'delta_app';
  url.password = 'theirs';
  expect(await run(url.href, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
});

test('a server that may lose committed money is refused', async () => {
  await expect(bootstrapDatabase({ adminUrl: urlOf('durable'), subgraphs, logger })).rejects.toThrow(
    'The server runs with fsync=off, full_page_writes=off, synchronous_commit=off and would lose confirmed payments in a crash.',
  );
});

test('a server that does not answer is named without the password', async () => {
  const failure = await bootstrapDatabase({
    adminUrl: 'postgres://admin:hunter2@127.0.0.1:1/tributary',
    subgraphs,
    logger,
  }).catch((error: unknown) => error as Error);
  expect(failure).toMatchObject({
    name: 'BootstrapError',
    message:
      'The database tributary at 127.0.0.1:1 cannot be used: connect ECONNREFUSED 127.0.0.1:1. Check DATABASE_URL and that the server runs.',
  });
});
