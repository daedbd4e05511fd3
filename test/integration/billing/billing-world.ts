import { createBillingSubgraph } from '@tributary/billing';
import type { BillingSubgraph } from '@tributary/billing';
import { createLogger, newUuid, toGlobalId } from '@tributary/kit';
import type { OrganizationRole, Principal, Role, Walls } from '@tributary/kit';

import { FIELD_KEYS } from '../../kit/field-keys.ts';
import { clients, insertFixture, organizations, people } from '../../kit/fixture.ts';
import type { ClientName, Person } from '../../kit/fixture.ts';
import { startTestPostgres } from '../../kit/postgres.ts';
import type { TestDatabase, TestSeed } from '../../kit/postgres.ts';

// The billing subgraph asked directly, with every statement it sends, at a time of the test's choosing. Besides the access world it
// holds whatever rows a test adds.

export interface BillingWorld extends AsyncDisposable {
  database: TestDatabase;
  subgraph: BillingSubgraph;
  /** Runs one operation. `sql` holds the statements it took. */
  ask<Data = unknown>(principal: Principal | null, query: string, variables?: object): Promise<Answer<Data>>;
  /** Asks `_entities` for one representation and returns what came of it. */
  entity(
    principal: Principal | null,
    representation: { __typename: string; id: string },
    selection: string,
  ): Promise<Answer<unknown>>;
  insert(table: string, row: Record<string, unknown>): Promise<void>;
  /** Adds an invoice with an account of its own; finalized unless it is a draft. Returns its id. */
  addInvoice(row?: Record<string, unknown>): Promise<string>;
  addPayment(invoiceId: string, row?: Record<string, unknown>): Promise<string>;
}

export interface Answer<Data> {
  data: Data;
  /** Path and code of each error. */
  errors: string[];
  sql: Statement[];
}

export interface Statement {
  text: string;
  parameters: readonly unknown[];
}

/** What `today` is in the subgraph. */
export const NOW = new Date('2026-06-15T12:00:00.000Z');
export const PUBLIC_BASE_URL = 'http://billing.test';
export const billTo = { recipient: 'Ada Buyer', line1: 'Hauptplatz 1', city: 'Graz', country: 'AT' };

export async function startBillingWorld({
  clock = { now: () => NOW },
  seed = 'none',
  walls,
}: { clock?: { now(): Date }; seed?: TestSeed; walls?: Walls } = {}): Promise<BillingWorld> {
  const database = await startTestPostgres({ seed });
  if (seed === 'none') await insertFixture(database.client);
  let sql: Statement[] = [];
  const subgraph = await createBillingSubgraph({
    databaseUrl: database.urls.billing,
    cursorKey: new Uint8Array(32),
    linkKey: new Uint8Array(32),
    fieldKeys: FIELD_KEYS,
    publicBaseUrl: PUBLIC_BASE_URL,
    logger: createLogger({ level: 'silent', name: 'test' }),
    clock,
    onStatement: (text, parameters) => void sql.push({ text, parameters }),
    ...(walls && { walls }),
  });

  const insert = async (table: string, row: Record<string, unknown>) => {
    const columns = Object.keys(row);
    const values = columns.map((_, index) => `$${index + 1}`).join(', ');
    await database.query(`INSERT INTO ${table} (${columns.join(', ')}) VALUES (${values})`, Object.values(row));
  };
  const ask = async <Data>(principal: Principal | null, query: string, variables: object = {}) => {
    sql = [];
    const call = { principal, requestId: 'test', deadline: Number.MAX_SAFE_INTEGER };
    const { data, errors = [] } = await subgraph.execute({ query, variables: { ...variables } }, call);
    return {
      data: JSON.parse(JSON.stringify(data ?? null)) as Data,
      errors: errors.map(({ path = [], extensions }) => `${path.join('.')} ${String(extensions.code)}`),
      sql,
    };
  };
  let added = 0;
  // Ids that sort by the order in which rows were added.
  let ids = 0;
  const nextId = () => newUuid(new Date(NOW.getTime() + ids++));

  return {
    database,
    subgraph,
    ask,
    insert,
    async entity(principal, representation, selection) {
      const query = `query ($r: [_Any!]!) { _entities(representations: $r) { ... on ${representation.__typename} ${selection} } }`;
      const { data, ...rest } = await ask<{ _entities: unknown[] } | null>(principal, query, { r: [representation] });
      return { ...rest, data: data?._entities[0] ?? null };
    },
    async addInvoice(row = {}) {
      added += 1;
      const [id, accountId] = [nextId(), nextId()];
      const owner = row.account_id ? null : { id: accountId, owner_type: 'USER', owner_id: nextId(), currency: 'EUR' };
      if (owner) await insert('billing.billing_accounts', owner);
      const demand = {
        number: `W-${added}`,
        issued_on: '2026-06-01',
        due_on: '2026-06-30',
        bill_to: JSON.stringify(billTo),
      };
      await insert('billing.invoices', {
        id,
        account_id: accountId,
        customer_id: people.stranger,
        status: 'OPEN',
        currency: 'EUR',
        subtotal_minor: 1000,
        tax_minor: 200,
        total_minor: 1200,
        ...(row.status !== 'DRAFT' && demand),
        ...(row.order_id ? { order_number: `O-${added}` } : {}),
        ...row,
      });
      return id;
    },
    async addPayment(invoiceId, row = {}) {
      added += 1;
      const id = nextId();
      const [invoice] = await database.query<{ account_id: string }>(
        'SELECT account_id FROM billing.invoices WHERE id = $1',
        [invoiceId],
      );
      await insert('billing.payments', {
        id,
        invoice_id: invoiceId,
        account_id: invoice!.account_id,
        state: 'PROCESSING',
        currency: 'EUR',
        amount_minor: 1200,
        method_type: 'CARD',
        provider: 'test',
        provider_idempotency_key: `world-${added}`,
        ...row,
      });
      return id;
    },
    async [Symbol.asyncDispose]() {
      await subgraph.stop();
      await database[Symbol.asyncDispose]();
    },
  };
}

