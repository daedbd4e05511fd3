import { join } from 'node:path';

import { SECOND } from '@tributary/kit/clock';

import { localUrl } from '../listen-address.ts';
import type { ProcessFacts, ServiceProcess } from './processes.ts';

const MAIN = join(import.meta.dirname, '..', 'development', 'payment-provider', 'main.ts');
const STOP_MS = 10 * SECOND;

export interface PaymentProviderProcess {
  process: ServiceProcess;
  /** What billing needs to find it. */
  settingsOfBilling: Readonly<Record<string, string>>;
}

/** The payment provider of development; undefined in production, and where another one is named. */
export function paymentProviderProcess(
  { config, ports, databaseUrls, keys }: ProcessFacts,
  { common, host, billingUrl }: { common: Readonly<Record<string, string>>; host: string; billingUrl: string },
): PaymentProviderProcess | undefined {
  const { developmentProvider: behavior } = config;
  const port = ports['payment-provider'];
  const { payments } = keys;
  if (!behavior || !payments || port === undefined || databaseUrls.provider === undefined) return undefined;
  const url = localUrl({ host, port });
  const secrets = { PAYMENT_PROVIDER_KEY: payments.apiKey, PAYMENT_WEBHOOK_SECRET: payments.webhookSecret };
  return {
    process: {
      name: 'payment-provider',
      main: MAIN,
      url,
      settings: {
        ...common,
        ...secrets,
        HOST: host,
        PORT: String(port),
        DATABASE_URL: databaseUrls.provider,
        PAYMENT_WEBHOOK_URL: `${billingUrl}/webhooks/payments`,
        DEVPAY_LATENCY_MS: String(behavior.latencyMs),
        DEVPAY_SETTLE_MS: String(behavior.settleMs),
        DEVPAY_RETRY_MS: String(behavior.retryMs),
        DEVPAY_DISORDER: String(behavior.disorder),
      },
      stopTimeoutMs: STOP_MS,
    },
    settingsOfBilling: { ...secrets, PAYMENT_PROVIDER_URL: url },
  };
}
