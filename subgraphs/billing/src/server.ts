import type { FastifyInstance } from 'fastify';

import {
  ALL_WALLS,
  createInternalTokenVerifier,
  startPostgresTransport,
  startSubgraphServer,
  startWith,
} from '@tributary/kit';
import type { Clock, Logger, SubgraphServer, Walls } from '@tributary/kit';

import type { BillingConfig } from './config.ts';
import { createBillingSubgraph } from './create-billing-subgraph.ts';
import { paymentsOverHttp } from './provider/payments-over-http.ts';

/** Runs the subgraph behind its own HTTP server; `walls` is set by tests only. Listens when it resolves; `stop()` drains and closes the database. */
export function startBillingServer(
  config: BillingConfig,
  { logger, clock, walls = ALL_WALLS }: { logger: Logger; clock: Clock; walls?: Walls },
): Promise<SubgraphServer> {
  return startWith(async (stack) => {
    const events = stack.use(await startPostgresTransport({ url: config.eventsUrl, logger }));
    const { databaseUrl, cursorKey, linkKey, fieldKeys, publicBaseUrl, host, port } = config;
    const payments = config.payments && paymentsOverHttp(config.payments, config.paymentTimings);
    const subgraph = stack.use(
      await createBillingSubgraph({
        databaseUrl,
        cursorKey,
        linkKey,
        fieldKeys,
        publicBaseUrl,
        logger,
        clock,
        walls,
        payments,
      }),
    );
    await subgraph.startWorkers(events);
    const tokens = await createInternalTokenVerifier({ ...config.internalTokenKey }, subgraph.name, clock);
    const publicRoutes = async (app: FastifyInstance) => {
      await app.register(subgraph.invoicePdfRoutes);
      if (subgraph.paymentWebhookRoutes) await app.register(subgraph.paymentWebhookRoutes);
    };
    const server = stack.use(await startSubgraphServer({ subgraph, host, port, clock, logger, tokens, publicRoutes }));
    return { url: server.url, stop: () => stack.stop() };
  });
}
