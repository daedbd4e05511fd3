import { readFile } from 'node:fs/promises';

import { systemClock } from '@tributary/kit/clock';
import { createInternalTokenSigner } from '@tributary/kit/internal-token';
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

// The gateway as a process of its own, in front of subgraphs that it reaches over HTTP. SIGTERM and SIGINT drain it, also while it
// is still starting.

const starting = start();
process.once('SIGTERM', () => void stop());
process.once('SIGINT', () => void stop());
await starting.catch(fail);

async function start(): Promise<Handle> {
  const config = readGatewayProcessConfig();
  return startWith((stack) => startParts(config, (handle) => stack.use(handle)).then(() => stack));
}

async function startParts(config: GatewayProcessConfig, use: <T extends Handle>(handle: T) => T): Promise<void> {
  const { gateway: settings, internalTokenKey, subgraphUrls, supergraphFile } = config;
  const clock = systemClock;
  const logger = createLogger({ level: config.logLevel, name: 'gateway' });
  const signer = await createInternalTokenSigner(internalTokenKey, clock);
  const remote = Object.entries(subgraphUrls).map(([name, url]) =>
    use(createHttpTransport({ name, url, signer, clock, logger })),
  );
  const nodes = createInProcessTransport(createNodesSubgraph(subgraphSdl('nodes')), { clock });
  const directory = use(createHttpFindPrincipal({ url: subgraphUrls.users, signer }));
  const { url } = use(
    await startGateway(settings, {
      supergraphSdl: supergraphFile === undefined ? supergraphSdl() : await readFile(supergraphFile, 'utf8'),
      transports: [...remote, nodes],
      findPrincipal: directory.findPrincipal,
      logger,
      clock,
    }),
  );
  logger.info({ url: `${url}/graphql` }, 'the gateway is ready');
}

async function stop(): Promise<void> {
  try {
    await (await starting).stop();
    process.exit(0);
  } catch (error) {
    fail(error);
  }
}

// Settings, a port in use, a supergraph that cannot be served: the message says what to do, a stack would only hide it.
function fail(error: unknown): never {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
}
