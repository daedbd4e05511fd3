import { MINUTE } from '@tributary/kit/clock';
import { readConfig } from '@tributary/kit/config';
import type { ConfigReader, Environment } from '@tributary/kit/config';
import { LOG_LEVELS } from '@tributary/kit/logger';
import type { LogLevel } from '@tributary/kit/logger';

import type { ProviderBehavior } from './behavior.ts';
import type { WebhookTarget } from './deliver-events.ts';

/** Settings of the development provider as a process of its own. */
export interface DevelopmentProviderConfig {
  host: string;
  /** 0 takes any free port. */
  port: number;
  /** Where payers reach the pages on which they confirm; undefined: at the address it listens on. */
  publicBaseUrl: string | undefined;
  databaseUrl: string;
  apiKey: string;
  webhook: WebhookTarget;
  behavior: ProviderBehavior;
  logLevel: LogLevel;
}

/** Throws one `ConfigError` naming every problem. */
export function readDevelopmentProviderConfig(
  environment: Environment = process.env,
): Readonly<DevelopmentProviderConfig> {
  return readConfig(environment, (reader) => {
    if (reader.text('NODE_ENV', 'development') === 'production')
      reader.problem('The development payment provider does not run in production.');
    return {
      host: reader.text('HOST', '127.0.0.1'),
      port: reader.integer('PORT', 4004, { min: 0, max: 65_535 }),
      publicBaseUrl: reader.optionalUrl('PUBLIC_BASE_URL', ['http:', 'https:']),
      databaseUrl: reader.url('DATABASE_URL', ['postgres:', 'postgresql:']),
      apiKey: reader.text('PAYMENT_PROVIDER_KEY'),
      webhook: {
        url: reader.url('PAYMENT_WEBHOOK_URL', ['http:', 'https:']),
        secret: reader.text('PAYMENT_WEBHOOK_SECRET'),
      },
      behavior: readProviderBehavior(reader),
      logLevel: reader.oneOf('LOG_LEVEL', LOG_LEVELS, 'info'),
    };
  });
}

export function readProviderBehavior(reader: ConfigReader): ProviderBehavior {
  const range = { min: 0, max: 10 * MINUTE };
  return {
    latencyMs: reader.integer('DEVPAY_LATENCY_MS', 100, range),
    settleMs: reader.integer('DEVPAY_SETTLE_MS', 2_000, range),
    retryMs: reader.integer('DEVPAY_RETRY_MS', 500, { ...range, min: 1 }),
    disorder: reader.flag('DEVPAY_DISORDER', false),
  };
}
