import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { expect, test } from 'vitest';

import { DEVELOPMENT_PROVIDER } from '@tributary/app/development/payment-provider/payment-provider';
import { readDevelopmentProviderConfig } from '@tributary/app/development/payment-provider/config';
import { readServicesConfig } from '@tributary/app/services/config';
import { readGraphGatewayConfig } from '@tributary/app/services/gateway/config';
import { describeProcesses } from '@tributary/app/services/processes';
import { readBillingConfig } from '@tributary/billing/config';
import { PAYMENT_TIMINGS } from '@tributary/billing/payment/payment-settings';
import { readOrdersConfig } from '@tributary/orders/config';
import { DEFAULT_DEADLINES } from '@tributary/orders/order/order-saga';
import { readUsersConfig } from '@tributary/users/config';

const KEY = Buffer.alloc(32, 7).toString('base64url');
const FIELD_KEYS = `k1:${Buffer.alloc(32, 9).toString('base64url')}`;
const PUBLIC_KEY = { kty: 'OKP', crv: 'Ed25519', x: KEY };
const PRIVATE_KEY = JSON.stringify({ ...PUBLIC_KEY, d: KEY });
const SECRETS = {
  users: 'password-of-users',
  orders: 'password-of-orders',
  billing: 'password-of-billing',
  events: 'password-of-events',
  provider: 'password-of-provider',
  admin: 'password-of-administrator',
};
const databaseUrl = (name: keyof typeof SECRETS) => `postgres://${name}:${SECRETS[name]}@127.0.0.1/tributary`;

function describe(environment: Record<string, string> = {}, developmentIssuerKey?: string) {
  const config = readServicesConfig({ DATABASE_URL: databaseUrl('admin'), ...environment });
  const processes = describeProcesses({
    config,
    ports: { gateway: 4000, ...config.ports },
    databaseUrls: {
      users: databaseUrl('users'),
      orders: databaseUrl('orders'),
      billing: databaseUrl('billing'),
      events: databaseUrl('events'),
      provider: databaseUrl('provider'),
    },
    keys: {
      cursorKey: KEY,
      linkKey: Buffer.alloc(32, 8).toString('base64url'),
      fieldKeys: FIELD_KEYS,
      internalTokenPrivateKey: PRIVATE_KEY,
      internalTokenPublicKey: JSON.stringify(PUBLIC_KEY),
      developmentIssuerKey,
      payments: config.developmentProvider && { apiKey: 'key-of-the-shop', webhookSecret: 'secret-of-webhooks' },
    },
  });
  return Object.fromEntries(processes.map((each) => [each.name, each.settings]));
}

test('each process starts with what it is given', () => {
  const { users, orders, billing, gateway } = describe({}, PRIVATE_KEY);
  expect(readUsersConfig(users).port).toBe(4001);
  expect(readOrdersConfig(orders).port).toBe(4002);
  expect(readBillingConfig(billing)).toMatchObject({ port: 4003, publicBaseUrl: 'http://127.0.0.1:4000' });
  expect(readGraphGatewayConfig(gateway)).toMatchObject({
    subgraphUrls: { users: 'http://127.0.0.1:4001', orders: 'http://127.0.0.1:4002', billing: 'http://127.0.0.1:4003' },
    development: { audience: 'tributary' },
  });
});

test('billing and the payment provider find and know each other', () => {
  const { billing, 'payment-provider': provider } = describe({ DEVPAY_SETTLE_MS: '7' });
  expect(readBillingConfig(billing).payments).toMatchObject({
    name: DEVELOPMENT_PROVIDER,
    url: 'http://127.0.0.1:4004',
    apiKey: 'key-of-the-shop',
    webhookSecrets: ['secret-of-webhooks'],
  });
  expect(readDevelopmentProviderConfig(provider)).toMatchObject({
    host: '127.0.0.1',
    port: 4004,
    databaseUrl: databaseUrl('provider'),
    apiKey: 'key-of-the-shop',
    webhook: { url: 'http://127.0.0.1:4003/webhooks/payments', secret: 'secret-of-webhooks' },
    behavior: { latencyMs: 100, settleMs: 7, retryMs: 500, disorder: false },
  });
});

