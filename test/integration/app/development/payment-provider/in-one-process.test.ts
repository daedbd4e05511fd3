import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import Fastify from 'fastify';
import { expect, onTestFinished, test } from 'vitest';

import { readAppConfig } from '@tributary/app/config';
import { developmentPayments } from '@tributary/app/development/development-payments';
import { localUrl, probeListenAddress } from '@tributary/app/listen-address';
import type { ProviderEvent } from '@tributary/billing/provider/payment-provider';
import { createPaymentWebhookRoutes } from '@tributary/billing/provider/webhook.routes';
import { systemClock } from '@tributary/kit/clock';
import { createLogger } from '@tributary/kit/logger';

import { startTestPostgres } from '../../../../kit/postgres.ts';
import { act } from './provider-world.ts';

const host = '127.0.0.1';
const logger = createLogger({ level: 'silent', name: 'test' });

test('on the server of the shop itself, charges, confirmations and webhooks go over HTTP', async () => {
  const database = await startTestPostgres();
  onTestFinished(() => database[Symbol.asyncDispose]());
  const dataDir = await mkdtemp(join(tmpdir(), 'tributary-payments-'));
  onTestFinished(() => rm(dataDir, { recursive: true }));
  const port = await probeListenAddress({ host, port: 0 });
  const own = localUrl({ host, port });
  const config = readAppConfig({ DATA_DIR: dataDir, DEVPAY_LATENCY_MS: '0' });
  const payments = await developmentPayments(config, {
    databaseUrl: database.urls.provider,
    own,
    logger,
    clock: systemClock,
  });
  onTestFinished(() => payments?.stop());

  const events: ProviderEvent[] = [];
  const server = Fastify({ logger: false, forceCloseConnections: true });
  onTestFinished(() => server.close());
  const onEvent = async (event: ProviderEvent) => void events.push(event);
  const secrets = payments!.webhookSecrets;
  await server.register(createPaymentWebhookRoutes({ secrets, onEvent, clock: systemClock, logger }));
  await server.register(payments!.routes, { prefix: payments!.prefix });
  await server.listen({ host, port });

  const { provider } = payments!;
  const outcome = await provider.charge({
    idempotencyKey: 'payment-1',
    amountMinor: 4990n,
    currency: 'EUR',
    methodToken: 'tok_threeDSecure',
    capture: true,
  });
  const url = `${own}/dev/payments/actions/${outcome.reference}`;
  expect(outcome).toEqual({ state: 'requiresAction', reference: outcome.reference, url });
  await act(url, 'confirm');
  expect(await provider.findCharge('payment-1')).toMatchObject({ state: 'captured' });
  await expect
    .poll(() => events.map((event) => event.outcome.state).sort(), { timeout: 10_000 })
    .toEqual(['captured', 'requiresAction']);
});

test('in production there is none of it', async () => {
  const production = { ...readAppConfig({}), developmentProvider: undefined };
  const deps = { databaseUrl: undefined, own: 'http://127.0.0.1:1', logger, clock: systemClock };
  expect(await developmentPayments(production, deps)).toBeUndefined();
});
