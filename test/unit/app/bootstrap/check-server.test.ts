import type pg from 'pg';
import { expect, test } from 'vitest';

import { checkServer } from '@tributary/app/bootstrap/check-server';
import { createLogger } from '@tributary/kit/logger';

const logger = createLogger({ level: 'silent', name: 'test' });
const good = {
  server_version_num: '180004',
  server_version: '18.4',
  server_encoding: 'UTF8',
  fsync: 'on',
  full_page_writes: 'on',
  synchronous_commit: 'on',
};

/** Stands for a connection to a server with these settings, of which none is at hand. */
function serverWith(settings: Record<string, string>): pg.Client {
  const rows = Object.entries({ ...good, ...settings }).map(([name, setting]) => ({ name, setting }));
  return { query: async () => ({ rows }) } as unknown as pg.Client;
}

const check = (settings: Record<string, string>, durability: 'required' | 'warn' = 'required') =>
  checkServer(serverWith(settings), { durability, logger });

test('PostgreSQL 15 and later are accepted', async () => {
  await check({});
  await check({ server_version_num: '150000', server_version: '15.0' });
});

test.each([
  [
    { server_version_num: '140012', server_version: '14.12' },
    'The server is PostgreSQL 14.12; version 15 or later is needed.',
  ],
  [{ server_encoding: 'LATIN1' }, `The database stores texts as LATIN1; create one with ENCODING 'UTF8'.`],
  [
    { synchronous_commit: 'off' },
    'The server runs with synchronous_commit=off and would lose confirmed payments in a crash. Switch on what is off.',
  ],
])('a server with %o is refused', async (settings, message) => {
  await expect(check(settings)).rejects.toThrow(message);
});

test('weaker but not absent guarantees of replication are the operator’s choice', async () => {
  await check({ synchronous_commit: 'local' });
});

test('tests may run on a server that loses data in a crash', async () => {
  await check({ fsync: 'off', full_page_writes: 'off' }, 'warn');
});
