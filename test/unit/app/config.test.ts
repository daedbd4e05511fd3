import { join } from 'node:path';

import { expect, test } from 'vitest';

import { readAppConfig, readDatabaseConfig, schemasOf } from '@tributary/app/config';
import { PAYMENT_TIMINGS } from '@tributary/billing/payment/payment-settings';
import { ConfigError } from '@tributary/kit/config';
import { DEFAULT_DEADLINES } from '@tributary/orders/order/order-saga';

const KEY = Buffer.alloc(32, 7).toString('base64url');
const FIELD_KEYS = `new:${KEY},old:${Buffer.alloc(32, 8).toString('base64')}`;
const production = {
  NODE_ENV: 'production',
  DATABASE_URL: 'postgres://admin:hunter2-hunter2@db.example.com/tributary',
  OIDC_ISSUER: 'https://id.example.com',
  PUBLIC_BASE_URL: 'https://shop.example.com',
  CURSOR_KEY: KEY,
  LINK_KEY: KEY,
  FIELD_ENCRYPTION_KEYS: FIELD_KEYS,
  USERS_DATABASE_PASSWORD: 'users-password-1',
  ORDERS_DATABASE_PASSWORD: 'orders-password-1',
  BILLING_DATABASE_PASSWORD: 'billing-password-1',
  EVENTS_DATABASE_PASSWORD: 'events-password-1',
};

