import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';

import sql from 'sql-template-tag';
import type { Sql } from 'sql-template-tag';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { openDatabase } from '@tributary/kit';
import type { DatabaseOptions } from '@tributary/kit';

import { startTestPostgres } from '../../../kit/postgres.ts';
import type { TestDatabase } from '../../../kit/postgres.ts';

let postgres: TestDatabase;
beforeAll(async () => {
  postgres = await startTestPostgres();
});
afterAll(async () => {
  await postgres[Symbol.asyncDispose]();
});

let opened = 0;
/** Opens a database for one test. Its name in `pg_stat_activity` is its own. */
async function open(options: Partial<DatabaseOptions> = {}) {
  const applicationName = `database-test-${(opened += 1)}`;
  const database = await openDatabase({
    url: postgres.adminUrl,
    applicationName,
    entities: [],
    maxConnections: 2,
    statementTimeoutMs: 10_000,
    ...options,
  });
  return { database, applicationName, [Symbol.asyncDispose]: () => database.stop() };
}

/** Ends the server side of every connection that is in `state`. */
const terminate = (applicationName: string, state = 'idle') =>
  postgres.query<{ terminated: boolean }>(
    'SELECT pg_terminate_backend(pid) AS terminated FROM pg_stat_activity WHERE application_name = $1 AND state = $2',
    [applicationName, state],
  );
const connectionsOf = async (applicationName: string) =>
  (await postgres.query('SELECT pid FROM pg_stat_activity WHERE application_name = $1', [applicationName])).length;

async function until(condition: () => Promise<boolean>): Promise<void> {
  while (!(await condition())) await new Promise((resolve) => setTimeout(resolve, 10));
}

/** True once the sleeping statement is being executed. */
const isAsleep = async (applicationName: string) =>
  (
    await postgres.query(
      `SELECT pid FROM pg_stat_activity WHERE application_name = $1 AND state = 'active' AND query LIKE '%pg_sleep%'`,
      [applicationName],
    )
  ).length > 0;

describe('rows', () => {
  test('carry amounts as bigint, dates as text, instants as Date, and null as null', async () => {
    await using opened = await open();
    const [row] = await opened.database
      .query(sql`SELECT 9223372036854775807::bigint AS "amountMinor", -1::bigint AS debt,
      7::integer AS count, 0.19::numeric AS rate, date '2026-03-29' AS "dueOn", date '0001-01-01' AS "firstDay",
      timestamptz '2026-03-29 02:30:00.123+01' AS "placedAt", '01919191-9191-7919-8919-191919191919'::uuid AS id,
      true AS flag, ARRAY['a', 'b'] AS tags, '{"a": 1}'::jsonb AS facts,
      null::bigint AS none, null::date AS "noDay", null::timestamptz AS "noTime"`);
    expect(row).toEqual({
      amountMinor: 9_223_372_036_854_775_807n,
      debt: -1n,
      count: 7,
      rate: '0.19',
      dueOn: '2026-03-29',
      firstDay: '0001-01-01',
      placedAt: new Date('2026-03-29T01:30:00.123Z'),
      id: '01919191-9191-7919-8919-191919191919',
      flag: true,
      tags: ['a', 'b'],
      facts: { a: 1 },
      none: null,
      noDay: null,
      noTime: null,
    });
  });

  test('of every kind of statement come as they are', async () => {
    await using opened = await open({ maxConnections: 1 });
    const query = (statement: Sql) => opened.database.query(statement);
    await query(sql`CREATE TEMPORARY TABLE notes (id integer, text text)`);
    expect(await query(sql`INSERT INTO notes VALUES (${1}, ${'a'}), (${2}, ${'b'}) RETURNING id`)).toEqual([
      { id: 1 },
      { id: 2 },
    ]);
    expect(await query(sql`UPDATE notes SET text = ${'c'} WHERE id = ${2} RETURNING id, text`)).toEqual([
      { id: 2, text: 'c' },
    ]);
    expect(await query(sql`DELETE FROM notes WHERE id = ${1} RETURNING text`)).toEqual([{ text: 'a' }]);
    expect(await query(sql`DELETE FROM notes WHERE id = ${9}`)).toEqual([]);
    expect(await query(sql`SELECT * FROM notes`)).toEqual([{ id: 2, text: 'c' }]);
  });

  test('hold text of any form untouched, and parameters never become SQL', async () => {
    await using opened = await open();
    const text = `'; DROP TABLE users.users; -- "$1" \\ %_ 𝔘\u0001`;
    expect(await opened.database.query(sql`SELECT ${text}::text AS text`)).toEqual([{ text }]);
  });
});

