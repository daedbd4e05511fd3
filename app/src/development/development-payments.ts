import type { FastifyInstance } from 'fastify';

import type { PaymentDependencies } from '@tributary/billing/create-billing-subgraph';
import { paymentsOverHttp } from '@tributary/billing/provider/payments-over-http';
import type { Clock } from '@tributary/kit/clock';
import type { Handle } from '@tributary/kit/lifecycle';
import type { Logger } from '@tributary/kit/logger';

import type { AppConfig } from '../config.ts';
import { loadPaymentSecrets } from '../secrets/secrets.ts';
import { createDevelopmentProvider, DEVELOPMENT_PROVIDER } from './payment-provider/index.ts';

// The development provider inside the all-in-one process. Billing reaches it over HTTP all the same, on the server that both share, and
// hears of it through its webhooks: what works here works with a provider that is far away.

const PREFIX = '/dev/payments';

export interface DevelopmentPayments extends PaymentDependencies, Handle {
  /** Where the routes belong. */
  readonly prefix: string;
  readonly routes: (app: FastifyInstance) => Promise<void>;
}

export interface DevelopmentPaymentsDeps {
  /** Undefined in production. */
  databaseUrl: string | undefined;
  /** Base URL of the server that the routes are mounted on. */
  own: string;
  logger: Logger;
  clock: Clock;
}

/** Undefined where it does not run: in production, and where another provider is named. */
export async function developmentPayments(
  { developmentProvider: behavior, dataDir, paymentTimings }: AppConfig,
  { databaseUrl, own, logger, clock }: DevelopmentPaymentsDeps,
): Promise<DevelopmentPayments | undefined> {
  if (!behavior || databaseUrl === undefined) return undefined;
  const { apiKey, webhookSecret } = await loadPaymentSecrets(dataDir);
  const url = `${own}${PREFIX}`;
  const provider = await createDevelopmentProvider({
    databaseUrl,
    apiKey,
    webhook: { url: `${own}/webhooks/payments`, secret: webhookSecret },
    behavior,
    baseUrl: () => url,
    clock,
    logger,
  });
  return {
    ...paymentsOverHttp({ name: DEVELOPMENT_PROVIDER, url, apiKey, webhookSecrets: [webhookSecret] }, paymentTimings),
    prefix: PREFIX,
    routes: async (app) => provider.routes(app),
    stop: () => provider.stop(),
  };
}