function problemsOf(environment: Record<string, string | undefined>): readonly string[] {
  try {
    readAppConfig(environment);
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
  return [];
}

test('nothing has to be set in development', () => {
  expect(readAppConfig({})).toMatchObject({
    production: false,
    logLevel: 'info',
    dataDir: join(import.meta.dirname, '..', '..', '..', '.data'),
    databaseUrl: undefined,
    seed: 'demo',
    gateway: {
      host: '127.0.0.1',
      port: 4000,
      issuers: [{ issuer: 'https://dev.tributary.invalid', audience: 'tributary', jwksUrl: '/dev/jwks.json' }],
    },
    developmentAudience: 'tributary',
    explorer: true,
    secrets: { cursorKey: undefined, linkKey: undefined, fieldKeys: undefined, databasePasswords: {} },
  });
});

test('a real issuer in development stands beside the development issuer', () => {
  const { gateway } = readAppConfig({ OIDC_ISSUER: 'http://localhost:9000', OIDC_AUDIENCE: 'shop' });
  expect(gateway.issuers).toEqual([
    { issuer: 'http://localhost:9000', audience: 'shop' },
    { issuer: 'https://dev.tributary.invalid', audience: 'shop', jwksUrl: '/dev/jwks.json' },
  ]);
});

test('a complete production environment has no development issuer and seeds nothing', () => {
  const config = readAppConfig(production);
  expect(config).toMatchObject({ production: true, seed: 'none', developmentAudience: undefined, explorer: false });
  expect(config.gateway.issuers).toEqual([{ issuer: 'https://id.example.com', audience: 'tributary' }]);
  expect(config.secrets.cursorKey).toEqual(Buffer.alloc(32, 7));
  expect(config.secrets.fieldKeys?.map(({ id }) => id)).toEqual(['new', 'old']);
});

test('production without secrets and issuer names everything that is missing at once', () => {
  expect(problemsOf({ NODE_ENV: 'production', DATABASE_URL: production.DATABASE_URL })).toEqual([
    'PUBLIC_BASE_URL is required in production: links to documents begin with it.',
    'OIDC_ISSUER is required in production.',
    'CURSOR_KEY is required in production.',
    'LINK_KEY is required in production.',
    'FIELD_ENCRYPTION_KEYS is required in production.',
    'USERS_DATABASE_PASSWORD is required in production.',
    'ORDERS_DATABASE_PASSWORD is required in production.',
    'BILLING_DATABASE_PASSWORD is required in production.',
    'EVENTS_DATABASE_PASSWORD is required in production.',
  ]);
});

test('whatever prepares a database in production has to know the keys of its encrypted fields', () => {
  expect(readDatabaseConfig(production).secrets.fieldKeys?.map(({ id }) => id)).toEqual(['new', 'old']);
  expect(() => readDatabaseConfig({ ...production, FIELD_ENCRYPTION_KEYS: '' })).toThrow(
    expect.objectContaining({ problems: ['FIELD_ENCRYPTION_KEYS is required in production.'] }),
  );
  expect(readDatabaseConfig({}).secrets.fieldKeys).toBe(undefined);
});

test('the payment provider exists in development and nowhere else', () => {
  expect(schemasOf(readAppConfig({}))).toEqual(['users', 'orders', 'billing', 'events', 'provider']);
  expect(schemasOf(readAppConfig(production))).toEqual(['users', 'orders', 'billing', 'events']);
  const PROVIDER_DATABASE_PASSWORD = 'provider-password-1';
  expect(readAppConfig({ PROVIDER_DATABASE_PASSWORD }).secrets.databasePasswords).toMatchObject({
    provider: PROVIDER_DATABASE_PASSWORD,
  });
  expect(readAppConfig({}).developmentProvider).toMatchObject({ latencyMs: 100 });
  expect(readAppConfig({ ...production, DEVPAY_LATENCY_MS: '1' }).developmentProvider).toBe(undefined);
  expect(readAppConfig({ ...production, PROVIDER_DATABASE_PASSWORD }).secrets.databasePasswords.provider).toBe(
    undefined,
  );
});

const named = {
  PAYMENT_PROVIDER_URL: 'https://pay.example.com',
  PAYMENT_PROVIDER_NAME: 'examplepay',
  PAYMENT_PROVIDER_KEY: 'key-of-the-shop',
  PAYMENT_WEBHOOK_SECRET: 'new-secret,old-secret',
};

test.each([
  ['development', {}],
  ['production', production],
])('in %s a payment provider that is named is the only one', (_, environment) => {
  expect(readAppConfig({ ...environment, ...named })).toMatchObject({
    payments: {
      name: 'examplepay',
      url: 'https://pay.example.com',
      apiKey: 'key-of-the-shop',
      webhookSecrets: ['new-secret', 'old-secret'],
    },
    developmentProvider: undefined,
  });
  expect(readAppConfig(environment).payments).toBe(undefined);
});

test('a payment provider that is named in part stops the start, with everything that is missing or wrong', () => {
  const { PAYMENT_WEBHOOK_SECRET, PAYMENT_PROVIDER_URL } = named;
  expect(problemsOf({ PAYMENT_WEBHOOK_SECRET, PAYMENT_PROVIDER_NAME: 'Example Pay', PAYMENT_POLL_MS: '0' })).toEqual([
    'PAYMENT_PROVIDER_URL is required when PAYMENT_PROVIDER_NAME is set.',
    'PAYMENT_PROVIDER_KEY is required when PAYMENT_PROVIDER_NAME is set.',
    'PAYMENT_PROVIDER_NAME must be a word of lower-case letters, digits, - and _.',
    'PAYMENT_POLL_MS must be a whole number from 10 to 60000, not "0".',
  ]);
  expect(problemsOf({ ...production, PAYMENT_PROVIDER_URL, PAYMENT_PROVIDER_KY: 'hunter2' })).toEqual([
    'PAYMENT_PROVIDER_KEY is required when PAYMENT_PROVIDER_URL is set.',
    'PAYMENT_WEBHOOK_SECRET is required when PAYMENT_PROVIDER_URL is set.',
    'PAYMENT_PROVIDER_KY is not a setting. Did you mean PAYMENT_PROVIDER_KEY?',
  ]);
});

test('deadlines and timings are those of the subgraphs', () => {
  expect(readAppConfig({})).toMatchObject({ orderDeadlines: DEFAULT_DEADLINES, paymentTimings: PAYMENT_TIMINGS });
  expect(readAppConfig({ ORDER_CHARGE_DEADLINE_MS: '60000', PAYMENT_RECONCILE_MS: '500' })).toMatchObject({
    orderDeadlines: { ...DEFAULT_DEADLINES, chargeMs: 60_000 },
    paymentTimings: { ...PAYMENT_TIMINGS, reconcileAfterMs: 500 },
  });
});

test('the embedded database keeps its own passwords in production too', () => {
  const rest = Object.fromEntries(
    Object.entries(production).filter(([name]) => !/DATABASE_(URL|PASSWORD)$/.test(name)),
  );
  expect(Object.keys(production).length - Object.keys(rest).length).toBe(5);
  expect(problemsOf(rest)).toEqual([]);
});

test.each([
  'https://dev.tributary.invalid',
  'https://dev.tributary.invalid/',
  'https://DEV.tributary.invalid',
  'https://dev.tributary.invalid:443',
])('production refuses the development issuer, also written as %s', (issuer) => {
  expect(problemsOf({ ...production, OIDC_ISSUER: issuer })).toEqual([
    'OIDC_ISSUER must not be the development issuer in production: anybody gets its tokens.',
  ]);
});

test('production refuses an issuer without encryption', () => {
  expect(problemsOf({ ...production, OIDC_ISSUER: 'http://id.example.com' })).toEqual([
    expect.stringContaining('must start with https://') as string,
  ]);
});

test('values of secrets are never repeated', () => {
  const marked = 'hunter2';
  const problems = problemsOf({
    ...production,
    DATABASE_URL: `mysql://root:${marked}@db/x`,
    CURSOR_KEY: marked,
    FIELD_ENCRYPTION_KEYS: `k1:${marked}`,
    LINK_KEY: `${marked} with spaces and more than thirty-two characters`,
    USERS_DATABASE_PASSWORD: marked,
    ORDERS_DATABASE_PASSWORD: `${marked}-with-an-ümlaut`,
    EVENTS_URL: `kafka://user:${marked}@broker`,
    REDIS_URL: `redis://:${marked}@cache`,
    DATABSE_URL: `postgres://root:${marked}@db/x`,
  });
  expect(problems).toEqual([
    'DATABASE_URL must be a URL that starts with postgres:// or postgresql://.',
    'EVENTS_URL must be "postgres:": this version sends events through the database only.',
    'REDIS_URL is not supported by this version: remove it.',
    'CURSOR_KEY is not usable: it has less than 32 bytes.',
    'LINK_KEY is not usable: it is not base64url.',
    'FIELD_ENCRYPTION_KEYS is not usable: a key does not have 32 bytes.',
    'USERS_DATABASE_PASSWORD is not usable: it has less than 16 characters.',
    'ORDERS_DATABASE_PASSWORD is not usable: it has characters other than printable ASCII.',
    'DATABSE_URL is not a setting. Did you mean DATABASE_URL?',
  ]);
  expect(problems.join()).not.toContain(marked);
});

test.each([
  [{ NODE_ENV: 'prodution' }, 'NODE_ENV must be one of development, test, production, not "prodution".'],
  [{ SEED: 'big' }, 'SEED must be one of none, demo, medium, large, not "big".'],
  [{ PORT: '65536' }, 'PORT must be a whole number from 0 to 65535, not "65536".'],
  [{ LOG_LEVEL: 'verbose' }, expect.stringContaining('LOG_LEVEL must be one of') as string],
  [
    { DATABASE_URL: 'postgres://admin@localhost' },
    'DATABASE_URL must name a database, as in postgres://user:password@host/tributary.',
  ],
  [{ EVENTS_URL: 'amqp://broker' }, expect.stringContaining('EVENTS_URL must be "postgres:"') as string],
  [
    { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://collector:4318' },
    'OTEL_EXPORTER_OTLP_ENDPOINT is not supported by this version: remove it.',
  ],
])('%o is refused', (environment, problem) => {
  expect(problemsOf(environment)).toEqual([problem]);
});

test('events through the database are what there is, so asking for them is fine', () => {
  expect(problemsOf({ EVENTS_URL: 'postgres:' })).toEqual([]);
});

test('an empty setting counts as not set', () => {
  expect(problemsOf({ DATABASE_URL: '', REDIS_URL: '', DATABSE_URL: '' })).toEqual([]);
});
