import { readFile } from 'node:fs/promises';

import type { FastifyInstance } from 'fastify';

import type { Clock } from '@tributary/kit/clock';
import { createInternalTokenSigner } from '@tributary/kit/internal-token';
import { startWith } from '@tributary/kit/lifecycle';
import type { Logger } from '@tributary/kit/logger';
import { subgraphSdl, supergraphSdl } from '@tributary/schema';

import { createHttpFindPrincipal } from './auth/http-find-principal.ts';
import type { GatewayProcessConfig } from './config.ts';
import { startGateway } from './server.ts';
import type { GatewayServer } from './server.ts';
import { createOwnSubgraphTransport } from './transport/own-subgraph.ts';
import { createInProcessTransport } from './transport/in-process.ts';
import { createNodesSubgraph } from './transport/nodes-subgraph.ts';

export interface RemoteGatewayDependencies {
  logger: Logger;
  clock: Clock;
  /** Mounts further routes, in a scope of their own, before the server listens. */
  routes?: (app: FastifyInstance) => void | Promise<void>;
}

/** A gateway in front of subgraphs that it reaches over HTTP. Listens when it resolves; `stop()` drains it and closes the connections. */
export function startRemoteGateway(
  config: GatewayProcessConfig,
  { logger, clock, routes }: RemoteGatewayDependencies,
): Promise<GatewayServer> {
  return startWith(async (stack) => {
    const { guards, internalTokenKey, subgraphUrls, supergraphFile } = config;
    const signer = await createInternalTokenSigner(internalTokenKey, clock);
    const remote = Object.entries(subgraphUrls).map(([name, url]) =>
      stack.use(createOwnSubgraphTransport({ name, url, signer, guards, clock, logger })),
    );
    const nodes = createInProcessTransport(createNodesSubgraph(subgraphSdl('nodes')), { clock });
    const directory = stack.use(createHttpFindPrincipal({ url: subgraphUrls.users, signer }));
    const { url } = stack.use(
      await startGateway(config.gateway, {
        supergraphSdl: supergraphFile === undefined ? supergraphSdl() : await readFile(supergraphFile, 'utf8'),
        transports: [...remote, nodes],
        findPrincipal: directory.findPrincipal,
        logger,
        clock,
        ...(routes && { routes }),
      }),
    );
    return { url, stop: () => stack.stop() };
  });
}
