import { describe, expect, test } from 'vitest';

import { readBillingConfig } from '@tributary/billing/config';
import { formatFieldKeys } from '@tributary/kit/field-encryption';

const publicKey = { kty: 'OKP', crv: 'Ed25519', x: '11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo' };
const [cursorKey, linkKey] = [Buffer.alloc(32, 7), Buffer.alloc(32, 8)];
const fieldKeys = `k2:${Buffer.alloc(32, 9).toString('base64url')},k1:${Buffer.alloc(32, 10).toString('base64url')}`;
const environment = {
  DATABASE_URL: 'postgres://billing_app:secret@127.0.0.1/tributary',
  EVENTS_URL: 'postgres://events_app:secret@127.0.0.1/tributary',
  CURSOR_KEY: cursorKey.toString('base64url'),
  LINK_KEY: linkKey.toString('base64url'),
  FIELD_ENCRYPTION_KEYS: fieldKeys,
  INTERNAL_TOKEN_PUBLIC_KEY: JSON.stringify({ ...publicKey, kid: 'one' }),
};

test('the required settings suffice; the rest has defaults that keep the subgraph on this machine', () => {
  const config = readBillingConfig(environment);
  expect({ ...config, fieldKeys: formatFieldKeys(config.fieldKeys) }).toEqual({
    host: '127.0.0.1',
    port: 4003,
    databaseUrl: environment.DATABASE_URL,
    eventsUrl: environment.EVENTS_URL,
    cursorKey,
    linkKey,
    fieldKeys,
    publicBaseUrl: 'http://127.0.0.1:4003',
    internalTokenKey: publicKey,
    logLevel: 'info',
    payments: undefined,
    paymentTimings: { pollMs: 300, leaseMs: 60_000, reconcileAfterMs: 15_000, providerTimeoutMs: 10_000 },
  });
});

test('links lead to the port of this process unless something stands in front of it', () => {
  expect(readBillingConfig({ ...environment, PORT: '5003' }).publicBaseUrl).toBe('http://127.0.0.1:5003');
  const PUBLIC_BASE_URL = 'https://shop.example.com';
  expect(readBillingConfig({ ...environment, PORT: '5003', PUBLIC_BASE_URL }).publicBaseUrl).toBe(PUBLIC_BASE_URL);
});

test('in production the address in links has no default', () => {
  expect(() => readBillingConfig({ ...environment, NODE_ENV: 'production' })).toThrow(
    expect.objectContaining({ problems: ['PUBLIC_BASE_URL is required in production.'] }),
  );
});

test('every missing setting is named at once', () => {
  expect(() => readBillingConfig({})).toThrow(
    expect.objectContaining({
      problems: [
        'DATABASE_URL',
        'EVENTS_URL',
        'CURSOR_KEY',
        'INTERNAL_TOKEN_PUBLIC_KEY',
        'LINK_KEY',
        'FIELD_ENCRYPTION_KEYS',
      ].map((name) => `${name} is required.`),
    }),
  );
});

test.each([
  ['LINK_KEY', Buffer.alloc(31).toString('base64url'), 'it has less than 32 bytes'],
  ['LINK_KEY', 'not base64url!', 'it is not base64url'],
  ['FIELD_ENCRYPTION_KEYS', `k1:${Buffer.alloc(31).toString('base64url')}`, 'a key does not have 32 bytes'],
  ['INTERNAL_TOKEN_PUBLIC_KEY', JSON.stringify({ ...publicKey, d: 'private' }), 'it is a private key'],
])('an unusable %s is refused without repeating it', (name, value, reason) => {
  expect(() => readBillingConfig({ ...environment, [name]: value })).toThrow(
    expect.objectContaining({ problems: [`${name} is not usable: ${reason}.`] }),
  );
});

test('a wrong port is one problem, not two', () => {
  expect(() => readBillingConfig({ ...environment, PORT: 'x' })).toThrow(
    expect.objectContaining({ problems: [expect.stringMatching(/^PORT /)] }),
  );
});

test('documents are served over HTTP', () => {
  expect(() => readBillingConfig({ ...environment, PUBLIC_BASE_URL: 'ftp://shop.example.com' })).toThrow(
    /PUBLIC_BASE_URL/,
  );
});

