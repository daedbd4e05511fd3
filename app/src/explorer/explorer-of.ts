import type { FastifyInstance } from 'fastify';

import { SANDBOX_ORIGIN } from '@tributary/gateway/config';
import type { GatewayConfig } from '@tributary/gateway/config';
import { workloadDocument } from '@tributary/schema';

import type { AppConfig } from '../config.ts';

export interface ExplorerSettings extends Pick<AppConfig, 'explorer' | 'publicBaseUrl' | 'developmentAudience'> {
  gateway: Pick<GatewayConfig, 'introspection' | 'corsOrigins'>;
}

/** The explorer as these settings want it; without routes where they do not. `ownUrl` is where the process listens. */
export function explorerOf(config: ExplorerSettings, ownUrl: string): (app: FastifyInstance) => Promise<void> {
  const { explorer, publicBaseUrl, developmentAudience, gateway } = config;
  return async (app) => {
    if (!explorer) return;
    const { createExplorer } = await import('./explorer-routes.ts'); // loaded only where it is served
    const routes = createExplorer({
      endpoint: `${(publicBaseUrl ?? ownUrl).replace(/\/$/, '')}/graphql`,
      personas: developmentAudience !== undefined,
      introspection: gateway.introspection,
      sandbox: gateway.corsOrigins.includes(SANDBOX_ORIGIN),
      workload: workloadDocument(),
    });
    await routes(app);
  };
}
