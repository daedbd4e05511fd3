import pg from 'pg';
import { expect, onTestFinished, test, vi } from 'vitest';

import { startDevelopmentProvider } from '@tributary/app/development/payment-provider/index';
import type { DevelopmentProviderServer } from '@tributary/app/development/payment-provider/index';
import { probeListenAddress } from '@tributary/app/listen-address';
import { systemClock } from '@tributary/kit/clock';
import { createLogger } from '@tributary/kit/logger';

import { adminUrlOf, lineOf, startApp } from '../../integration/app/app-process.ts';
import type { AppProcess } from '../../integration/app/app-process.ts';
import { newDataDir } from '../../integration/app/data-dir.ts';
import { startTestPostgres } from '../../kit/postgres.ts';
import { askAs } from './ask-as.ts';
import { paid, paymentOf, placeOrderToConfirm, SOON } from './buy.ts';
import { serviceOf, startServicesProcess } from './services-process.ts';

// A payment provider that is somebody else's: it runs apart, with a database of its own, and knows nothing of the shop but the public
// address to which it delivers.

vi.setConfig({ testTimeout: 120_000 }); // whole processes, of which a busy machine runs several at once

const READY = /^Tributary is ready: GraphQL (http:\/\/127\.0\.0\.1:\d+)\/graphql/;
const host = '127.0.0.1';
const apiKey = 'key-of-the-shop-0123456789';
const secret = 'secret-of-webhooks-0123456789';

interface Shop {
  app: AppProcess;
  url: string;
  dataDir: string;
  provider: DevelopmentProviderServer;
}

async function startShop(start: (settings: Record<string, string>) => AppProcess): Promise<Shop> {
  const database = await startTestPostgres();
  onTestFinished(() => database[Symbol.asyncDispose]());
  const port = await probeListenAddress({ host, port: 0 });
  const provider = await startDevelopmentProvider(
    {
      ...{ host, port: 0, publicBaseUrl: undefined, logLevel: 'silent', databaseUrl: database.urls.provider, apiKey },
      webhook: { url: `http://${host}:${port}/webhooks/payments`, secret },
      behavior: { latencyMs: 10, settleMs: 100, retryMs: 50, disorder: false },
    },
    { logger: createLogger({ level: 'silent', name: 'test' }), clock: systemClock },
  );
  onTestFinished(() => provider.stop());
  const dataDir = await newDataDir();
  const app = start({
    DATA_DIR: dataDir,
    PORT: String(port),
    PAYMENT_PROVIDER_URL: provider.url,
    PAYMENT_PROVIDER_KEY: apiKey,
    PAYMENT_WEBHOOK_SECRET: `another-secret, ${secret}`,
    PAYMENT_RECONCILE_MS: '3600000', // what it does not tell by itself is not heard of
    ORDER_CHARGE_DEADLINE_MS: '1200000', // twenty minutes
  });
  const [, url] = READY.exec(await lineOf(app, READY))!;
  return { app, url: url!, dataDir, provider };
}

/** An order becomes confirmed by nothing but what the provider tells, within the deadlines that were set. */
async function expectOrderIsPaid({ app, url, dataDir, provider }: Shop): Promise<void> {
  const ask = await askAs(url, 'customer');
  const { id, actionUrl } = await placeOrderToConfirm(ask);
  expect(actionUrl.startsWith(`${provider.url}/actions/`)).toBe(true);

  const client = new pg.Client({ connectionString: await adminUrlOf(app, dataDir) });
  await client.connect();
  // The deadline is of the service's clock, the moment of placing of the database's.
  const { rows } = await client.query(
    `SELECT s.step, s.deadline_at - o.placed_at BETWEEN '19 min' AND '21 min' AS "hasTwentyMinutes",
        (SELECT ask_at > now() + interval '59 min' FROM billing.payments WHERE state = 'REQUIRES_ACTION'
          ORDER BY created_at DESC LIMIT 1) AS "isAskedInAnHour"
      FROM orders.order_sagas s JOIN orders.orders o ON o.id = s.order_id ORDER BY o.placed_at DESC LIMIT 1`,
  );
  await client.end();
  expect(rows).toEqual([{ step: 'CHARGING', hasTwentyMinutes: true, isAskedInAnHour: true }]);

  expect((await fetch(`${actionUrl}/confirm`, { method: 'POST' })).status).toBe(200);
  await expect.poll(() => paymentOf(ask, id), SOON).toMatchObject(paid);
}

