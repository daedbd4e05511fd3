import { demoFacts, DEVELOPMENT_ISSUER, personas } from '@tributary/app/seed/index';
import { startWith } from '@tributary/kit/lifecycle';

import { startTestGraph } from '../../kit/graph.ts';
import type { TestGraph } from '../../kit/graph.ts';
import type { TokenSubject } from '../../kit/issuer.ts';
import { startTestPostgres } from '../../kit/postgres.ts';
import type { TestDatabase } from '../../kit/postgres.ts';

// The medium company, made harder to page through: long runs of rows that share a sort key, several pages of rows without one, and
// a change from this very moment. The callers stand in every relation to orders and invoices there is; what each may see is written
// down here as plain SQL over the tables, apart from the code that answers them.

export interface Caller {
  as: TokenSubject;
  /** What the caller may see, about a row `o` of orders.orders. */
  orders: string;
  /** The same about a row `i` of billing.invoices; null for those who read no invoices at all. */
  invoices: string | null;
}

export const CALLERS = [
  'customer',
  'owner',
  'billingManager',
  'viewer',
  'memberOfMany',
  'partner',
  'support',
  'finance',
  'admin',
] as const;
export type CallerName = (typeof CALLERS)[number];

export interface PagingWorld extends AsyncDisposable {
  database: TestDatabase;
  graph: TestGraph;
  callers: Record<CallerName, Caller>;
  /** The first column of a plain statement. */
  column: (text: string, values?: readonly unknown[]) => Promise<string[]>;
}

/** Seeding takes long on a busy machine, and the first file that asks for a seed waits for it. */
export const SEED_TIMEOUT_MS = 240_000;

export function startPagingWorld(): Promise<PagingWorld> {
  return startWith(async (stack) => {
    const database = await startTestPostgres({ seed: 'medium' });
    stack.defer(async () => database[Symbol.asyncDispose]());
    await makeHarder(database);
    const graph = await startTestGraph({ database, issuer: DEVELOPMENT_ISSUER });
    stack.defer(async () => graph[Symbol.asyncDispose]());
    return {
      database,
      graph,
      callers: await findCallers(database),
      column: async (text, values) => {
        const rows = await database.query<Record<string, string>>(text, values);
        return rows.map((row) => Object.values(row)[0]!);
      },
      [Symbol.asyncDispose]: () => stack.stop(),
    };
  });
}

/** Picks one row in `many`, the same ones every time. */
const oneIn = (many: number, id = 'id') => `get_byte(uuid_send(${id}), 15) % ${many} = 0`;

async function makeHarder(database: TestDatabase): Promise<void> {
  const query = (text: string, values?: readonly unknown[]) => database.query(text, values);
  // No triggers: finalized invoices do not let their time of creation be changed.
  await query(`SET session_replication_role = replica`);
  await query(`UPDATE orders.orders SET status = 'DRAFT', number = NULL, placed_at = NULL
    WHERE status IN ('PENDING', 'COMPLETED') AND ${oneIn(64)}`);
  for (const [table, time] of [
    ['orders.orders', 'placed_at'],
    ['billing.invoices', 'created_at'],
  ])
    await query(`UPDATE ${table} SET ${time} = date_trunc('month', ${time}), updated_at = date_trunc('month', updated_at)
      WHERE ${oneIn(4)}`);
  await query(`INSERT INTO billing.invoices (id, account_id, customer_id, organization_id, partner_organization_id,
      status, currency, subtotal_minor, tax_minor, total_minor, created_at, updated_at)
    SELECT gen_random_uuid(), account_id, customer_id, organization_id, partner_organization_id,
      'DRAFT', currency, subtotal_minor, tax_minor, total_minor, created_at, updated_at
    FROM billing.invoices WHERE ${oneIn(64)}`);
  // Being written right now: lists by time of change withhold it, others do not.
  for (const table of ['orders.orders', 'billing.invoices'])
    await query(`UPDATE ${table} SET updated_at = now() + interval '1 hour' WHERE ${oneIn(251)}`);

  // An organization that many members and clients joined at once, and a person who joined a dozen organizations at once.
  await query(
    `INSERT INTO users.memberships (id, organization_id, user_id, role, created_at)
    SELECT gen_random_uuid(), o.id, u.id, 'VIEWER', date_trunc('year', u.created_at)
    FROM users.users u, users.organizations o WHERE o.name = $1 AND ${oneIn(8, 'u.id')} ON CONFLICT DO NOTHING`,
    [demoFacts.buyingOrganization],
  );
  await query(
    `INSERT INTO users.memberships (id, organization_id, user_id, role, created_at)
    SELECT gen_random_uuid(), o.id, u.id, 'VIEWER', date_trunc('year', o.created_at)
    FROM users.users u, (SELECT * FROM users.organizations ORDER BY name <> $2, id LIMIT 12) o WHERE u.legacy_customer_number = $1
    ON CONFLICT DO NOTHING`,
    [demoFacts.singleOrderCustomerNumbers[0], demoFacts.buyingOrganization],
  );
  await query(
    `INSERT INTO users.api_clients
      (id, organization_id, client_id, name, scopes, status, rate_limit_points, created_at)
    SELECT gen_random_uuid(), o.id, 'client-' || n, 'Client ' || n, '{}', 'ACTIVE', 10, date_trunc('year', now())
    FROM users.organizations o, generate_series(1, 50) n WHERE o.name = $1`,
    [demoFacts.buyingOrganization],
  );
  await query(`SET session_replication_role = origin`);
  await query(`VACUUM ANALYZE`);
}

