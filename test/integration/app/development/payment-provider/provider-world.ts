import Fastify from 'fastify';

import type { ProviderBehavior } from '@tributary/app/development/payment-provider/index';
import { DEVELOPMENT_PROVIDER, startDevelopmentProvider } from '@tributary/app/development/payment-provider/index';
import type { DevelopmentProviderConfig } from '@tributary/app/development/payment-provider/index';
import { createHttpPaymentProvider } from '@tributary/billing/provider/http-payment-provider';
import type { PaymentProvider, ProviderEvent } from '@tributary/billing/provider/payment-provider';
import { createPaymentWebhookRoutes } from '@tributary/billing/provider/webhook.routes';
import { systemClock } from '@tributary/kit/clock';
import { createLogger } from '@tributary/kit/logger';

import type { TestDatabase } from '../../../../kit/postgres.ts';

// The development provider with a shop: billing's adapter on one side, billing's webhook route on the other.

export const API_KEY = 'sk-test-0123456789abcdef';
const WEBHOOK_SECRET = 'whsec-test-0123456789abcdef';
const TIMEOUT_MS = 20_000;
export const IMPATIENT_MS = 1_000;

const logger = createLogger({ level: 'silent', name: 'test' });

export interface Shop extends AsyncDisposable {
  /** Events in the order they arrived, also those that were turned away. */
  events: ProviderEvent[];
  /** Whether an event is taken in; true unless set. */
  accepts: (event: ProviderEvent) => boolean;
  webhookUrl: string;
}

export async function startShop(): Promise<Shop> {
  const server = Fastify({ logger: false, forceCloseConnections: true });
  const shop: Shop = {
    events: [],
    accepts: () => true,
    webhookUrl: '',
    [Symbol.asyncDispose]: () => server.close(),
  };
  const routes = createPaymentWebhookRoutes({
    secrets: [WEBHOOK_SECRET],
    clock: systemClock,
    logger,
    onEvent: async (event) => {
      shop.events.push(event);
      if (!shop.accepts(event)) throw new Error('The shop does not feel like it.');
    },
  });
  await server.register(routes);
  shop.webhookUrl = `${await server.listen({ host: '127.0.0.1', port: 0 })}/webhooks/payments`;
  return shop;
}

export const adapterFor = (url: string, timeoutMs = TIMEOUT_MS): PaymentProvider =>
  createHttpPaymentProvider({ name: DEVELOPMENT_PROVIDER, url, apiKey: API_KEY, timeoutMs });

export function providerConfig(
  database: Pick<TestDatabase, 'urls'>,
  shop: Pick<Shop, 'webhookUrl'>,
  behavior: Partial<ProviderBehavior> = {},
): DevelopmentProviderConfig {
  return {
    host: '127.0.0.1',
    port: 0,
    publicBaseUrl: undefined,
    databaseUrl: database.urls.provider,
    apiKey: API_KEY,
    webhook: { url: shop.webhookUrl, secret: WEBHOOK_SECRET },
    behavior: { latencyMs: 0, settleMs: 100, retryMs: 10, disorder: false, ...behavior },
    logLevel: 'silent',
  };
}

export const startProvider = (config: DevelopmentProviderConfig) =>
  startDevelopmentProvider(config, { logger, clock: systemClock });

/** Does what the payer does on the page that a charge leads to: reads it, and presses a button if there is one. */
export async function act(url: string, decision: 'confirm' | 'decline'): Promise<string> {
  const page = await (await fetch(url)).text();
  const [, action] = new RegExp(`formaction="([^"]+/${decision})"`).exec(page) ?? [];
  // A page that was opened earlier still has its buttons.
  const target = new URL(action ?? `${url}/${decision}`, url);
  const answer = await fetch(target, { method: 'POST', body: new URLSearchParams() });
  if (answer.url !== url || !answer.ok) throw new Error(`The page led to ${answer.url} (${answer.status}).`);
  return answer.text();
}