describe('a payment provider', () => {
  const provider = {
    PAYMENT_PROVIDER_URL: 'https://pay.example.com',
    PAYMENT_PROVIDER_KEY: 'key of the shop',
    PAYMENT_WEBHOOK_SECRET: 'new secret, old secret',
  };

  test('is known by its address, and may sign with any of several secrets', () => {
    expect(readBillingConfig({ ...environment, ...provider }).payments).toEqual({
      name: 'devpay',
      url: 'https://pay.example.com',
      apiKey: 'key of the shop',
      webhookSecrets: ['new secret', 'old secret'],
    });
  });

  test.each([
    ['PAYMENT_PROVIDER_URL', ['PAYMENT_PROVIDER_KEY', 'PAYMENT_WEBHOOK_SECRET']],
    ['PAYMENT_PROVIDER_KEY', ['PAYMENT_PROVIDER_URL', 'PAYMENT_WEBHOOK_SECRET']],
    ['PAYMENT_WEBHOOK_SECRET', ['PAYMENT_PROVIDER_URL', 'PAYMENT_PROVIDER_KEY']],
  ] as const)('is not known by %s alone', (name, missing) => {
    expect(() => readBillingConfig({ ...environment, [name]: provider[name] })).toThrow(
      expect.objectContaining({ problems: missing.map((each) => `${each} is required when ${name} is set.`) }),
    );
  });

  test('is not known by a name alone either, and an empty setting is none', () => {
    const named = { ...environment, PAYMENT_PROVIDER_NAME: 'examplepay', PAYMENT_PROVIDER_KEY: '' };
    expect(() => readBillingConfig(named)).toThrow(
      expect.objectContaining({
        problems: ['PAYMENT_PROVIDER_URL', 'PAYMENT_PROVIDER_KEY', 'PAYMENT_WEBHOOK_SECRET'].map(
          (each) => `${each} is required when PAYMENT_PROVIDER_NAME is set.`,
        ),
      }),
    );
    expect(readBillingConfig({ ...environment, PAYMENT_PROVIDER_URL: '' }).payments).toBe(undefined);
  });

  test.each([
    ['PAYMENT_PROVIDER_NAME', 'Dev Pay'],
    ['PAYMENT_PROVIDER_URL', 'ftp://pay.example.com'],
    ['PAYMENT_WEBHOOK_SECRET', 'one,,three'],
  ])('with an unusable %s is refused', (name, value) => {
    expect(() => readBillingConfig({ ...environment, ...provider, [name]: value })).toThrow(
      expect.objectContaining({ problems: [expect.stringContaining(name)] }),
    );
  });
});

describe('the timings of payments', () => {
  test('are set in milliseconds', () => {
    const timings = {
      PAYMENT_POLL_MS: '50',
      PAYMENT_LEASE_MS: '1000',
      PAYMENT_RECONCILE_MS: '3600000',
      PAYMENT_PROVIDER_TIMEOUT_MS: '499',
    };
    expect(readBillingConfig({ ...environment, ...timings }).paymentTimings).toEqual({
      pollMs: 50,
      leaseMs: 1_000,
      reconcileAfterMs: 3_600_000,
      providerTimeoutMs: 499,
    });
  });

  test.each([
    ['PAYMENT_POLL_MS', '9', 'from 10 to 60000'],
    ['PAYMENT_POLL_MS', '60001', 'from 10 to 60000'],
    ['PAYMENT_LEASE_MS', '3600001', 'from 1000 to 3600000'],
    ['PAYMENT_RECONCILE_MS', '99', 'from 100 to 3600000'],
    ['PAYMENT_RECONCILE_MS', '3600001', 'from 100 to 3600000'],
    ['PAYMENT_PROVIDER_TIMEOUT_MS', '99', 'from 100 to 120000'],
    ['PAYMENT_RECONCILE_MS', '15s', 'from 100 to 3600000'],
  ])('have bounds: %s cannot be %s', (name, value, range) => {
    expect(() => readBillingConfig({ ...environment, [name]: value })).toThrow(
      expect.objectContaining({ problems: [`${name} must be a whole number ${range}, not "${value}".`] }),
    );
  });

  test('leave whoever asks the provider the time to ask twice', () => {
    const problems = ['PAYMENT_LEASE_MS must be more than twice PAYMENT_PROVIDER_TIMEOUT_MS.'];
    const timings = (leaseMs: string) => () => readBillingConfig({ ...environment, PAYMENT_LEASE_MS: leaseMs });
    expect(timings('20000')).toThrow(expect.objectContaining({ problems }));
    expect(timings('20001')).not.toThrow();
  });
});
