import { createSubgraph } from '@tributary/kit';
import type { Clock, RunningSubgraph, SubgraphDefinition, SubgraphDependencies } from '@tributary/kit';
import { accessMap, subgraphSdl } from '@tributary/schema';

import { userHandlers } from './buyer/user-events.ts';
import { extendContext } from './context.ts';
import type { OrdersContext } from './context.ts';
import { entities } from './entities.ts';
import { createBillingHandlers } from './order/billing-events.ts';
import { createDeadlineJob } from './order/order-deadlines.job.ts';
import { DEFAULT_DEADLINES } from './order/order-saga.ts';
import type { OrderDeadlines } from './order/order-saga.ts';
import { permissions } from './permissions.ts';
import { createResolvers } from './resolvers.ts';

export interface OrdersDependencies extends SubgraphDependencies {
  /** How long a placed order waits for its money; those left out are the usual ones. */
  deadlines?: Partial<OrderDeadlines>;
}

/** What the subgraph is made of. */
export function defineOrdersSubgraph({
  clock,
  deadlines: changed,
}: {
  clock: Clock;
  deadlines?: Partial<OrderDeadlines>;
}): SubgraphDefinition<OrdersContext> {
  const deadlines = { ...DEFAULT_DEADLINES, ...changed };
  return {
    name: 'orders',
    sdl: subgraphSdl('orders'),
    resolvers: createResolvers(deadlines),
    permissions,
    requirements: accessMap().fields,
    entities,
    extendContext,
    handlers: { ...createBillingHandlers(deadlines), ...userHandlers },
    jobs: ({ writer }) => [createDeadlineJob({ writer, clock, deadlines })],
  };
}

/** The subgraph of catalog and orders. Rejects when its database cannot be reached. */
export function createOrdersSubgraph(dependencies: OrdersDependencies): Promise<RunningSubgraph> {
  return createSubgraph(defineOrdersSubgraph(dependencies), dependencies);
}
