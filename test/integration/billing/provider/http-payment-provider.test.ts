import { once } from 'node:events';
import { createServer } from 'node:http';
import type { IncomingMessage, RequestListener, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { inspect } from 'node:util';

import { afterEach, beforeEach, expect, test } from 'vitest';

import { createHttpPaymentProvider } from '@tributary/billing/provider/http-payment-provider';
import { OutcomeUnknown, ProviderRefusal } from '@tributary/billing/provider/payment-provider';

// A peer that answers in every way a provider, or whatever stands in between, can answer.

const API_KEY = 'sk-0123456789abcdef';
const METHOD_TOKEN = 'tok_secretOfTheCard';
const TIMEOUT_MS = 300;
const request = {
  idempotencyKey: 'payment-1',
  amountMinor: 4990n,
  currency: 'EUR',
  methodToken: METHOD_TOKEN,
  capture: true,
};
const charge = {
  reference: 'ch_1',
  idempotencyKey: 'payment-1',
  state: 'captured',
  capturedMinor: '4990',
  capturedAt: '2026-11-21T12:00:00.000Z',
};
const captured = {
  state: 'captured',
  reference: 'ch_1',
  capturedMinor: 4990n,
  capturedAt: new Date('2026-11-21T12:00:00Z'),
};

let server: Server;
let url: string;
let answer: RequestListener;
beforeEach(async () => {
  server = createServer((incoming, response) => answer(incoming, response)).listen(0, '127.0.0.1');
  await once(server, 'listening');
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterEach(async () => {
  server.closeAllConnections();
  server.close();
  await once(server, 'close');
});

const provider = () =>
  createHttpPaymentProvider({ name: 'test', url: `${url}/base/`, apiKey: API_KEY, timeoutMs: TIMEOUT_MS });
const json = (response: ServerResponse, status: number, body: unknown) =>
  void response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));

async function bodyOf(incoming: IncomingMessage): Promise<unknown> {
  return JSON.parse(Buffer.concat((await incoming.toArray()) as Buffer[]).toString()) as unknown;
}

test('a charge is one POST with key and credentials', async () => {
  const { promise: arrived, resolve: arrive } = Promise.withResolvers<IncomingMessage>();
  const { promise: body, resolve: bodyRead } = Promise.withResolvers<unknown>();
  answer = (incoming, response) => {
    arrive(incoming);
    void bodyOf(incoming).then((content) => {
      bodyRead(content);
      json(response, 201, charge);
    });
  };
  expect(await provider().charge(request)).toEqual(captured);
  const { method, url: path, headers } = await arrived;
  expect({ method, path }).toEqual({ method: 'POST', path: '/base/v1/charges' });
  expect(headers).toMatchObject({
    authorization: `Bearer ${API_KEY}`,
    'idempotency-key': 'payment-1',
    'content-type': 'application/json',
  });
  expect(await body).toEqual({ amountMinor: '4990', currency: 'EUR', methodToken: METHOD_TOKEN, capture: true });
});

const raw = (status: number, headers: Record<string, string>, body: string) => (response: ServerResponse) =>
  void response.writeHead(status, headers).end(body);
const JSON_TYPE = { 'content-type': 'application/json' };
const WHOLE = JSON.stringify(charge);

test.each<[string, (response: ServerResponse) => void]>([
  ['never comes', () => undefined],
  ['is a reset', (response) => void response.socket!.resetAndDestroy()],
  ['begins and never ends', (response) => void response.writeHead(200, JSON_TYPE).write('{"reference":')],
  [
    'is cut',
    (response) =>
      void response
        .writeHead(200, { ...JSON_TYPE, 'content-length': '999' })
        .write(WHOLE, () => response.socket!.destroy()),
  ],
  ['is a server error', (response) => json(response, 500, { error: { code: 'INTERNAL' } })],
  ['is a server error that looks like a refusal', (response) => json(response, 503, { error: { code: 'NOT_FOUND' } })],
  ['comes from a proxy', raw(502, { 'content-type': 'text/html' }, '<h1>Bad gateway</h1>')],
  ['is a page that was not found', raw(404, { 'content-type': 'text/html' }, '<h1>Not found</h1>')],
  ['is a refusal nobody knows', (response) => json(response, 409, { error: { code: 'SOMETHING' } })],
  ['is a refusal without code', (response) => json(response, 400, null)],
  ['asks to slow down', (response) => json(response, 429, { error: { code: 'RATE_LIMITED' } })],
  ['is HTML', raw(200, { 'content-type': 'text/html' }, WHOLE)],
  ['is broken JSON', raw(200, JSON_TYPE, '{"reference":"ch_1"')],
  ['is empty', raw(200, JSON_TYPE, '')],
  ['is null', raw(200, JSON_TYPE, 'null')],
  ['is about another request', (response) => json(response, 200, { ...charge, idempotencyKey: 'payment-2' })],
  ['is in an unknown state', (response) => json(response, 200, { ...charge, state: 'paid' })],
  ['is too large', (response) => json(response, 200, { ...charge, extra: 'x'.repeat(65 * 1024) })],
])('an answer that %s leaves the outcome unknown, and tells no secret', async (_what, reply) => {
  answer = (_incoming, response) => reply(response);
  const error: unknown = await provider()
    .charge(request)
    .catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(OutcomeUnknown);
  const told = inspect(error, { depth: 10, showHidden: true });
  expect([API_KEY, METHOD_TOKEN].filter((secret) => told.includes(secret))).toEqual([]);
});

test('nobody at the address leaves the outcome unknown', async () => {
  const dead = createHttpPaymentProvider({ name: 'test', url: 'http://127.0.0.1:1', apiKey: API_KEY });
  await expect(dead.charge(request)).rejects.toThrow(OutcomeUnknown);
  await expect(dead.findCharge('payment-1')).rejects.toThrow(OutcomeUnknown);
});

test.each([301, 302, 303, 307, 308])('a redirect (%i) is not followed', async (status) => {
  const paths: (string | undefined)[] = [];
  answer = (incoming, response) => {
    paths.push(incoming.url);
    response.writeHead(status, { location: `${url}/elsewhere` }).end();
  };
  await expect(provider().charge(request)).rejects.toThrow(OutcomeUnknown);
  expect(paths).toEqual(['/base/v1/charges']);
});

test.each([
  [400, 'INVALID_REQUEST'],
  [401, 'NOT_AUTHENTICATED'],
  [404, 'NOT_FOUND'],
  [409, 'IDEMPOTENCY_KEY_REUSED'],
  [422, 'NOT_POSSIBLE'],
])('a refusal of the provider itself (%i %s) is a refusal', async (status, code) => {
  answer = (_incoming, response) => json(response, status, { error: { code, message: 'No.' } });
  const error: unknown = await provider()
    .charge(request)
    .catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(ProviderRefusal);
  expect(error).toMatchObject({ code, message: `The payment provider refused the request: ${code}.` });
});

test('a charge is found by its key; none is null, and two are nothing to rely on', async () => {
  let items: unknown[] = [];
  let path: string | undefined;
  answer = (incoming, response) => {
    path = incoming.url;
    json(response, 200, { items });
  };
  expect(await provider().findCharge('a&b=c')).toBeNull();
  expect(path).toBe('/base/v1/charges?idempotencyKey=a%26b%3Dc');
  items = [charge];
  expect(await provider().findCharge('payment-1')).toEqual(captured);
  items = [charge, charge];
  await expect(provider().findCharge('payment-1')).rejects.toThrow(OutcomeUnknown);
});

test('an answer about another charge is no answer to a capture', async () => {
  answer = (_incoming, response) => json(response, 200, { ...charge, reference: 'ch_2' });
  await expect(provider().capture({ reference: 'ch_1', amountMinor: 1n })).rejects.toThrow(OutcomeUnknown);
});

test('a key that cannot travel in a header is a mistake of the caller, not an unknown outcome', async () => {
  await expect(provider().charge({ ...request, idempotencyKey: 'ключ' })).rejects.toThrow(
    'An idempotency key is 1 to 255 printable characters.',
  );
});
