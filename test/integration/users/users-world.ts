import { createLogger, systemClock } from '@tributary/kit';
import type { Principal, PrincipalMembership, Role, Walls } from '@tributary/kit';
import { createUsersSubgraph } from '@tributary/users';
import type { UsersSubgraph } from '@tributary/users';

import { clients, insertFixture, organizations, people } from '../../kit/fixture.ts';
import type { ClientName, Person } from '../../kit/fixture.ts';
import { startTestPostgres } from '../../kit/postgres.ts';
import type { TestDatabase } from '../../kit/postgres.ts';

// The users subgraph on the access world, asked directly, with every statement it sends.

export interface UsersWorld extends AsyncDisposable {
  database: TestDatabase;
  subgraph: UsersSubgraph;
  /** Runs one operation. `sql` holds the statements it took. */
  ask(principal: Principal | null, query: string, variables?: Record<string, unknown>): Promise<Answer>;
}

export interface Answer {
  data: unknown;
  /** Path and code of each error. */
  errors: string[];
  sql: string[];
}

export interface UsersWorldOptions {
  walls?: Walls;
  logger?: ReturnType<typeof createLogger>;
}

export async function startUsersWorld(options: UsersWorldOptions = {}): Promise<UsersWorld> {
  const database = await startTestPostgres();
  await insertFixture(database.client);
  let sql: string[] = [];
  const subgraph = await createUsersSubgraph({
    databaseUrl: database.urls.users,
    cursorKey: new Uint8Array(32),
    logger: options.logger ?? createLogger({ level: 'silent', name: 'test' }),
    clock: systemClock,
    onStatement: (text) => void sql.push(text),
    ...(options.walls && { walls: options.walls }),
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

const session = { authTime: null, amr: [] };
const members: Partial<Record<Person, PrincipalMembership>> = {
  organizationOwner: { organizationId: organizations.buying, role: 'OWNER' },
  billingManager: { organizationId: organizations.buying, role: 'BILLING_MANAGER' },
  organizationBuyer: { organizationId: organizations.buying, role: 'BUYER' },
  viewer: { organizationId: organizations.buying, role: 'VIEWER' },
  stranger: { organizationId: organizations.strangers, role: 'OWNER' },
};
const staff: Partial<Record<Person, { roles: readonly Role[]; scopes: readonly string[] }>> = {
  support: { roles: ['SUPPORT'], scopes: ['users:read_pii', 'support:read'] },
  finance: { roles: ['FINANCE'], scopes: ['users:read_pii'] },
  admin: { roles: ['ADMIN'], scopes: ['users:read_pii', 'users:write', 'support:read'] },
};

export function person(name: Person): Principal {
  const membership = members[name];
  return {
    ...session,
    ...(staff[name] ?? { roles: ['CUSTOMER'], scopes: [] }),
    type: 'user',
    userId: people[name],
    memberships: membership ? [membership] : [],
  };
}

export const apiClient = (name: ClientName, organizationId: string): Principal => ({
  ...session,
  type: 'client',
  roles: ['PARTNER'],
  scopes: [],
  clientId: clients[name],
  organizationId,
});

export const service = (scopes: readonly string[] = []): Principal => ({
  ...session,
  type: 'service',
  service: 'orders',
  roles: ['SERVICE'],
  scopes,
});
