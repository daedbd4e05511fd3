import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';

import { DEVELOPMENT_ISSUER } from '@tributary/app/seed/index';

import { startTestGraph } from '../../kit/graph.ts';
import { findLongLists, measurePages } from '../../kit/page-cost.ts';
import type { MeasuredPage } from '../../kit/page-cost.ts';
import { explain } from '../../kit/plan.ts';
import { startTestPostgres } from '../../kit/postgres.ts';
import type { TestDatabase } from '../../kit/postgres.ts';
import { SEED_TIMEOUT_MS } from './index-world.ts';

const PAGE_SIZE = 10;
// Rows next to each other in a list may lie on a page each. Walking half of the index alone takes fifty.
const LEEWAY = 30;

let database: TestDatabase;
beforeAll(async () => {
  database = await startTestPostgres({ seed: 'medium' });
  await database.query('VACUUM ANALYZE');
}, SEED_TIMEOUT_MS);
afterAll(() => database[Symbol.asyncDispose]());

test('a page in the middle of a long list costs what the first page costs, for everybody and in every order', async () => {
  await using graph = await startTestGraph({ database, issuer: DEVELOPMENT_ISSUER });
  const clients = {
    users: new pg.Client({ connectionString: database.urls.users }),
    orders: new pg.Client({ connectionString: database.urls.orders }),
    billing: new pg.Client({ connectionString: database.urls.billing }),
  };
  const pages: MeasuredPage[] = [];
  try {
    for (const client of Object.values(clients)) await client.connect();
    for (const list of await findLongLists((text) => database.query(text)))
      pages.push(
        ...(await measurePages(
          graph,
          (each) => explain(clients[each.subgraph], each, 'ANALYZE, BUFFERS'),
          list,
          PAGE_SIZE,
        )),
      );
  } finally {
    for (const client of Object.values(clients)) await client.end();
  }
  const cost = (place: MeasuredPage['place']) => pages.filter((page) => page.place === place);
  expect(cost('first')).toHaveLength(28);
  for (const [index, middle] of cost('middle').entries()) {
    const first = cost('first')[index]!;
    expect(middle.buffers, `${middle.list}: ${first.buffers} buffers for the first page`).toBeLessThan(
      first.buffers + LEEWAY,
    );
  }
}, 60_000);
