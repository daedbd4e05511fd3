import { systemClock } from '@tributary/kit/clock';
import type { Handle } from '@tributary/kit/lifecycle';
import { createLogger } from '@tributary/kit/logger';

import { readGatewayProcessConfig } from './config.ts';
import { startRemoteGateway } from './remote-gateway.ts';

// The gateway as a process of its own, in front of subgraphs that it reaches over HTTP. SIGTERM and SIGINT drain it, also while it
// is still starting.

const starting = start();
process.once('SIGTERM', () => void stop());
process.once('SIGINT', () => void stop());
await starting.catch(fail);

async function start(): Promise<Handle> {
  const config = readGatewayProcessConfig();
  const logger = createLogger({ level: config.logLevel, name: 'gateway' });
  const gateway = await startRemoteGateway(config, { logger, clock: systemClock });
  logger.info({ url: `${gateway.url}/graphql` }, 'the gateway is ready');
  return gateway;
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
