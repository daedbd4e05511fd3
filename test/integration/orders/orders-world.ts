import { createLogger, systemClock, toGlobalId } from '@tributary/kit';
import type { Clock, IdType, OrganizationRole, Principal, Role, RunningSubgraph } from '@tributary/kit';
import { createOrdersSubgraph } from '@tributary/orders';
import type { OrdersDependencies } from '@tributary/orders';

import { startTestPostgres } from '../../kit/postgres.ts';
import type { TestDatabase } from '../../kit/postgres.ts';

// The orders subgraph asked directly, with every statement it sends, and a short way to write rows.

export interface OrdersWorld extends AsyncDisposable {
  database: TestDatabase;
  subgraph: RunningSubgraph;
  /** Runs one operation. `sql` holds the statements it took. */
  ask(principal: Principal | null, query: string, variables?: Record<string, unknown>): Promise<Answer>;
}

export interface Answer {
  data: unknown;
  /** Path and code of each error. */
  errors: string[];
  sql: { text: string; parameters: readonly unknown[] }[];
}

export async function startOrdersWorld(
  options: Pick<OrdersDependencies, 'deadlines' | 'maxConnections' | 'subscriptions' | 'walls'> & {
    clock?: Clock;
  } = {},
): Promise<OrdersWorld> {
  const database = await startTestPostgres();
  let sql: Answer['sql'] = [];
  const subgraph = await createOrdersSubgraph({
    databaseUrl: database.urls.orders,
    cursorKey: new Uint8Array(32),
    logger: createLogger({ level: 'silent', name: 'test' }),
    clock: systemClock,
    onStatement: (text, parameters) => void sql.push({ text, parameters }),
    ...options,
  });
  return {
    database,
    subgraph,
    async ask(principal, query, variables = {}) {
      sql = [];
      const call = { principal, requestId: 'test', deadline: Date.now() + 10_000 };
      const { data, errors = [] } = await subgraph.execute({ query, variables }, call);
      return {
        data: JSON.parse(JSON.stringify(data ?? null)) as unknown,
        errors: errors.map(({ path = [], extensions }) => `${path.join('.')} ${String(extensions.code)}`),
        sql,
      };
    },
    async [Symbol.asyncDispose]() {
      await subgraph.stop();
      await database[Symbol.asyncDispose]();
    },
  };
}

const KINDS = [
  'user',
  'organization',
  'order',
  'line',
  'shipment',
  'return',
  'event',
  'product',
  'variant',
  'membership',
] as const;

/** A fixed UUID per kind and number; later numbers sort later. */
export function uuid(kind: (typeof KINDS)[number], number: number): string {
  const prefix = (KINDS.indexOf(kind) + 1).toString(16).padStart(4, '0');
  return `01920000-${prefix}-7000-8000-${number.toString(16).padStart(12, '0')}`;
}

export const orderId = (number: number) => toGlobalId('Order', uuid('order', number));
export const reference = (type: IdType, id: string) => ({ __typename: type, id: toGlobalId(type, id) });

const session = { authTime: null, amr: [] };

/** A person with a number, and with roles in numbered organizations. */
export const customer = (number: number, memberships: Record<number, OrganizationRole> = {}): Principal => ({
  ...session,
  type: 'user',
  userId: uuid('user', number),
  roles: ['CUSTOMER'],
  scopes: ['orders:read', 'orders:write'],
  memberships: Object.entries(memberships).map(([organization, role]) => ({
    organizationId: uuid('organization', Number(organization)),
    role,
  })),
});

const STAFF_SCOPES: Partial<Record<Role, readonly string[]>> = {
  SUPPORT: ['orders:read', 'orders:write', 'orders:fulfill', 'support:read'],
  FINANCE: ['orders:read', 'billing:read_all'],
  ADMIN: ['orders:read', 'support:read', 'catalog:write'],
};
export const staff = (role: 'SUPPORT' | 'FINANCE' | 'ADMIN'): Principal => ({
  ...session,
  type: 'user',
  userId: uuid('user', 999),
  roles: [role],
  scopes: STAFF_SCOPES[role]!,
  memberships: [],
});

/** The client of a numbered organization. */
export const apiClient = (organization: number, scopes: readonly string[] = ['orders:read']): Principal => ({
  ...session,
  type: 'client',
  clientId: uuid('user', 1000 + organization),
  organizationId: uuid('organization', organization),
  roles: ['PARTNER'],
  scopes,
});

export const service = (...scopes: readonly string[]): Principal => ({
  ...session,
  type: 'service',
  service: 'warehouse',
  roles: ['SERVICE'],
  scopes,
});

export interface OrderRow {
  number: number;
  buyer?: number;
  organization?: number;
  partner?: number;
  /** Day of May 2026 on which it was placed; left out for drafts. */
  placed?: number;
  columns?: Record<string, unknown>;
}

/** Inserts an order: a draft unless it was placed, then CONFIRMED. */
export async function insertOrder({ database }: OrdersWorld, row: OrderRow): Promise<void> {
  const placedAt = row.placed === undefined ? null : `2026-05-${String(row.placed).padStart(2, '0')}T10:00:00.000Z`;
  await insert(database, 'orders.orders', {
    id: uuid('order', row.number),
    number: placedAt && `T-${row.number}`,
    status: placedAt ? 'CONFIRMED' : 'DRAFT',
    channel: row.partner === undefined ? 'WEB' : 'PARTNER_API',
    buyer_id: row.buyer === undefined ? null : uuid('user', row.buyer),
    organization_id: row.organization === undefined ? null : uuid('organization', row.organization),
    partner_organization_id: row.partner === undefined ? null : uuid('organization', row.partner),
    currency: 'EUR',
    placed_at: placedAt,
    created_at: '2026-05-01T00:00:00.000Z',
    updated_at: placedAt ?? '2026-05-01T00:00:00.000Z',
    ...row.columns,
  });
}

export async function insert(database: TestDatabase, table: string, row: Record<string, unknown>): Promise<void> {
  const columns = Object.keys(row);
  const values = columns.map((_, index) => `$${index + 1}`);
  await database.query(
    `INSERT INTO ${table} (${columns.join(', ')}) VALUES (${values.join(', ')})`,
    Object.values(row).map((value) =>
      typeof value === 'object' && value !== null && !Array.isArray(value) ? JSON.stringify(value) : value,
    ),
  );
}
