import { execFileSync } from 'node:child_process';
import { cp, mkdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import pg from 'pg';
import { beforeAll, expect, onTestFinished, test, vi } from 'vitest';

import { createLogger } from '@tributary/kit/logger';
import { DataDirectoryInUseError, removeDataDirectory, startEmbeddedPostgres } from '@tributary/app/postgres/index';

import { makeDataDirPath, newDataDir, snapshot } from '../data-dir.ts';
import { startOwner } from './owner-process.ts';

vi.setConfig({ testTimeout: 60_000 }); // whole servers, of which a busy machine runs several at once

const logger = createLogger({ level: 'silent', name: 'test' });
const isRoot = process.getuid?.() === 0;

async function start(dataDir: string, options: { sharedRoot?: string } = {}) {
  const database = await startEmbeddedPostgres({ dataDir, logger, durable: false, database: 'postgres', ...options });
  onTestFinished(() => database.stop());
  return database;
}

// Making a cluster takes longer than everything else here; most tests work on a copy of one.
let template: string;
beforeAll(async () => {
  template = await makeDataDirPath();
  await (await startEmbeddedPostgres({ dataDir: template, logger, durable: false })).stop();
  return () => rm(dirname(template), { recursive: true });
});

async function initializedDataDir(): Promise<string> {
  const dataDir = await newDataDir();
  execFileSync('cp', ['-a', template, dataDir]);
  return dataDir;
}

async function query<Row extends pg.QueryResultRow>(url: string, sql: string): Promise<Row[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<Row>(sql)).rows;
  } finally {
    await client.end();
  }
}

const pidOf = (url: string) =>
  query<{ pid: number }>(url, `SELECT split_part(pg_read_file('postmaster.pid'), E'\\n', 1)::int AS pid`).then(
    ([row]) => row!.pid,
  );

async function waitUntilGone(pid: number): Promise<void> {
  for (;;) {
    const state = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => null);
    if (state === null || state.includes(') Z ')) return;
    await sleep(20);
  }
}

test('a new data directory gets a durable UTF-8 cluster that listens on the loopback interface only', async () => {
  const dataDir = await newDataDir();
  const database = await startEmbeddedPostgres({ dataDir, logger, database: 'postgres' });
  onTestFinished(() => database.stop());

  const [settings] = await query(
    database.adminUrl,
    `SELECT current_setting('listen_addresses') AS addresses, current_setting('unix_socket_directories') AS sockets,
       current_setting('server_encoding') AS encoding, current_setting('fsync') AS fsync,
       current_setting('full_page_writes') AS "fullPageWrites", current_setting('synchronous_commit') AS "synchronousCommit",
       current_setting('password_encryption') AS passwords, current_setting('data_checksums') AS checksums`,
  );
  expect(settings).toEqual({
    addresses: '127.0.0.1',
    sockets: '',
    encoding: 'UTF8',
    fsync: 'on',
    fullPageWrites: 'on',
    synchronousCommit: 'on',
    passwords: 'scram-sha-256',
    checksums: 'on',
  });
  const passwordFile = await stat(join(dataDir, 'secrets', 'postgres-password'));
  expect((passwordFile.mode & 0o777).toString(8)).toBe('600');
  const wrongPassword = database.adminUrl.replace(/:[^:@]+@/, ':wrong@');
  await expect(query(wrongPassword, 'SELECT 1')).rejects.toMatchObject({ code: '28P01' });
});

test('what was written is there after a stop and a start, and stopping twice is one stop', async () => {
  const dataDir = await initializedDataDir();
  const first = await start(dataDir);
  await query(first.adminUrl, 'CREATE TABLE kept AS SELECT 1 AS value');
  await Promise.all([first.stop(), first.stop()]);
  await expect(query(first.adminUrl, 'SELECT 1')).rejects.toMatchObject({ code: 'ECONNREFUSED' });

  const second = await start(dataDir);
  expect(await query(second.adminUrl, 'SELECT value FROM kept')).toEqual([{ value: 1 }]);
});

