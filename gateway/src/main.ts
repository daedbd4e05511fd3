import { readFile } from 'node:fs/promises';

import { systemClock } from '@tributary/kit/clock';
import { createInternalTokenSigner } from '@tributary/kit/internal-token';
import { invariant } from '@tributary/kit/invariant';
import { startWith } from '@tributary/kit/lifecycle';
import type { Handle } from '@tributary/kit/lifecycle';
import { createLogger } from '@tributary/kit/logger';
import { subgraphSdl, supergraphSdl } from '@tributary/schema';

import { createHttpFindPrincipal } from './auth/http-find-principal.ts';
import { readGatewayProcessConfig } from './config.ts';
import type { GatewayProcessConfig } from './config.ts';
import { startGateway } from './server.ts';
import { createHttpTransport } from './transport/http.ts';
import { createInProcessTransport } from './transport/in-process.ts';
import { createNodesSubgraph } from './transport/nodes-subgraph.ts';

// The gateway as a process of its own, in front of subgraphs that it reaches over HTTP.

function start(config: GatewayProcessConfig): Promise<Handle> {
  return startWith(async (stack) => {
    const clock = systemClock;
    const logger = createLogger({ level: config.logLevel, name: 'gateway' });
    const { internalTokenKey, subgraphUrls } = config;
    invariant(internalTokenKey, 'The settings were read without a key.');
    const signer = await createInternalTokenSigner(internalTokenKey, clock);
    const remote = Object.entries(subgraphUrls).map(([name, url]) =>
      stack.use(createHttpTransport({ name, url, signer, clock, logger })),
    );
    const nodes = createInProcessTransport(createNodesSubgraph(subgraphSdl('nodes')), { clock });
    const directory = stack.use(createHttpFindPrincipal({ url: subgraphUrls.users, signer }));
    const gateway = await startGateway(config.gateway, {
      supergraphSdl: config.supergraphFile ? await readFile(config.supergraphFile, 'utf8') : supergraphSdl(),
      transports: [...remote, nodes],
      findPrincipal: directory.findPrincipal,
      logger,
      clock,
    });
    stack.use(gateway);
    logger.info({ url: `${gateway.url}/graphql` }, 'ready');
    return stack;
  });
}

async function main(): Promise<void> {
  const gateway = await start(readGatewayProcessConfig());
  const stop = () => void gateway.stop().then(() => process.exit(0), fail);
  process.once('SIGTERM', stop);
  process.once('SIGINT', stop);
}

function fail(error: unknown): void {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
}

main().catch(fail);