test('no process is given the database of another, the administrator, or a key that it has no use for', () => {
  const processes = describe({}, PRIVATE_KEY);
  const holders = (text: string) =>
    Object.entries(processes)
      .filter(([, settings]) => Object.values(settings).some((value) => value.includes(text)))
      .map(([name]) => name);
  expect(holders(SECRETS.admin)).toEqual([]);
  for (const name of ['users', 'orders', 'billing'] as const) expect(holders(SECRETS[name])).toEqual([name]);
  expect(holders(SECRETS.provider)).toEqual(['payment-provider']);
  expect(holders('key-of-the-shop')).toEqual(['payment-provider', 'billing']);
  expect(holders('"d":')).toEqual(['gateway']); // private keys
  expect(holders(FIELD_KEYS)).toEqual(['billing']);
  const { CURSOR_KEY, LINK_KEY, DATABASE_URL, EVENTS_URL } = processes.gateway!;
  expect([CURSOR_KEY, LINK_KEY, DATABASE_URL, EVENTS_URL]).toEqual([undefined, undefined, undefined, undefined]);
  expect(processes.orders).not.toHaveProperty('LINK_KEY');
});

test('settings of the gateway reach the gateway and nobody else, and nothing unknown reaches anybody', () => {
  const set = { LIMIT_DEPTH: '7', SUBGRAPH_RETRIES: '1', EXPLORER: 'false', AWS_SECRET_ACCESS_KEY: 'x' };
  const { users, gateway } = describe(set);
  expect(readGraphGatewayConfig(gateway)).toMatchObject({
    gateway: { limits: { depth: 7 } },
    guards: { retries: { max: 1 } },
    explorer: false,
  });
  expect(users).not.toHaveProperty('LIMIT_DEPTH');
  expect(gateway).not.toHaveProperty('AWS_SECRET_ACCESS_KEY');
});

const NAMED = {
  PAYMENT_PROVIDER_URL: 'https://pay.example.com',
  PAYMENT_PROVIDER_NAME: 'examplepay',
  PAYMENT_PROVIDER_KEY: 'key-at-examplepay',
  PAYMENT_WEBHOOK_SECRET: 'new-secret,old-secret',
};

test('a payment provider that is named is known to billing alone, and that of development does not run', () => {
  const processes = describe({ ...NAMED, DEVPAY_SETTLE_MS: '7' });
  expect(Object.keys(processes)).toEqual(['users', 'orders', 'billing', 'gateway']);
  expect(readBillingConfig(processes.billing).payments).toEqual({
    name: 'examplepay',
    url: 'https://pay.example.com',
    apiKey: 'key-at-examplepay',
    webhookSecrets: ['new-secret', 'old-secret'],
  });
  const { billing: _, ...others } = processes;
  expect(JSON.stringify(others)).not.toMatch(/PAYMENT|examplepay|secret/);
  const needed = { PAYMENT_PROVIDER_PORT: '4002' }; // nobody listens there
  expect(readServicesConfig({ ...NAMED, ...needed }).ports).toEqual({ users: 4001, orders: 4002, billing: 4003 });
});

test('a payment provider that is named in part stops the start', () => {
  const { PAYMENT_PROVIDER_KEY } = NAMED;
  expect(() => readServicesConfig({ PAYMENT_PROVIDER_KEY })).toThrow(
    expect.objectContaining({
      problems: [
        'PAYMENT_PROVIDER_URL is required when PAYMENT_PROVIDER_KEY is set.',
        'PAYMENT_WEBHOOK_SECRET is required when PAYMENT_PROVIDER_KEY is set.',
      ],
    }),
  );
});

