import pg from 'pg';
import { afterEach, beforeEach, expect, test } from 'vitest';

import { migrate } from '@tributary/kit/database/migrate';
import { migrations } from '@tributary/users/migrations/index';

import { insertFixture, people } from '../../../kit/fixture.ts';
import { memberships } from '../../../kit/fixture/users.ts';
import { startTestPostgres } from '../../../kit/postgres.ts';
import type { TestDatabase } from '../../../kit/postgres.ts';

let database: TestDatabase;
beforeEach(async () => {
  database = await startTestPostgres();
});
afterEach(() => database[Symbol.asyncDispose]());

interface Message {
  id: string;
  topic: string;
  type: string;
  payload: { users?: { id: string }[]; memberships?: { id: string }[] };
  headers: Record<string, unknown>;
}
const messages = () =>
  database.query<Message & pg.QueryResultRow>(
    'SELECT id, topic, type, payload, headers FROM users.outbox ORDER BY position',
  );

test('a database from before the copies tells everybody and every membership when it is migrated', async () => {
  await insertFixture(database.client);
  await database.query(`DROP FUNCTION users.publish_directory()`);
  await database.query(`DELETE FROM users.migrations WHERE name = '0006-publish-directory'`);
  expect(await migrate(database.client, 'users', migrations)).toEqual(['0006-publish-directory']);

  const told = await messages();
  expect(told.map(({ topic, type }) => [topic, type])).toEqual([
    ['users', 'users.listed'],
    ['users', 'memberships.listed'],
  ]);
  expect(told[0]!.payload).toEqual({
    users: Object.values(people).map((id) => ({ id, status: 'ACTIVE', version: 1 })),
  });
  expect(told[1]!.payload).toEqual({
    memberships: memberships.map(({ organization_id: organizationId, user_id: userId, ...membership }) => ({
      ...membership,
      organizationId,
      userId,
      version: 1,
    })),
  });
  expect(told[0]!.headers).toEqual({
    actor: { type: 'system', id: null },
    traceparent: null,
    aggregateType: 'Directory',
    aggregateVersion: 1,
    occurredAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/) as string,
  });
  expect(Math.abs(Date.parse(told[0]!.headers.occurredAt as string) - Date.now())).toBeLessThan(60_000);
  expect(told.every(({ id }) => /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-/.test(id))).toBe(true);
});

test('a new database tells nothing', async () => {
  expect(await messages()).toEqual([]);
});

test('many people go into few messages, each person into one', async () => {
  await database.query(`INSERT INTO users.users (id, email, display_name, status)
    SELECT gen_random_uuid(), n || '@example.com', 'Somebody', 'ACTIVE' FROM generate_series(1, 1201) n`);
  expect(await database.query('SELECT users.publish_directory() AS count')).toEqual([{ count: 3 }]);
  const lists = (await messages()).map(({ payload }) => payload.users!.map(({ id }) => id));
  expect(lists.map((ids) => ids.length)).toEqual([500, 500, 201]);
  expect(new Set(lists.flat()).size).toBe(1201);
});

test('the subgraph itself cannot have it told', async () => {
  const client = new pg.Client({ connectionString: database.urls.users });
  await client.connect();
  await expect(client.query('SELECT users.publish_directory()')).rejects.toThrow('permission denied');
  await client.end();
});
