import { createSubgraph } from '@tributary/kit';
import type { RunningSubgraph, SubgraphDefinition, SubgraphDependencies } from '@tributary/kit';
import { accessMap, subgraphSdl } from '@tributary/schema';

import { extendContext } from './context.ts';
import type { OrdersContext } from './context.ts';
import { entities } from './entities.ts';
import { permissions } from './permissions.ts';
import { resolvers } from './resolvers.ts';

/** What the subgraph is made of. */
export const defineOrdersSubgraph = (): SubgraphDefinition<OrdersContext> => ({
  name: 'orders',
  sdl: subgraphSdl('orders'),
  resolvers,
  permissions,
  requirements: accessMap().fields,
  entities,
  extendContext,
});

/** The subgraph of catalog and orders. Rejects when its database cannot be reached. */
export function createOrdersSubgraph(dependencies: SubgraphDependencies): Promise<RunningSubgraph> {
  return createSubgraph(defineOrdersSubgraph(), dependencies);
}