test('a second start on a data directory in use names the owner and touches nothing', async () => {
  const dataDir = await initializedDataDir();
  const owner = await startOwner(dataDir);
  const outsideCluster = async () =>
    Object.fromEntries(
      Object.entries(await snapshot(dataDir)).filter(([path]) => !path.startsWith(join('postgres', 'cluster', ''))),
    );
  const before = await outsideCluster();

  await expect(start(dataDir)).rejects.toThrow(
    `DATA_DIR ${dataDir} is in use by process ${owner.pid}. Stop that process or set DATA_DIR to another directory.`,
  );
  expect(await outsideCluster()).toEqual(before);
  expect(await query((owner.answer as { adminUrl: string }).adminUrl, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
});

test('the same process cannot start twice on one data directory either', async () => {
  const dataDir = await initializedDataDir();
  await start(dataDir);
  await expect(start(dataDir)).rejects.toBeInstanceOf(DataDirectoryInUseError);
});

test('after a killed owner the next start stops the orphaned server and finds all committed data', async () => {
  const dataDir = await initializedDataDir();
  const owner = await startOwner(dataDir);
  const { adminUrl } = owner.answer as { adminUrl: string };
  await query(adminUrl, 'CREATE TABLE kept AS SELECT 1 AS value');
  const orphan = await pidOf(adminUrl);
  await owner.kill();
  expect(await query(adminUrl, 'SELECT 1 AS one')).toEqual([{ one: 1 }]); // the server outlived its owner

  const next = await start(dataDir);
  await waitUntilGone(orphan);
  expect(await query(next.adminUrl, 'SELECT value FROM kept')).toEqual([{ value: 1 }]);
});

test('after owner and server were killed the next start recovers from the write-ahead log', async () => {
  const dataDir = await initializedDataDir();
  const owner = await startOwner(dataDir, 'durable');
  const { adminUrl } = owner.answer as { adminUrl: string };
  await query(adminUrl, 'CREATE TABLE kept AS SELECT 1 AS value');
  const postmaster = await pidOf(adminUrl);
  await owner.kill();
  process.kill(postmaster, 'SIGKILL');

  const next = await start(dataDir);
  expect(await query(next.adminUrl, 'SELECT value FROM kept')).toEqual([{ value: 1 }]);
});

test('of several processes that take over from a killed owner at once exactly one wins', async () => {
  const dataDir = await initializedDataDir();
  const owner = await startOwner(dataDir);
  await owner.kill();

  const rivals = await Promise.all(Array.from({ length: 4 }, () => startOwner(dataDir)));
  const winners = rivals.filter(({ answer }) => 'adminUrl' in answer);
  const refusals = rivals.flatMap(({ answer }) => ('refused' in answer ? [answer.refused] : []));
  expect(winners).toHaveLength(1);
  expect(refusals).toEqual(Array(3).fill(expect.stringContaining(`is in use by process ${winners[0]!.pid}.`)));
});

test('Ctrl-C in the terminal reaches the owner and not the server', async () => {
  const dataDir = await initializedDataDir();
  const owner = await startOwner(dataDir);
  const { adminUrl } = owner.answer as { adminUrl: string };
  process.kill(-owner.pid, 'SIGINT'); // the whole process group, as a terminal does
  await owner.kill();
  expect(await query(adminUrl, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
});

test('an initialization that was interrupted half-way is thrown away and done again', async () => {
  const dataDir = await newDataDir();
  const leftover = join(dataDir, 'postgres', 'initdb-interrupted', 'cluster');
  await mkdir(leftover, { recursive: true });
  await writeFile(join(leftover, 'PG_VERSION'), '18\n');

  const database = await start(dataDir);
  expect(await query(database.adminUrl, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
  await expect(stat(join(dataDir, 'postgres', 'initdb-interrupted'))).rejects.toMatchObject({ code: 'ENOENT' });
});

test('a missing password of an existing database is told, not replaced', async () => {
  const dataDir = await initializedDataDir();
  const passwordFile = join(dataDir, 'secrets', 'postgres-password');
  await rename(passwordFile, `${passwordFile}.away`);

  await expect(start(dataDir)).rejects.toThrow(`${passwordFile} is missing`);
  await rename(`${passwordFile}.away`, passwordFile);
  await start(dataDir);
});

test.runIf(isRoot)('below a folder that is closed to others root gets a database in a place of its own', async () => {
  const dataDir = await newDataDir({ mode: 0o700 });
  const sharedRoot = join(dirname(await newDataDir()), 'shared');
  const first = await start(dataDir, { sharedRoot });
  await query(first.adminUrl, 'CREATE TABLE kept AS SELECT 1 AS value');
  await first.stop();

  const place = (await readFile(join(dataDir, 'postgres-location'), 'utf8')).trim();
  expect(dirname(place)).toBe(sharedRoot);
  const cluster = await stat(join(place, 'postgres', 'cluster'));
  expect(cluster.uid).not.toBe(0);
  expect(((await stat(dirname(dataDir))).mode & 0o777).toString(8)).toBe('700');

  const second = await start(dataDir, { sharedRoot });
  expect(await query(second.adminUrl, 'SELECT value FROM kept')).toEqual([{ value: 1 }]);
  await second.stop();

  await removeDataDirectory(dataDir);
  await expect(stat(place)).rejects.toMatchObject({ code: 'ENOENT' });
});

test.runIf(isRoot)('a copy of a data directory does not share the database of the original', async () => {
  const parent = dirname(await newDataDir({ mode: 0o700 }));
  const sharedRoot = join(dirname(await newDataDir()), 'shared');
  const original = join(parent, 'original');
  await (await start(original, { sharedRoot })).stop();
  await cp(original, join(parent, 'copy'), { recursive: true });

  await expect(start(join(parent, 'copy'), { sharedRoot })).rejects.toThrow(
    `DATA_DIR ${join(parent, 'copy')} is a copy of ${original} and would share its database`,
  );
});
