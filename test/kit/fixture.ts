import type pg from 'pg';

import { finalizeInvoice, insertBillingSchema } from './fixture/billing.ts';
import { insertOrdersSchema } from './fixture/orders.ts';
import { insertUsersSchema } from './fixture/users.ts';

export {
  clients,
  FIXTURE_ISSUER,
  fixtureId,
  objects,
  organizations,
  people,
  waitingPayment,
} from './fixture/objects.ts';
export type { ClientName, FixtureType, Person } from './fixture/objects.ts';
export { CLIENT_SCOPES } from './fixture/users.ts';

// A tiny world for access tests: one order with everything on it, everybody who stands in some relation to it, and one second order
// that is nobody's of them. Written as plain rows, so that it depends on no code under test.

/** Inserts the world. `client` is connected as administrator. */
export async function insertFixture(client: pg.Client): Promise<void> {
  const insert = async (table: string, row: Record<string, unknown>) => {
    const columns = Object.keys(row);
    const values = columns.map((_, index) => `$${index + 1}`);
    await client.query(
      `INSERT INTO ${table} (${columns.join(', ')}) VALUES (${values.join(', ')})`,
      Object.values(row),
    );
  };
  await client.query('BEGIN');
  await insertUsersSchema(insert);
  await insertOrdersSchema(insert);
  await insertBillingSchema(insert);
  await finalizeInvoice(client);
  await client.query('COMMIT');
}
