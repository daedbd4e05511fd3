import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { describe, expect, onTestFinished, test } from 'vitest';

import { readDatabaseConfig, schemasOf } from '@tributary/app/config';
import { readDevelopmentProviderConfig } from '@tributary/app/development/payment-provider/config';
import { readBillingConfig } from '@tributary/billing/config';
import { PAYMENT_TIMINGS } from '@tributary/billing/payment/payment-settings';
import { readOrdersConfig } from '@tributary/orders/config';
import { DEFAULT_DEADLINES } from '@tributary/orders/order/order-saga';

import { readComposeFile, requiredVariables, ROOT } from './compose-file.ts';
import { containerSettings, SETTINGS_COMMAND } from './container-settings.ts';
import { demo, environmentOf, ours, PRODUCTION_URLS, READERS, services } from './read-containers.ts';

// What containers are given, and what Compose and the processes refuse to start without.

describe.each(ours)('the container %s', (name) => {
  test('is given only settings that its process reads', () => {
    const asked = new Set<string>();
    const observed = new Proxy<Record<string, string>>(environmentOf(name), {
      get(target, setting: string) {
        asked.add(setting);
        return target[setting];
      },
    });
    READERS[name]!(name === 'gateway' ? new Proxy(observed, { get: withRealIssuer }) : observed);
    expect(Object.keys(services[name]!.environment).filter((setting) => !asked.has(setting))).toEqual([]);
  });
});

// The demo's settings name the development issuer, which a gateway in production refuses.
function withRealIssuer(target: Record<string, string>, setting: string): string | undefined {
  const value = target[setting];
  return setting === 'OIDC_ISSUER' ? 'https://id.example.com' : value;
}

test('every setting that a process cannot do without is given, and left out it stops Compose', async () => {
  expect(requiredVariables().every((name) => demo[name])).toBe(true);
  for (const name of requiredVariables())
    expect(() => readComposeFile({ ...demo, [name]: '' })).toThrow(`required variable ${name} is missing a value`);
  const production = await containerSettings('production');
  expect(requiredVariables().filter((name) => !production[name])).toEqual(['PUBLIC_BASE_URL', 'OIDC_ISSUER']);
  const { services: made } = readComposeFile({ ...production, ...PRODUCTION_URLS });
  expect(READERS.gateway!(environmentOf('gateway', made))).toMatchObject({ development: undefined, explorer: false });
});

test('whatever prepares the database is given every password and the keys of fields: it could keep none that it made itself', () => {
  for (const name of ['migrate', 'demo-seed']) {
    const { production, secrets } = readDatabaseConfig(environmentOf(name));
    const passwords = schemasOf({ production }).map((schema) => secrets.databasePasswords[schema]);
    expect(passwords).not.toContain(undefined);
    expect(secrets.fieldKeys).toHaveLength(1);
    expect(new Set(passwords).size).toBe(name === 'migrate' ? 4 : 5);
  }
});

test('no secret has a default', () => {
  const text = readFileSync(join(ROOT, 'docker-compose.yml'), 'utf8');
  const secrets = [...text.matchAll(/\$\{([A-Z_]+):-([^}]*)\}/g)].filter(([, name]) =>
    /PASSWORD|KEY|SECRET/.test(name!),
  );
  expect(Object.fromEntries(secrets.map(([, name, value]) => [name, value]))).toEqual({
    DEVELOPMENT_ISSUER_KEY: 'unset',
    PROVIDER_DATABASE_PASSWORD: 'unset',
    PAYMENT_PROVIDER_KEY: '',
    PAYMENT_WEBHOOK_SECRET: '',
  });
  const without = (name: string, setting: string) => () =>
    READERS[name]!(environmentOf(name, readComposeFile({ ...demo, [setting]: '' }).services));
  expect(without('demo-gateway', 'DEVELOPMENT_ISSUER_KEY')).toThrow('DEVELOPMENT_ISSUER_KEY is not usable');
  expect(without('demo-seed', 'PROVIDER_DATABASE_PASSWORD')).toThrow('PROVIDER_DATABASE_PASSWORD is not usable');
  for (const name of ['billing', 'demo-payment-provider'])
    for (const setting of ['PAYMENT_PROVIDER_KEY', 'PAYMENT_WEBHOOK_SECRET'])
      expect(without(name, setting)).toThrow(`${setting} is required`);
});

test('in production there is no payment provider but the one that is named', async () => {
  const production = { ...(await containerSettings('production')), ...PRODUCTION_URLS };
  const billing = (settings: Record<string, string>) =>
    readBillingConfig(environmentOf('billing', readComposeFile({ ...production, ...settings }).services));
  expect(billing({}).payments).toBeUndefined();
  const named = {
    PAYMENT_PROVIDER_URL: 'https://pay.example.com',
    PAYMENT_PROVIDER_NAME: 'examplepay',
    PAYMENT_PROVIDER_KEY: 'key-of-the-shop',
    PAYMENT_WEBHOOK_SECRET: 'new-secret,old-secret',
  };
  expect(billing(named).payments).toEqual({
    name: 'examplepay',
    url: 'https://pay.example.com',
    apiKey: 'key-of-the-shop',
    webhookSecrets: ['new-secret', 'old-secret'],
  });
  expect(READERS.migrate!(environmentOf('migrate'))).toMatchObject({ production: true });
  expect(() => readDevelopmentProviderConfig({ ...environmentOf('demo-payment-provider'), NODE_ENV: 'production' })) // prettier-ignore
    .toThrow('does not run in production');
});