describe('opening', () => {
  const urlWith = (change: (url: URL) => void) => {
    const url = new URL(postgres.adminUrl);
    change(url);
    return url.href;
  };
  /** Everything an error shows when it is printed. */
  const textOf = (error: unknown): string =>
    error instanceof Error
      ? [error.name, error.message, error.stack, JSON.stringify(error), textOf(error.cause)].join('\n')
      : '';

  test('with a wrong password fails without repeating it', async () => {
    const url = urlWith((each) => (each.password = 'hunter2-hunter2'));
    const failure: unknown = await open({ url }).catch((error: unknown) => error);
    expect(failure).toMatchObject({ message: 'password authentication failed for user "postgres"' });
    expect(textOf(failure)).not.toContain('hunter2');
  });

  test('where nobody listens fails without repeating the password', async () => {
    const probe = createServer();
    await new Promise<void>((resolve) => probe.listen(0, '127.0.0.1', resolve));
    const { port } = probe.address() as AddressInfo;
    await new Promise((resolve) => probe.close(resolve));
    const url = urlWith((each) => Object.assign(each, { port: String(port), password: 'hunter2-hunter2' }));
    const failure: unknown = await open({ url }).catch((error: unknown) => error);
    expect(failure).toMatchObject({ code: 'ECONNREFUSED' });
    expect(textOf(failure)).not.toContain('hunter2');
  });

  test('a database that does not exist fails', async () => {
    await expect(open({ url: urlWith((each) => (each.pathname = '/nowhere')) })).rejects.toThrow(
      'database "nowhere" does not exist',
    );
  });
});

test('every statement is shown to the observer, with its parameters', async () => {
  const seen: [string, readonly unknown[]][] = [];
  await using opened = await open({ onStatement: (text, parameters) => void seen.push([text, parameters]) });
  seen.length = 0;
  await opened.database.query(sql`SELECT ${1}::integer`);
  await expect(opened.database.query(sql`SELECT ${'x'}::integer`)).rejects.toThrow('invalid input syntax');
  expect(seen).toEqual([
    ['SELECT $1::integer', [1]],
    ['SELECT $1::integer', ['x']],
  ]);
});

test('a statement that runs past its time is ended by the server, and the connection stays usable', async () => {
  await using opened = await open({ statementTimeoutMs: 100, maxConnections: 1 });
  await expect(opened.database.query(sql`SELECT pg_sleep(30)`)).rejects.toMatchObject({ code: '57014' });
  expect(await opened.database.query(sql`SELECT 1 AS one`)).toEqual([{ one: 1 }]);
  expect(await connectionsOf(opened.applicationName)).toBe(1);
});

test('a failed statement gives its connection back', async () => {
  await using opened = await open({ maxConnections: 1 });
  for (let time = 0; time < 5; time += 1)
    await expect(opened.database.query(sql`SELECT 1 / ${0}::integer`)).rejects.toThrow('division by zero');
  expect(await opened.database.query(sql`SELECT 1 AS one`)).toEqual([{ one: 1 }]);
});

test('a statement that was abandoned while it waited for a connection is not sent', async () => {
  const seen: string[] = [];
  await using opened = await open({ maxConnections: 1, onStatement: (text) => void seen.push(text) });
  const abandon = new AbortController();
  const sleeping = opened.database.query(sql`SELECT pg_sleep(0.3)`);
  const waiting = opened.database.query(sql`SELECT 'nobody waits'`, abandon.signal);
  abandon.abort(new Error('too late'));
  await expect(waiting).rejects.toThrow('too late');
  await sleeping;
  expect(await opened.database.query(sql`SELECT 1 AS one`)).toEqual([{ one: 1 }]);
  expect(seen.filter((text) => text.includes('nobody waits'))).toEqual([]);
});

describe('lost connections', () => {
  test('that were idle are replaced, and only the pool hears of them', async () => {
    const lost: Error[] = [];
    await using opened = await open({ onPoolError: (error) => void lost.push(error) });
    const { database, applicationName } = opened;
    await Promise.all([1, 2].map(() => database.query(sql`SELECT pg_sleep(0.1)`)));
    expect(await terminate(applicationName)).toEqual([{ terminated: true }, { terminated: true }]);
    await until(async () => lost.length === 2);
    expect(lost.map(({ message }) => message)).toEqual([
      'terminating connection due to administrator command',
      'terminating connection due to administrator command',
    ]);
    const answers = await Promise.all([1, 2, 3, 4].map((n) => database.query(sql`SELECT ${n}::integer AS n`)));
    expect(answers.flat()).toEqual([{ n: 1 }, { n: 2 }, { n: 3 }, { n: 4 }]);
    expect(await database.isReady()).toBe(true);
  });

  test('in the middle of a statement fail that statement and no other', async () => {
    await using opened = await open({ maxConnections: 1 });
    const { database, applicationName } = opened;
    const sleeping = database.query(sql`SELECT pg_sleep(30)`);
    const failed = expect(sleeping).rejects.toThrow('terminating connection due to administrator command');
    const waiting = database.query(sql`SELECT 'waited' AS text`); // gets the next connection that is free
    await until(() => isAsleep(applicationName));
    await terminate(applicationName, 'active');
    await failed;
    expect(await waiting).toEqual([{ text: 'waited' }]);
    expect(await database.query(sql`SELECT 1 AS one`)).toEqual([{ one: 1 }]);
  });
});

describe('stopping', () => {
  test('closes every connection, once, and the database is not ready any more', async () => {
    const { database, applicationName } = await open();
    await Promise.all([1, 2].map(() => database.query(sql`SELECT pg_sleep(0.1)`)));
    expect(await connectionsOf(applicationName)).toBe(2);
    const stopping = database.stop();
    expect(database.stop()).toBe(stopping);
    await stopping;
    await until(async () => (await connectionsOf(applicationName)) === 0);
    expect(await database.isReady()).toBe(false);
    await expect(database.query(sql`SELECT 1`)).rejects.toThrow();
  });
});
