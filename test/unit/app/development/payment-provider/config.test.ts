import { expect, test } from 'vitest';

import { readDevelopmentProviderConfig } from '@tributary/app/development/payment-provider/config';

const environment = {
  DATABASE_URL: 'postgres://provider_app:secret@127.0.0.1/tributary',
  PAYMENT_PROVIDER_KEY: 'sk-0123456789abcdef',
  PAYMENT_WEBHOOK_URL: 'http://127.0.0.1:4003/webhooks/payments',
  PAYMENT_WEBHOOK_SECRET: 'whsec-0123456789abcdef',
};

test('the required settings suffice; the rest has defaults that keep the provider on this machine', () => {
  expect(readDevelopmentProviderConfig(environment)).toEqual({
    host: '127.0.0.1',
    port: 4004,
    publicBaseUrl: undefined,
    databaseUrl: environment.DATABASE_URL,
    apiKey: environment.PAYMENT_PROVIDER_KEY,
    webhook: { url: environment.PAYMENT_WEBHOOK_URL, secret: environment.PAYMENT_WEBHOOK_SECRET },
    behavior: { latencyMs: 100, settleMs: 2_000, retryMs: 500, disorder: false },
    logLevel: 'info',
  });
});

test('its behavior is set', () => {
  const behavior = { DEVPAY_LATENCY_MS: '0', DEVPAY_SETTLE_MS: '10', DEVPAY_RETRY_MS: '1', DEVPAY_DISORDER: 'true' };
  expect(readDevelopmentProviderConfig({ ...environment, ...behavior }).behavior).toEqual({
    latencyMs: 0,
    settleMs: 10,
    retryMs: 1,
    disorder: true,
  });
});

test('it does not run in production, and says what else is missing', () => {
  expect(() => readDevelopmentProviderConfig({ NODE_ENV: 'production', DEVPAY_RETRY_MS: '0' })).toThrow(
    expect.objectContaining({
      problems: [
        'The development payment provider does not run in production.',
        'DATABASE_URL is required.',
        'PAYMENT_PROVIDER_KEY is required.',
        'PAYMENT_WEBHOOK_URL is required.',
        'PAYMENT_WEBHOOK_SECRET is required.',
        'DEVPAY_RETRY_MS must be a whole number from 1 to 600000, not "0".',
      ],
    }),
  );
});
