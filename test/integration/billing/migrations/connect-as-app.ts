import pg from 'pg';

import type { TestDatabase } from '../../../kit/postgres.ts';

export interface AppConnection extends AsyncDisposable {
  run: (text: string, ...values: unknown[]) => Promise<pg.QueryResultRow[]>;
}

/** A connection in the role that the billing subgraph runs as. */
export async function connectAsApp(database: TestDatabase): Promise<AppConnection> {
  const client = new pg.Client({ connectionString: database.urls.billing });
  await client.connect();
  return {
    run: async (text, ...values) => (await client.query<pg.QueryResultRow>(text, values)).rows,
    [Symbol.asyncDispose]: () => client.end(),
  };
}

export const ACCOUNT = '01920000-0000-7000-8000-00000000000a';

/** The account that invoices and customer balances of these tests belong to. */
export async function addAccount({ run }: AppConnection): Promise<void> {
  await run(
    `INSERT INTO billing.billing_accounts (id, owner_type, owner_id, currency) VALUES ($1, 'USER', $1, 'EUR')`,
    ACCOUNT,
  );
}
