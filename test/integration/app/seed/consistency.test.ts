import { beforeAll, expect, test } from 'vitest';

import { DAY } from '@tributary/kit/clock';

import { startTestPostgres } from '../../../kit/postgres.ts';
import type { TestDatabase } from '../../../kit/postgres.ts';
import { invariants } from './invariants.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await startTestPostgres({ seed: 'demo' });
  return () => database[Symbol.asyncDispose]();
});

test.each(Object.entries(invariants))('%s', async (_, violations) => {
  // The template may have been seeded before midnight; a day later everything is still in the past.
  const startOfDay = new Date(Math.floor(Date.now() / DAY) * DAY);
  const rows = await database.query(violations, violations.includes('$1') ? [startOfDay] : []);
  expect(rows).toEqual([]);
});