async function findCallers(database: TestDatabase): Promise<Record<CallerName, Caller>> {
  const subjectOf = async (text: string) => {
    const [found] = await database.query<{ oidc_subject: string }>(text);
    return found!.oidc_subject;
  };
  // Somebody whose strongest role is `role`, in the organization with the most orders that has one.
  const member = (role: string) =>
    subjectOf(`SELECT u.oidc_subject FROM users.users u JOIN users.memberships m ON m.user_id = u.id
      WHERE u.oidc_subject IS NOT NULL AND u.status = 'ACTIVE' AND m.role = '${role}'
      AND 1 = (SELECT count(*) FROM users.memberships other WHERE other.user_id = u.id)
      ORDER BY (SELECT count(*) FROM orders.orders o WHERE o.organization_id = m.organization_id) DESC, u.id LIMIT 1`);
  const mostOrders = (memberships: string) =>
    subjectOf(`SELECT u.oidc_subject FROM users.users u WHERE u.oidc_subject IS NOT NULL AND u.status = 'ACTIVE'
      AND (SELECT count(*) FROM users.memberships m WHERE m.user_id = u.id) ${memberships}
      ORDER BY (SELECT count(*) FROM orders.orders o WHERE o.buyer_id = u.id) DESC, u.id LIMIT 1`);
  const everything = { orders: 'TRUE', invoices: 'TRUE' };
  return {
    customer: person(await mostOrders('= 0')),
    owner: person(personas.buyer.subject),
    billingManager: person(await member('BILLING_MANAGER')),
    viewer: person(await member('VIEWER')),
    memberOfMany: person(await mostOrders('> 10')),
    partner: {
      as: { subject: personas.partner.clientId, client: true },
      orders: ofClient('o', personas.partner.clientId),
      invoices: ofClient('i', personas.partner.clientId),
    },
    support: { as: { subject: personas.support.subject }, ...everything },
    finance: { as: { subject: personas.finance.subject }, ...everything },
    admin: { as: { subject: personas.admin.subject }, orders: 'TRUE', invoices: null },
  };
}

/** What a person bought, and what the organizations bought in which they hold a sufficient role. */
function person(subject: string): Caller {
  const self = `(SELECT id FROM users.users WHERE oidc_subject = '${subject}')`;
  const owns = (owner: string, organization: string, roles: string) =>
    `(${owner} = ${self} OR ${organization} IN
      (SELECT organization_id FROM users.memberships WHERE user_id = ${self} AND role IN (${roles})))`;
  return {
    as: { subject },
    orders: owns('o.buyer_id', 'o.organization_id', `'OWNER', 'BILLING_MANAGER', 'BUYER', 'VIEWER'`),
    invoices: owns('i.customer_id', 'i.organization_id', `'OWNER', 'BILLING_MANAGER'`),
  };
}

/** What the client's organization placed for others or bought for itself. */
const ofClient = (row: string, clientId: string) =>
  `(SELECT organization_id FROM users.api_clients WHERE client_id = '${clientId}')
    IN (${row}.partner_organization_id, ${row}.organization_id)`;