test.each(['demo', 'production'] as const)('in %s deadlines and timings are taken from .env', async (profile) => {
  const given = { ...(await containerSettings(profile)), ...PRODUCTION_URLS };
  const { services: set } = readComposeFile({
    ...given,
    ORDER_CHARGE_DEADLINE_MS: '1001',
    ORDER_INVOICE_DEADLINE_MS: '1002',
    ORDER_TRANSFER_GRACE_MS: '1003',
    ORDER_CAPTURE_DEADLINE_MS: '1004',
    ORDER_DEADLINE_CHECK_MS: '1005',
    PAYMENT_POLL_MS: '1006',
    PAYMENT_LEASE_MS: '5007',
    PAYMENT_RECONCILE_MS: '1008',
    PAYMENT_PROVIDER_TIMEOUT_MS: '1009',
  });
  expect(readOrdersConfig(environmentOf('orders', set)).deadlines).toEqual({
    chargeMs: 1_001,
    invoiceMs: 1_002,
    transferGraceMs: 1_003,
    captureMs: 1_004,
    checkIntervalMs: 1_005,
  });
  expect(readBillingConfig(environmentOf('billing', set)).paymentTimings).toEqual({
    pollMs: 1_006,
    leaseMs: 5_007,
    reconcileAfterMs: 1_008,
    providerTimeoutMs: 1_009,
  });
  const { services: unset } = readComposeFile(given);
  expect(readOrdersConfig(environmentOf('orders', unset)).deadlines).toEqual(DEFAULT_DEADLINES);
  expect(readBillingConfig(environmentOf('billing', unset)).paymentTimings).toEqual(PAYMENT_TIMINGS);
});

test('a payment provider that is named in part stops billing', async () => {
  const production = { ...(await containerSettings('production')), PUBLIC_BASE_URL: 'https://shop.example.com' };
  const named = { ...production, OIDC_ISSUER: 'https://id.example.com', PAYMENT_WEBHOOK_SECRET: 'secret' };
  const environment = environmentOf('billing', readComposeFile(named).services);
  expect(() => readBillingConfig(environment)).toThrow(
    expect.objectContaining({
      problems: [
        'PAYMENT_PROVIDER_URL is required when PAYMENT_WEBHOOK_SECRET is set.',
        'PAYMENT_PROVIDER_KEY is required when PAYMENT_WEBHOOK_SECRET is set.',
      ],
    }),
  );
});

test("nothing that keeps running holds the password of another, or the administrator's", () => {
  const holders = (secret: string) =>
    Object.entries(services)
      .filter(([, { environment }]) => Object.values(environment).some((value) => value.includes(demo[secret]!)))
      .map(([name]) => name)
      .sort();
  const once = ['demo-seed', 'migrate'];
  expect(holders('POSTGRES_PASSWORD')).toEqual([...once, 'postgres']);
  for (const name of ['users', 'orders', 'billing'])
    expect(holders(`${name.toUpperCase()}_DATABASE_PASSWORD`)).toEqual([...once, name].sort());
  expect(holders('INTERNAL_TOKEN_PRIVATE_KEY')).toEqual(['demo-gateway', 'gateway']);
  expect(holders('DEVELOPMENT_ISSUER_KEY')).toEqual(['demo-gateway']);
  expect(holders('LINK_KEY')).toEqual(['billing']);
  expect(holders('FIELD_ENCRYPTION_KEYS')).toEqual(['billing', ...once]);
  expect(holders('PROVIDER_DATABASE_PASSWORD')).toEqual(['demo-payment-provider', 'demo-seed']);
  for (const secret of ['PAYMENT_PROVIDER_KEY', 'PAYMENT_WEBHOOK_SECRET'])
    expect(holders(secret)).toEqual(['billing', 'demo-payment-provider']);
});

test('the settings are written to a file of the owner, and never over another', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'tributary-settings-'));
  onTestFinished(() => rm(directory, { recursive: true }));
  const file = join(directory, '.env');
  const run = () => promisify(execFile)(process.execPath, [SETTINGS_COMMAND, 'production', file]);
  await run();
  expect(((await stat(file)).mode & 0o777).toString(8)).toBe('600');
  const before = await readFile(file, 'utf8');
  await expect(run()).rejects.toMatchObject({ code: 1, stderr: `${file} exists already and was not changed.\n` });
  expect(await readFile(file, 'utf8')).toBe(before);
});
