import { beforeAll, describe, expect, test } from 'vitest';

import { seed } from '@tributary/app/seed/index';
import type { SeedProgress } from '@tributary/app/seed/index';
import { tableNames } from '@tributary/app/seed/load/tables';

import { FIELD_KEYS } from '../../../kit/field-keys.ts';
import { startTestPostgres } from '../../../kit/postgres.ts';
import type { TestDatabase } from '../../../kit/postgres.ts';

const NOW = new Date('2026-11-21T09:30:00Z');

/** Everything that DDL made: indexes, constraints and whether they are valid, triggers and whether they fire, grants. */
async function structureOf(database: TestDatabase): Promise<unknown[]> {
  return database.query(`
    SELECT indexrelid::regclass::text AS name, pg_get_indexdef(indexrelid) AS what, indisvalid AS works FROM pg_index
      WHERE indrelid = ANY ('{${tableNames.join(',')}}'::regclass[])
    UNION ALL SELECT conrelid::regclass || ' ' || conname, pg_get_constraintdef(oid), convalidated FROM pg_constraint
      WHERE conrelid = ANY ('{${tableNames.join(',')}}'::regclass[]) AND contype <> 'n'
    UNION ALL SELECT tgrelid::regclass || ' ' || tgname, pg_get_triggerdef(oid), tgenabled = 'O' FROM pg_trigger
      WHERE tgrelid = ANY ('{${tableNames.join(',')}}'::regclass[]) AND NOT tgisinternal
    UNION ALL SELECT oid::regclass::text, relacl::text, true FROM pg_class WHERE oid = ANY ('{${tableNames.join(',')}}'::regclass[])
    ORDER BY 1, 2`);
}

/** One hash per table over all rows and columns, but for what is encrypted: that differs each time. */
async function hashesOf(database: TestDatabase): Promise<Record<string, string>> {
  const hashes: Record<string, string> = {};
  for (const table of tableNames) {
    const [row] = await database.query<{ hash: string }>(
      `SELECT md5(string_agg(md5(row), '' ORDER BY md5(row))) AS hash
        FROM ${table} t, LATERAL (SELECT (to_jsonb(t) - 'provider_token_enc')::text AS row) r`,
    );
    hashes[table] = row!.hash;
  }
  return hashes;
}

describe('a finished seed', () => {
  let database: TestDatabase;
  let structureBefore: unknown[];
  const progress: SeedProgress[] = [];
  beforeAll(async () => {
    database = await startTestPostgres();
    structureBefore = await structureOf(database);
    await seed({
      adminUrl: database.adminUrl,
      size: 'demo',
      fieldKeys: FIELD_KEYS,
      now: NOW,
      onProgress: (step) => progress.push(step),
    });
    return () => database[Symbol.asyncDispose]();
  });

  test('leaves indexes, constraints, triggers and grants as it found them', async () => {
    expect(structureBefore.length).toBeGreaterThan(150);
    expect(await structureOf(database)).toEqual(structureBefore);
  });

  test('has filled every table', async () => {
    expect(Object.values(await hashesOf(database))).not.toContain(null);
  });

  test('has told its progress from nothing to everything in each phase', () => {
    expect([...new Set(progress.map(({ phase }) => phase))]).toEqual(['people', 'orders', 'indexes']);
    for (const phase of ['people', 'orders', 'indexes']) {
      const steps = progress.filter((step) => step.phase === phase);
      expect(steps.map(({ done }) => done)).toEqual(steps.map(({ done }) => done).sort((left, right) => left - right));
      expect(steps.at(-1)!.done).toBe(steps.at(-1)!.total);
    }
  });

  test('is repeated to the last column, what is encrypted aside, by another one of that day, also when two start at once', async () => {
    await using other = await startTestPostgres();
    const seedOnce = () =>
      seed({ adminUrl: other.adminUrl, size: 'demo', fieldKeys: FIELD_KEYS, now: new Date('2026-11-21T23:59:59Z') });
    expect((await Promise.all([seedOnce(), seedOnce()])).sort()).toEqual(['already-present', 'seeded']);
    expect(await hashesOf(other)).toEqual(await hashesOf(database));
  });
});

test('a single row in any table keeps the seed out', async () => {
  await using database = await startTestPostgres();
  await database.query(`INSERT INTO users.organizations (id, name, legal_name, kind, country)
    VALUES ('01920000-0000-7000-8000-000000000001', 'Mine', 'Mine GmbH', 'BUYER', 'DE')`);
  expect(await seed({ adminUrl: database.adminUrl, size: 'demo', fieldKeys: FIELD_KEYS, now: NOW })).toBe(
    'already-present',
  );
  expect(await database.query('SELECT count(*)::int AS users FROM users.users')).toEqual([{ users: 0 }]);
});

test('a seed that breaks off while it builds indexes leaves nothing behind', async () => {
  await using database = await startTestPostgres();
  const before = await structureOf(database);
  const onProgress = ({ phase, done }: SeedProgress) => {
    if (phase === 'indexes' && done > 10) throw new Error('pulled the plug');
  };
  await expect(
    seed({ adminUrl: database.adminUrl, size: 'demo', fieldKeys: FIELD_KEYS, now: NOW, onProgress }),
  ).rejects.toThrow('pulled the plug');
  expect(await structureOf(database)).toEqual(before);
  expect(Object.values(await hashesOf(database)).filter((hash) => hash !== null)).toEqual([]);
});

test('a connection that is cut while rows are on their way rejects the seed and leaves nothing behind', async () => {
  await using database = await startTestPostgres();
  let cut = false;
  const onProgress = ({ phase, done }: SeedProgress) => {
    if (cut || phase !== 'orders' || done < 1_000) return;
    cut = true;
    void database.query(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'tributary seed'`,
    );
  };
  await expect(
    seed({ adminUrl: database.adminUrl, size: 'demo', fieldKeys: FIELD_KEYS, now: NOW, onProgress }),
  ).rejects.toThrow(
    // What the server says about the end races with the broken pipe itself.
    /terminat|ECONNRESET|EPIPE/i,
  );
  expect(Object.values(await hashesOf(database)).filter((hash) => hash !== null)).toEqual([]);
});
