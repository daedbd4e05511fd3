import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';

import { afterAll, beforeAll, expect, test } from 'vitest';

import { insertFixture } from '../../../kit/fixture.ts';
import { startTestPostgres } from '../../../kit/postgres.ts';
import type { TestDatabase } from '../../../kit/postgres.ts';

const MAIN = join(import.meta.dirname, '../../../../app/src/commands/events.ts');
const EVENT = '018f0000-0000-7000-8000-000000000001';
const OTHER = '018f0000-0000-7000-8000-000000000002';
const NEIGHBOR = '018f0000-0000-7000-8000-000000000003';

let database: TestDatabase;
beforeAll(async () => {
  database = await startTestPostgres();
  for (const [schema, id] of [
    ['billing', EVENT],
    ['billing', NEIGHBOR],
    ['orders', OTHER],
  ])
    await database.query(
      `INSERT INTO ${schema}.dead_letters (consumer, event_id, envelope, error, attempts)
       VALUES ('${schema}', $1, '{"type": "order.placed", "aggregateId": "018f0000-0000-7000-8000-00000000000a"}', 'Error: no', 8)`,
      [id],
    );
});
afterAll(() => database[Symbol.asyncDispose]());

async function run(...args: string[]): Promise<{ code: number | null; out: string; err: string }> {
  const child = spawn(process.execPath, [MAIN, ...args, '--database', database.adminUrl], {
    env: {},
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const [out, err, code] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    new Promise<number | null>((resolve) => child.once('exit', resolve)),
  ]);
  return { code, out, err };
}

const requested = () =>
  database.query(`SELECT event_id AS id FROM billing.dead_letters WHERE replay_requested_at IS NOT NULL
    UNION ALL SELECT event_id FROM orders.dead_letters WHERE replay_requested_at IS NOT NULL`);

test('an operator sees what waits and which events could not be handled, and asks for another try of one or of all', async () => {
  expect((await run('status')).out).toMatch(/'billing' +│ 0 +│ 0 +│ 2 /);
  const { out } = await run('dead-letters');
  expect(out).toContain(EVENT);
  expect(out).toContain('Error: no');

  const one = await run('replay', '--consumer', 'billing', '--id', EVENT);
  expect(one).toEqual({ code: 0, out: '1 dead letter is handed to its consumer once more.\n', err: '' });
  expect(await requested()).toEqual([{ id: EVENT }]);
  expect((await run('replay')).out).toBe('3 dead letters are handed to their consumers once more.\n');
  expect(await requested()).toHaveLength(3);
});

test('an operator has orders told once more who is there and who belongs where', async () => {
  await insertFixture(database.client);
  await database.query(`UPDATE orders.membership_copies SET role = 'OWNER', version = 9`);
  expect(await run('relist')).toEqual({
    code: 0,
    out: '2 messages tell once more who is there and who belongs where.\n',
    err: '',
  });
  expect(await database.query('SELECT type FROM users.outbox ORDER BY position')).toEqual([
    { type: 'users.listed' },
    { type: 'memberships.listed' },
  ]);
  expect(await database.query('SELECT FROM orders.membership_copies')).toEqual([]);
  expect(await database.query('SELECT FROM orders.user_copies')).toEqual([]);
});

test('arguments that make no sense are told with what would', async () => {
  const { code, err } = await run('redo', '--consumer', 'shop', '--id', '7');
  expect(code).toBe(1);
  expect(err).toContain('Name one of status, dead-letters, replay, relist.');
  expect(err).toContain('--consumer must be one of users, orders, billing, not "shop".');
  expect(err).toContain('--id must be the id of an event');
  expect(err).not.toContain('postgres://postgres');
});
