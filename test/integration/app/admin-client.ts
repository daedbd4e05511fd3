import { setTimeout as sleep } from 'node:timers/promises';

import pg from 'pg';
import { expect, onTestFinished } from 'vitest';

/** A connection for one test to a server that may be stopped under it. */
export async function connectAdmin(adminUrl: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: adminUrl });
  client.on('error', () => undefined);
  await client.connect();
  onTestFinished(() => client.end());
  return client;
}

/** Keeps queries for products waiting until it is called off. Resolves when `query`, which asks for products, does wait. */
export async function holdUp(adminUrl: string, query: () => Promise<unknown>): Promise<() => Promise<void>> {
  // Two connections: within the transaction, connections that were made since the first look would not be seen.
  const [client, watcher] = [await connectAdmin(adminUrl), await connectAdmin(adminUrl)];
  await client.query('BEGIN');
  await client.query('LOCK TABLE orders.products IN ACCESS EXCLUSIVE MODE');
  const tooEarly = query().then((body) => Promise.reject(new Error(`It did not wait: ${JSON.stringify(body)}`)));
  await Promise.race([waitForBlockedStatement(watcher), tooEarly]);
  tooEarly.catch(() => undefined); // from here on it is to be answered
  return async () => void (await client.query('ROLLBACK'));
}

async function waitForBlockedStatement(client: pg.Client): Promise<void> {
  for (;;) {
    const { rows } = await client.query(
      `SELECT FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND application_name LIKE 'tributary-orders%'`,
    );
    if (rows.length > 0) return;
    await sleep(20);
  }
}

export async function expectNoServerAt(adminUrl: string): Promise<void> {
  const client = new pg.Client({ connectionString: adminUrl });
  await expect(client.connect()).rejects.toMatchObject({ code: 'ECONNREFUSED' });
}