const session = { authTime: null, amr: [] };
const memberships: Partial<Record<Person, { organizationId: string; role: OrganizationRole }>> = {
  organizationOwner: { organizationId: organizations.buying, role: 'OWNER' },
  billingManager: { organizationId: organizations.buying, role: 'BILLING_MANAGER' },
  organizationBuyer: { organizationId: organizations.buying, role: 'BUYER' },
  viewer: { organizationId: organizations.buying, role: 'VIEWER' },
  stranger: { organizationId: organizations.strangers, role: 'OWNER' },
};
const staff: Partial<Record<Person, { roles: readonly Role[]; scopes: readonly string[] }>> = {
  support: { roles: ['SUPPORT'], scopes: ['billing:read', 'orders:read'] },
  finance: { roles: ['FINANCE'], scopes: ['billing:read', 'billing:read_all', 'orders:read'] },
  admin: { roles: ['ADMIN'], scopes: ['orders:read'] },
};

export function person(name: Person): Principal {
  const membership = memberships[name];
  return {
    ...session,
    ...(staff[name] ?? { roles: ['CUSTOMER'], scopes: ['billing:read', 'orders:read'] }),
    type: 'user',
    userId: people[name],
    memberships: membership ? [membership] : [],
  };
}

const clientOrganizations: Record<ClientName, string> = {
  partner: organizations.partner,
  otherPartner: organizations.otherPartner,
  organizationClient: organizations.buying,
};

export const apiClient = (name: ClientName): Principal => ({
  ...session,
  type: 'client',
  roles: ['PARTNER'],
  scopes: ['billing:read', 'orders:read'],
  clientId: clients[name],
  organizationId: clientOrganizations[name],
});

export const service: Principal = {
  ...session,
  type: 'service',
  service: 'orders',
  roles: ['SERVICE'],
  scopes: ['billing:read', 'billing:read_all'],
};

/** Everybody of the access world who has signed in, by name. */
export const callers = {
  ...(Object.fromEntries((Object.keys(people) as Person[]).map((name) => [name, person(name)])) as Record<
    Person,
    Principal
  >),
  ...(Object.fromEntries((Object.keys(clients) as ClientName[]).map((name) => [name, apiClient(name)])) as Record<
    ClientName,
    Principal
  >),
  service,
};
export type CallerName = keyof typeof callers;

export const orderReference = (uuid: string, terms: object = {}) => ({
  __typename: 'Order',
  id: toGlobalId('Order', uuid),
  ...terms,
});
