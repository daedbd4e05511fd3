import { createBillingSubgraph } from '@tributary/billing';
import { paymentsOverHttp } from '@tributary/billing/provider/payments-over-http';
import { createInProcessTransport, createNodesSubgraph, PortInUse, startGateway } from '@tributary/gateway';
import type { Clock } from '@tributary/kit/clock';
import type { Handle } from '@tributary/kit/lifecycle';
import { startWith } from '@tributary/kit/lifecycle';
import type { Logger } from '@tributary/kit/logger';
import { startPostgresTransport } from '@tributary/kit/messaging/postgres/postgres-transport';
import { createOrdersSubgraph } from '@tributary/orders';
import { subgraphSdl, supergraphSdl } from '@tributary/schema';
import { createUsersSubgraph } from '@tributary/users';

import { prepareCompanyDatabase } from './company-database.ts';
import type { AppConfig } from './config.ts';
import { createDevelopmentIssuer } from './development/development-issuer.ts';
import { developmentPayments } from './development/development-payments.ts';
import { explorerOf } from './explorer/index.ts';
import { localUrl, portInUse, probeListenAddress } from './listen-address.ts';
import { assertDataDirectoryIsFree } from './postgres/index.ts';
import { loadDevelopmentKey, loadFieldKeys, loadKeys } from './secrets/secrets.ts';
import type { SeedProgress } from './seed/index.ts';

// Everything in one process: database, subgraphs called in-process, gateway. Stopping runs backwards: the gateway answers what is in
// flight, then the pools close, then the database stops.

export interface AllInOneDependencies {
  logger: Logger;
  clock: Clock;
  /** Breaks off a start that is under way; everything acquired until then is released. */
  signal?: AbortSignal;
  onSeedProgress?: (progress: SeedProgress) => void;
}

export interface AllInOne extends Handle {
  /** Base URL; GraphQL is at `/graphql` below it. */
  readonly url: string;
}

/** Ready when it resolves. */
export function startAllInOne(config: AppConfig, deps: AllInOneDependencies): Promise<AllInOne> {
  const { logger, clock, signal = new AbortController().signal } = deps;
  return startWith(async (stack) => {
    signal.throwIfAborted();
    // Both are cheap to find out and would be a pity to find out last.
    if (config.databaseUrl === undefined) await assertDataDirectoryIsFree(config.dataDir);
    const { host } = config.gateway;
    const port = await probeListenAddress(config.gateway);
    const own = localUrl({ host, port });

    const database = stack.use(await prepareCompanyDatabase(config, { ...deps, signal }));
    const { cursorKey, linkKey } = await loadKeys(config);
    const common = { cursorKey, logger, clock };
    const events = stack.use(await startPostgresTransport({ url: database.urls.events, logger }));
    const users = stack.use(await createUsersSubgraph({ ...common, databaseUrl: database.urls.users }));
    const orders = stack.use(
      await createOrdersSubgraph({ ...common, databaseUrl: database.urls.orders, deadlines: config.orderDeadlines }),
    );
    const development = await developmentPayments(config, { databaseUrl: database.urls.provider, own, logger, clock });
    if (development) stack.use(development);
    const billing = stack.use(
      await createBillingSubgraph({
        ...common,
        databaseUrl: database.urls.billing,
        publicBaseUrl: config.publicBaseUrl ?? own,
        linkKey,
        fieldKeys: await loadFieldKeys(config),
        payments: development ?? (config.payments && paymentsOverHttp(config.payments, config.paymentTimings)),
      }),
    );
    const nodes = createNodesSubgraph(subgraphSdl('nodes'));
    const mountDevelopmentIssuer = await developmentRoutes(config, clock);
    signal.throwIfAborted();

    const gateway = await startGateway(
      { ...config.gateway, port },
      {
        supergraphSdl: supergraphSdl(),
        transports: [users, orders, billing, nodes].map((subgraph) => createInProcessTransport(subgraph, { clock })),
        findPrincipal: users.findPrincipal,
        logger,
        clock,
        routes: async (app) => {
          await app.register(billing.invoicePdfRoutes);
          if (billing.paymentWebhookRoutes) await app.register(billing.paymentWebhookRoutes);
          if (development) await app.register(development.routes, { prefix: development.prefix });
          if (mountDevelopmentIssuer) await app.register(async (scope) => mountDevelopmentIssuer(scope));
          await app.register(explorerOf(config, own));
        },
      },
    ).catch((error: unknown) => {
      throw error instanceof PortInUse ? portInUse({ host, port }) : error;
    });
    stack.use(gateway);
    signal.throwIfAborted();
    // Only now, since payments are made through the server.
    for (const subgraph of [users, orders, billing]) await subgraph.startWorkers(events);
    return { url: gateway.url, stop: () => stack.stop() };
  });
}

async function developmentRoutes({ developmentAudience, dataDir }: AppConfig, clock: Clock) {
  if (developmentAudience === undefined) return undefined;
  return createDevelopmentIssuer({ key: await loadDevelopmentKey(dataDir), audience: developmentAudience, clock });
}
