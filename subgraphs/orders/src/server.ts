import {
  ALL_WALLS,
  createInternalTokenVerifier,
  startPostgresTransport,
  startSubgraphServer,
  startWith,
} from '@tributary/kit';
import type { Clock, Logger, SubgraphServer, Walls } from '@tributary/kit';

import type { OrdersConfig } from './config.ts';
import { createOrdersSubgraph } from './create-orders-subgraph.ts';

/** Runs the subgraph behind its own HTTP server; `walls` is set by tests only. Listens when it resolves; `stop()` drains and closes the database. */
export function startOrdersServer(
  config: OrdersConfig,
  { logger, clock, walls = ALL_WALLS }: { logger: Logger; clock: Clock; walls?: Walls },
): Promise<SubgraphServer> {
  return startWith(async (stack) => {
    const events = stack.use(await startPostgresTransport({ url: config.eventsUrl, logger }));
    const { databaseUrl, cursorKey, deadlines, host, port } = config;
    const subgraph = stack.use(await createOrdersSubgraph({ databaseUrl, cursorKey, logger, clock, walls, deadlines }));
    await subgraph.startWorkers(events);
    const tokens = await createInternalTokenVerifier({ ...config.internalTokenKey }, subgraph.name, clock);
    const server = stack.use(await startSubgraphServer({ subgraph, host, port, clock, logger, tokens }));
    return { url: server.url, stop: () => stack.stop() };
  });
}
