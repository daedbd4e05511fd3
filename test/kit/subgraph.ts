import { createBillingSubgraph } from '@tributary/billing';
import { ALL_WALLS, createLogger, systemClock } from '@tributary/kit';
import type { Subgraph, Walls } from '@tributary/kit';
import { createOrdersSubgraph } from '@tributary/orders';
import { createUsersSubgraph } from '@tributary/users';

import { FIELD_KEYS } from './field-keys.ts';
import type { TestDatabase } from './postgres.ts';
import type { SubgraphName } from './test-database.ts';

/** What a subgraph needs to run on a test database. */
export const subgraphDependencies = (name: SubgraphName, database: TestDatabase, walls: Partial<Walls> = {}) => ({
  databaseUrl: database.urls[name],
  cursorKey: new Uint8Array(32),
  logger: createLogger({ level: 'silent', name: 'test' }),
  clock: systemClock,
  walls: { ...ALL_WALLS, ...walls },
  maxConnections: 2,
});

/** Links of the billing subgraph lead nowhere. */
export const documentLinks = { publicBaseUrl: 'http://127.0.0.1:1', linkKey: new Uint8Array(32) };

export function startTestSubgraph(
  name: SubgraphName,
  database: TestDatabase,
  { onStatement }: { onStatement?: (text: string) => void } = {},
): Promise<Subgraph> {
  const dependencies = { ...subgraphDependencies(name, database), ...(onStatement && { onStatement }) };
  if (name === 'users') return createUsersSubgraph(dependencies);
  if (name === 'orders') return createOrdersSubgraph(dependencies);
  return createBillingSubgraph({ ...dependencies, ...documentLinks, fieldKeys: FIELD_KEYS });
}
