import { parseArgs } from 'node:util';

import pg from 'pg';

import { readAppConfig } from '@tributary/app/config';
import { prepareDatabase } from '@tributary/app/database';
import { loadFieldKeys } from '@tributary/app/secrets/secrets';
import { DEVELOPMENT_ISSUER, seed } from '@tributary/app/seed/index';
import { createLogger } from '@tributary/kit/logger';

import { startTestGraph } from '../kit/graph.ts';
import { findLongLists, measurePages } from '../kit/page-cost.ts';
import type { MeasuredPage } from '../kit/page-cost.ts';
import { explain } from '../kit/plan.ts';
import type { BenchmarkOptions } from './run.ts';

// What the first page of the longest lists costs the database, and what a page in the middle does: EXPLAIN (ANALYZE, BUFFERS) of the very
// statements that the graph sends. Reads the database that DATABASE_URL or DATA_DIR name, as every command does; an empty one is filled with
// the company of SEED.

const PAGE_SIZE = 10;

export async function benchmarkPages({ json, rest }: BenchmarkOptions): Promise<void> {
  const { values } = parseArgs({ args: [...rest], options: { database: { type: 'string' } } });
  const config = readAppConfig();
  const logger = createLogger({ level: 'warn', name: 'bench' });
  const database = await prepareDatabase({ ...config, databaseUrl: values.database ?? config.databaseUrl }, logger);
  try {
    if (config.seed !== 'none') {
      const fieldKeys = await loadFieldKeys(config);
      await seed({ adminUrl: database.adminUrl, size: config.seed, fieldKeys });
    }
    const pages = await measure(database);
    if (json) console.log(JSON.stringify(pages));
    else console.table(besideEachOther(pages));
  } finally {
    await database.stop();
  }
}

async function measure({ adminUrl, urls }: Pick<Awaited<ReturnType<typeof prepareDatabase>>, 'adminUrl' | 'urls'>) {
  await using admin = await connect(adminUrl);
  await using orders = await connect(urls.orders);
  await using billing = await connect(urls.billing);
  await using users = await connect(urls.users);
  const clients = { users, orders, billing };
  // As the server itself does after a while; a load of a million rows is too fresh for it.
  await admin.client.query('VACUUM ANALYZE');
  await using graph = await startTestGraph({ database: { urls }, issuer: DEVELOPMENT_ISSUER });
  const lists = await findLongLists(async (text) => (await admin.client.query(text)).rows as never);
  const pages: MeasuredPage[] = [];
  for (const list of lists)
    pages.push(
      ...(await measurePages(
        graph,
        (statement) => explain(clients[statement.subgraph].client, statement, 'ANALYZE, BUFFERS'),
        list,
        PAGE_SIZE,
      )),
    );
  return pages;
}

async function connect(connectionString: string) {
  const client = new pg.Client({ connectionString });
  await client.connect();
  return { client, [Symbol.asyncDispose]: () => client.end() };
}

function besideEachOther(pages: readonly MeasuredPage[]) {
  const rows: Record<string, Record<string, number>> = {};
  for (const { list, place, buffers, executionMs } of pages)
    Object.assign((rows[list] ??= {}), { [`${place}: buffers`]: buffers, [`${place}: ms`]: executionMs });
  return rows;
}
