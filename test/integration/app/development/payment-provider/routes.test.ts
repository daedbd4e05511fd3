import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { request as httpRequest } from 'node:http';
import type { IncomingMessage } from 'node:http';

import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';

import type { DevelopmentProviderServer } from '@tributary/app/development/payment-provider/index';
import { createHttpPaymentProvider } from '@tributary/billing/provider/http-payment-provider';

import { startTestPostgres } from '../../../../kit/postgres.ts';
import type { TestDatabase } from '../../../../kit/postgres.ts';
import { act, adapterFor, API_KEY, providerConfig, startProvider, startShop } from './provider-world.ts';
import type { Shop } from './provider-world.ts';

let database: TestDatabase;
let shop: Shop;
let server: DevelopmentProviderServer;
beforeAll(async () => {
  database = await startTestPostgres();
  shop = await startShop();
  server = await startProvider(providerConfig(database, shop));
});
afterAll(async () => {
  await server.stop();
  await shop[Symbol.asyncDispose]();
  await database[Symbol.asyncDispose]();
});

const charge = { amountMinor: '4990', currency: 'EUR', methodToken: 'tok_visa', capture: true };

async function post(path: string, body: string, headers: Record<string, string> = {}) {
  const answer = await fetch(`${server.url}${path}`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      authorization: `Bearer ${API_KEY}`,
      'idempotency-key': randomUUID(),
      ...headers,
    },
    body,
  });
  return { status: answer.status, body: await answer.json() };
}

const fault = (status: number, code: string, message = expect.any(String) as string) => ({
  status,
  body: { error: { code, message } },
});

async function waitingCharge() {
  const outcome = await adapterFor(server.url).charge({
    idempotencyKey: randomUUID(),
    amountMinor: 4990n,
    currency: 'EUR',
    methodToken: 'tok_threeDSecure',
    capture: true,
  });
  if (outcome.state !== 'requiresAction') throw new Error(`The charge is ${outcome.state}.`);
  return outcome;
}

test.each([['Bearer wrong'], [`bearer ${API_KEY}`], [`Basic ${API_KEY}`], [''], ['Bearer']])(
  'the API is closed to %j',
  async (authorization) => {
    const closed = fault(401, 'NOT_AUTHENTICATED', 'The API key is missing or wrong.');
    expect(await post('/v1/charges', JSON.stringify(charge), { authorization })).toEqual(closed);
    expect(await post('/v1/charges', 'not even JSON', { authorization })).toEqual(closed);
  },
);

test('the adapter tells apart that its key is not accepted', async () => {
  const stranger = createHttpPaymentProvider({ name: 'test', url: server.url, apiKey: 'sk-somebody-else' });
  const refused = expect.objectContaining({ name: 'ProviderRefusal', code: 'NOT_AUTHENTICATED' }) as Error;
  await expect(stranger.findCharge('payment-1')).rejects.toEqual(refused);
});

test.each<[string, object]>([
  ['amount', { amountMinor: undefined }],
  ['amount as a number', { amountMinor: 4990 }],
  ['amount of nothing', { amountMinor: '0' }],
  ['amount below nothing', { amountMinor: '-1' }],
  ['amount with a fraction', { amountMinor: '49.90' }],
  ['amount beyond any', { amountMinor: '9'.repeat(19) }],
  ['currency', { currency: 'euro' }],
  ['payment method', { methodToken: '' }],
  ['way to capture', { capture: 'yes' }],
])('a charge with an unusable %s is refused', async (_what, change) => {
  expect(await post('/v1/charges', JSON.stringify({ ...charge, ...change }))).toEqual(fault(400, 'INVALID_REQUEST'));
});

test('so is one without key, without JSON, or without end', async () => {
  const invalid = fault(400, 'INVALID_REQUEST');
  expect(await post('/v1/charges', JSON.stringify(charge), { 'idempotency-key': '' })).toEqual(invalid);
  expect(await post('/v1/charges', '{')).toEqual(invalid);
  expect(await post('/v1/charges', '[]')).toEqual(invalid);
  expect(await post('/v1/charges', `"${'x'.repeat(65 * 1024)}"`)).toEqual(fault(413, 'INVALID_REQUEST'));
});

test('names that every object has are no payment methods', async () => {
  for (const methodToken of ['constructor', '__proto__', 'toString'])
    expect(await post('/v1/charges', JSON.stringify({ ...charge, methodToken }))).toEqual(fault(404, 'NOT_FOUND'));
});

test('the page of a payment shows the amount and asks for a decision, without a script', async () => {
  const { url } = await waitingCharge();
  const answer = await fetch(url);
  expect(answer.headers.get('content-security-policy')).toContain("default-src 'none'");
  const page = await answer.text();
  expect(page).toContain('49.90 EUR');
  expect(page).toContain('Do you confirm this payment?');
  expect(page).not.toContain('<script');
  expect(await act(url, 'confirm')).toContain('The payment is confirmed.');
  expect(await (await fetch(url)).text()).not.toContain('<button');
});

test('a payer who declines is told so', async () => {
  expect(await act((await waitingCharge()).url, 'decline')).toContain('The payment was declined.');
});

test('a payment that does not exist has no page', async () => {
  const answer = await fetch(`${server.url}/actions/ch_1<script>`);
  expect(answer.status).toBe(404);
  expect(await answer.text()).not.toContain('<script');
});

test('the page is there under a name of this machine only', async () => {
  const { url, reference } = await waitingCharge();
  for (const path of [`/actions/${reference}`, `/actions/${reference}/confirm`]) {
    const outgoing = httpRequest(new URL(path, url), {
      method: path.endsWith('confirm') ? 'POST' : 'GET',
      headers: { host: 'bank.example' },
    });
    outgoing.end();
    const [answer] = (await once(outgoing, 'response')) as [IncomingMessage];
    answer.resume();
    expect(answer.statusCode).toBe(404);
  }
  expect(await (await fetch(url)).text()).toContain('Do you confirm this payment?');
});

test('behind another address, payers are sent there', async () => {
  const publicBaseUrl = 'https://bank.example/pay';
  const other = await startProvider({ ...providerConfig(database, shop), host: '0.0.0.0', publicBaseUrl });
  onTestFinished(() => other.stop());
  expect(other.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/); // where it is reached, not what it listens on
  const outcome = await adapterFor(other.url).charge({
    idempotencyKey: randomUUID(),
    amountMinor: 1n,
    currency: 'EUR',
    methodToken: 'tok_threeDSecure',
    capture: true,
  });
  expect(outcome).toMatchObject({ url: `${publicBaseUrl}/actions/${outcome.reference}` });
});

test('it says that it lives and is ready', async () => {
  for (const path of ['/livez', '/readyz']) expect((await fetch(`${server.url}${path}`)).status).toBe(200);
});
