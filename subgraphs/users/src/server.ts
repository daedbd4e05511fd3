import {
  ALL_WALLS,
  createInternalTokenVerifier,
  startPostgresTransport,
  startSubgraphServer,
  startWith,
} from '@tributary/kit';
import type { Clock, Logger, SubgraphServer, Walls } from '@tributary/kit';

import type { UsersConfig } from './config.ts';
import { createUsersSubgraph } from './create-users-subgraph.ts';
import { createPrincipalRoutes } from './principal/principal.route.ts';

/** Runs the subgraph behind its own HTTP server; `walls` is set by tests only. Listens when it resolves; `stop()` drains and closes the database. */
export function startUsersServer(
  config: UsersConfig,
  { logger, clock, walls = ALL_WALLS }: { logger: Logger; clock: Clock; walls?: Walls },
): Promise<SubgraphServer> {
  return startWith(async (stack) => {
    const events = stack.use(await startPostgresTransport({ url: config.eventsUrl, logger }));
    const { databaseUrl, cursorKey, host, port } = config;
    const subgraph = stack.use(await createUsersSubgraph({ databaseUrl, cursorKey, logger, clock, walls }));
    await subgraph.startWorkers(events);
    const tokens = await createInternalTokenVerifier({ ...config.internalTokenKey }, subgraph.name, clock);
    const internalRoutes = createPrincipalRoutes(subgraph.findPrincipal);
    const server = stack.use(
      await startSubgraphServer({ subgraph, host, port, clock, logger, tokens, internalRoutes }),
    );
    return { url: server.url, stop: () => stack.stop() };
  });
}