async function deliver(url: string, body: string | null): Promise<[status: number, code: string]> {
  const answer = await fetch(`${url}/webhooks/payments`, {
    method: 'POST',
    headers: { 'payment-signature': `t=${Math.floor(Date.now() / 1000)},v1=${'0'.repeat(64)}` },
    body,
  });
  const { errors } = (await answer.json()) as { errors: [{ extensions: { code: string } }] };
  return [answer.status, errors[0].extensions.code];
}

const OVERSIZED = ' '.repeat(64 * 1024 + 1);

test('in the services mode an order is paid by what an outside provider tells the gateway, and nothing else gets through', async () => {
  const shop = await startShop(startServicesProcess);
  const { app, url } = shop;
  expect(app.stdout.filter((line) => line.includes('"service":"payment-provider"'))).toEqual([]);
  await expectOrderIsPaid(shop);

  expect(await deliver(url, '{}')).toEqual([401, 'UNAUTHENTICATED']);
  expect(await deliver(url, OVERSIZED)).toEqual([413, 'BODY_TOO_LARGE']);
  expect(await deliver(url, null)).toEqual([400, 'BAD_REQUEST']);

  const billing = await serviceOf(app, 'billing');
  app.child.kill('SIGSTOP'); // else it may be back before it is missed
  process.kill(billing.pid, 'SIGKILL');
  await expect.poll(() => deliver(url, '{}')).toEqual([503, 'UNAVAILABLE']);
  expect(await deliver(url, OVERSIZED)).toEqual([413, 'BODY_TOO_LARGE']);
  expect(await deliver(url, null)).toEqual([400, 'BAD_REQUEST']);
  app.child.kill('SIGCONT');
  await serviceOf(app, 'billing', 2);
  expect(await deliver(url, '{}')).toEqual([401, 'UNAUTHENTICATED']);

  app.child.kill('SIGTERM');
  expect(await app.exited).toBe(0);
});

test('in one process an order is paid by what an outside provider tells, and that of development does not run', async () => {
  const shop = await startShop(startApp);
  await expectOrderIsPaid(shop);
  expect((await fetch(`${shop.url}/dev/payments/v1/charges?idempotencyKey=x`)).status).toBe(404);
  expect(await deliver(shop.url, '{}')).toEqual([401, 'UNAUTHENTICATED']);
  expect(await deliver(shop.url, OVERSIZED)).toEqual([413, 'BODY_TOO_LARGE']);
  shop.app.child.kill('SIGTERM');
  expect(await shop.app.exited).toBe(0);
});

test.each([
  ['npm start', startApp],
  ['npm run start:services', startServicesProcess],
])('%s tells everything that is missing or wrong about a provider before it makes anything', async (_, start) => {
  const app = start({ PAYMENT_PROVIDER_URL: 'pay.example.com', PAYMENT_WEBHOOK_SECRET: 'one,,two' });
  expect(await app.exited).toBe(1);
  expect(app.stderr).toEqual([
    'The settings are not usable:',
    '  - PAYMENT_PROVIDER_KEY is required when PAYMENT_PROVIDER_URL is set.',
    '  - PAYMENT_PROVIDER_URL must be a URL that starts with http:// or https://.',
    '  - PAYMENT_WEBHOOK_SECRET is not usable: one of the secrets is empty.',
  ]);
  expect(app.stdout).toEqual([]);
});