test('deadlines reach orders and timings billing, also with the payment provider of development', () => {
  const deadlines = { ORDER_CHARGE_DEADLINE_MS: '60000', ORDER_DEADLINE_CHECK_MS: '100' };
  const timings = { PAYMENT_RECONCILE_MS: '500', PAYMENT_PROVIDER_TIMEOUT_MS: '2000' };
  const { users, orders, billing, gateway } = describe({ ...deadlines, ...timings });
  expect(readOrdersConfig(orders).deadlines).toEqual({ ...DEFAULT_DEADLINES, chargeMs: 60_000, checkIntervalMs: 100 });
  expect(readBillingConfig(billing)).toMatchObject({
    payments: { name: DEVELOPMENT_PROVIDER },
    paymentTimings: { ...PAYMENT_TIMINGS, reconcileAfterMs: 500, providerTimeoutMs: 2_000 },
  });
  expect(billing).not.toHaveProperty('ORDER_CHARGE_DEADLINE_MS');
  expect(orders).not.toHaveProperty('PAYMENT_RECONCILE_MS');
  expect(JSON.stringify([users, gateway])).not.toMatch(/_DEADLINE|PAYMENT_/);
});

test('the ports are those of the documentation, can be set, and must differ', () => {
  expect(readServicesConfig({})).toMatchObject({
    gateway: { port: 4000 },
    ports: { users: 4001, orders: 4002, billing: 4003, 'payment-provider': 4004 },
  });
  expect(readServicesConfig({ PORT: '0', USERS_PORT: '0', ORDERS_PORT: '5002' }).ports.orders).toBe(5002);
  expect(() => readServicesConfig({ PORT: '4001' })).toThrow('must be different ports');
  expect(() => readServicesConfig({ USER_PORT: '1' })).toThrow('Did you mean USERS_PORT?');
  expect(() => readServicesConfig({ SUBGRAPH_RETRYS: '1' })).toThrow('Did you mean SUBGRAPH_RETRIES?');
});

test('a development issuer in production stops the gateway', () => {
  const { gateway } = describe({}, PRIVATE_KEY);
  const production = { ...gateway, NODE_ENV: 'production', OIDC_ISSUER: 'https://id.example.com' };
  expect(() => readGraphGatewayConfig(production)).toThrow('DEVELOPMENT_ISSUER_KEY must not be set in production');
  expect(() =>
    readGraphGatewayConfig({
      ...production,
      DEVELOPMENT_ISSUER_KEY: '',
      OIDC_ISSUER: 'https://dev.tributary.invalid',
    }),
  ).toThrow('OIDC_ISSUER must not be the development issuer in production');
});

test('in production the processes run without development identities, and know that it is production', () => {
  const password = 'a-password-of-a-role';
  const {
    billing,
    gateway,
    'payment-provider': provider,
  } = describe({
    NODE_ENV: 'production',
    OIDC_ISSUER: 'https://id.example.com',
    PUBLIC_BASE_URL: 'https://shop.example.com',
    CURSOR_KEY: KEY,
    LINK_KEY: KEY,
    FIELD_ENCRYPTION_KEYS: FIELD_KEYS,
    ...Object.fromEntries(
      ['USERS', 'ORDERS', 'BILLING', 'EVENTS'].map((name) => [`${name}_DATABASE_PASSWORD`, password]),
    ),
  });
  expect(readGraphGatewayConfig(gateway)).toMatchObject({
    gateway: { production: true, issuers: [{ issuer: 'https://id.example.com' }] },
    development: undefined,
    explorer: false,
  });
  expect(readBillingConfig(billing)).toMatchObject({ publicBaseUrl: 'https://shop.example.com', payments: undefined });
  expect(provider).toBe(undefined);
});

test('the README names the settings that only the services mode has', () => {
  const readme = readFileSync(join(import.meta.dirname, '../../../../README.md'), 'utf8');
  const [section] = readme.split('\n## Three ways to run\n')[1]!.split('\n## ');
  for (const name of ['USERS_PORT', 'ORDERS_PORT', 'BILLING_PORT', 'PAYMENT_PROVIDER_PORT'])
    expect(section).toContain(`\`${name}\``);
});
