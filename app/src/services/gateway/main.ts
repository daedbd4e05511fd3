import { startRemoteGateway } from '@tributary/gateway';
import { runProcess } from '@tributary/kit/run-process';

import { createDevelopmentIssuer } from '../../development/development-issuer.ts';
import { explorerOf } from '../../explorer/index.ts';
import { localUrl } from '../../listen-address.ts';
import { readGraphGatewayConfig } from './config.ts';
import { createDocumentRoutes } from './document-routes.ts';
import { createWebhookRoutes } from './webhook-routes.ts';

// The gateway of this graph as a process of its own: what clients and the payment provider find on it is what the all-in-one process
// offers, documents, webhooks and development identities included. The gateway workspace's own main knows none of these.

await runProcess(
  'gateway',
  () => readGraphGatewayConfig(),
  async (config, { logger, clock }) => {
    const { development, gateway } = config;
    const billingUrl = config.subgraphUrls.billing;
    const mountIssuer =
      development &&
      (await createDevelopmentIssuer({ key: development.issuerKey, audience: development.audience, clock }));
    return startRemoteGateway(config, {
      logger,
      clock,
      routes: async (app) => {
        await app.register(explorerOf({ ...config, developmentAudience: development?.audience }, localUrl(gateway)));
        await app.register(async (scope) => createDocumentRoutes({ billingUrl })(scope));
        await app.register(async (scope) => createWebhookRoutes({ billingUrl, logger })(scope));
        if (mountIssuer) await app.register(async (scope) => mountIssuer(scope));
      },
    });
  },
);
