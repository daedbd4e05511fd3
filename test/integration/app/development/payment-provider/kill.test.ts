import { randomUUID } from 'node:crypto';

import { afterAll, beforeAll, expect, test } from 'vitest';

import { OutcomeUnknown } from '@tributary/billing/provider/payment-provider';

import { startTestPostgres } from '../../../../kit/postgres.ts';
import type { TestDatabase } from '../../../../kit/postgres.ts';
import { startProviderProcess } from './provider-process.ts';
import { adapterFor, providerConfig, startShop } from './provider-world.ts';
import type { Shop } from './provider-world.ts';

let database: TestDatabase;
let shop: Shop;
beforeAll(async () => {
  database = await startTestPostgres();
  shop = await startShop();
});
afterAll(async () => {
  await shop[Symbol.asyncDispose]();
  await database[Symbol.asyncDispose]();
});

const requestOf = (methodToken: string) => ({
  idempotencyKey: `test-${randomUUID()}`,
  amountMinor: 4990n,
  currency: 'EUR',
  methodToken,
  capture: true,
});
const soon = <T>(read: () => T | Promise<T>) => expect.poll(read, { timeout: 15_000, interval: 20 });
const countCharges = async (key: string) =>
  (await database.query('SELECT FROM provider.charges WHERE idempotency_key = $1', [key])).length;
const statesOf = (key: string) =>
  shop.events.filter(({ idempotencyKey }) => idempotencyKey === key).map(({ outcome }) => outcome.state);

test('killed after it charged and before it answered, it leaves an unknown outcome, and still knows the charge', async () => {
  shop.accepts = () => false; // whatever it delivers before it is killed has to be delivered again
  const config = providerConfig(database, shop);
  const first = await startProviderProcess(config);
  const request = requestOf('tok_timeout');
  const charge = adapterFor(first.url)
    .charge(request)
    .catch((error: unknown) => error);
  await soon(() => countCharges(request.idempotencyKey)).toBe(1);
  first.kill('SIGKILL');
  expect(await charge).toBeInstanceOf(OutcomeUnknown);
  expect(await first.exited).toBe('SIGKILL');
  await expect(adapterFor(first.url).findCharge(request.idempotencyKey)).rejects.toThrow(OutcomeUnknown);

  shop.accepts = () => true;
  shop.events.length = 0;
  const second = await startProviderProcess(config);
  const provider = adapterFor(second.url);
  const found = await provider.findCharge(request.idempotencyKey);
  expect(found).toMatchObject({ state: 'captured', capturedMinor: 4990n });
  expect(await provider.charge(request)).toEqual(found);
  expect(await countCharges(request.idempotencyKey)).toBe(1);
  await soon(() => statesOf(request.idempotencyKey)).toEqual(['captured']);
});

test('killed while a charge is being processed, it brings it to its end afterward', async () => {
  const config = providerConfig(database, shop, { settleMs: 1_000 });
  const first = await startProviderProcess(config);
  const request = requestOf('tok_async');
  expect(await adapterFor(first.url).charge(request)).toMatchObject({ state: 'processing' });
  first.kill('SIGKILL');
  await first.exited;
  const second = await startProviderProcess(config);
  await soon(() => adapterFor(second.url).findCharge(request.idempotencyKey)).toMatchObject({ state: 'captured' });
  await soon(() => statesOf(request.idempotencyKey)).toContain('captured');
});

test('told to stop, it answers what it has to say, keeps nobody waiting for what it will not say, and ends with 0', async () => {
  const provider = await startProviderProcess(providerConfig(database, shop, { latencyMs: 600 }));
  const adapter = adapterFor(provider.url);
  const [slow, never] = [requestOf('tok_visa'), requestOf('tok_timeout')];
  const charges = Promise.allSettled([adapter.charge(slow), adapter.charge(never)]);
  await soon(() => countCharges(never.idempotencyKey)).toBe(1);
  await soon(() => countCharges(slow.idempotencyKey)).toBe(1);
  provider.kill('SIGTERM');
  const [answered, withheld] = await charges;
  expect(answered).toMatchObject({ status: 'fulfilled', value: { state: 'captured' } });
  expect(withheld).toMatchObject({ status: 'rejected', reason: expect.any(OutcomeUnknown) as OutcomeUnknown });
  expect(await provider.exited).toBe(0);
});
