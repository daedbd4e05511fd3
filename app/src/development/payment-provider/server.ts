import type { AddressInfo } from 'node:net';

import Fastify from 'fastify';

import type { Clock } from '@tributary/kit/clock';
import { SECOND } from '@tributary/kit/clock';
import { createDrain } from '@tributary/kit/drain';
import { startWith } from '@tributary/kit/lifecycle';
import type { Handle } from '@tributary/kit/lifecycle';
import type { Logger } from '@tributary/kit/logger';

import { localUrl } from '../../listen-address.ts';
import type { DevelopmentProviderConfig } from './config.ts';
import { createDevelopmentProvider } from './payment-provider.ts';

export interface DevelopmentProviderServer extends Handle {
  readonly url: string;
}

const MAX_BODY_BYTES = 64 * 1024;
const DRAIN_TIMEOUT_MS = 5 * SECOND;

/** Runs the development provider behind a server of its own. Listens when it resolves. */
export function startDevelopmentProvider(
  config: DevelopmentProviderConfig,
  { logger, clock }: { logger: Logger; clock: Clock },
): Promise<DevelopmentProviderServer> {
  return startWith(async (stack) => {
    let url = '';
    const baseUrl = () => config.publicBaseUrl ?? url;
    const provider = stack.use(await createDevelopmentProvider({ ...config, baseUrl, logger, clock }));
    const server = Fastify({ bodyLimit: MAX_BODY_BYTES, forceCloseConnections: 'idle', logger: false });
    const drain = createDrain(server, DRAIN_TIMEOUT_MS);
    stack.use(drain);
    server.get('/livez', () => ({ status: 'alive' }));
    server.get('/readyz', async (_request, reply) => {
      const ready = !drain.isDraining() && (await provider.isReady());
      return reply.code(ready ? 200 : 503).send({ status: ready ? 'ready' : 'not ready' });
    });
    server.register(async (scope) => provider.routes(scope));
    await server.listen({ host: config.host, port: config.port });
    const { port } = server.server.address() as AddressInfo;
    url = localUrl({ host: config.host, port });
    return { url, stop: () => stack.stop() };
  });
}
