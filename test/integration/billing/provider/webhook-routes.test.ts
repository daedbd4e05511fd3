import Fastify from 'fastify';
import type { FastifyInstance } from 'fastify';
import { afterEach, beforeEach, expect, test } from 'vitest';

import type { ProviderEvent } from '@tributary/billing/provider/payment-provider';
import { signWebhook } from '@tributary/billing/provider/webhook-signature';
import { createPaymentWebhookRoutes } from '@tributary/billing/provider/webhook.routes';
import { MINUTE } from '@tributary/kit/clock';
import { createLogger } from '@tributary/kit/logger';

const secrets = ['whsec-new-0123456789', 'whsec-old-0123456789'];
const now = new Date('2026-11-21T12:00:00Z');
const event = {
  id: 'evt_1',
  occurredAt: '2026-11-21T11:59:59.000Z',
  type: 'charge',
  charge: { reference: 'ch_1', idempotencyKey: 'payment-1', state: 'processing' },
};
const parsed: ProviderEvent = {
  id: 'evt_1',
  occurredAt: new Date('2026-11-21T11:59:59Z'),
  type: 'charge',
  idempotencyKey: 'payment-1',
  outcome: { state: 'processing', reference: 'ch_1' },
};

let server: FastifyInstance;
let taken: ProviderEvent[];
let takeIn: (event: ProviderEvent) => Promise<void>;
beforeEach(async () => {
  taken = [];
  takeIn = async (each) => void taken.push(each);
  server = Fastify({ logger: false });
  const logger = createLogger({ level: 'silent', name: 'test' });
  await server.register(
    createPaymentWebhookRoutes({ secrets, clock: { now: () => now }, logger, onEvent: (each) => takeIn(each) }),
  );
  server.post('/echo', ({ body }) => body);
});
afterEach(() => server.close());

async function deliver(body: string, headers: Record<string, string> = { 'payment-signature': signed(body) }) {
  const options = { method: 'POST', url: '/webhooks/payments', body } as const;
  const answer = await server.inject({ ...options, headers: { 'content-type': 'application/json', ...headers } });
  return { status: answer.statusCode, body: answer.json<object>() };
}

const signed = (body: string, { secret = secrets[0]!, at = now } = {}) => signWebhook({ body, secret, now: at });
const text = JSON.stringify(event);
const refused = (status: number, code: string, message: string) => ({
  status,
  body: { errors: [{ message, extensions: { code } }] },
});
const NOT_SIGNED = refused(401, 'UNAUTHENTICATED', 'The signature is missing, too old or wrong.');
const NOT_UNDERSTOOD = refused(400, 'BAD_REQUEST', 'The event is not understood.');

test('a signed event is handed over and then acknowledged', async () => {
  expect(await deliver(text)).toEqual({ status: 200, body: { received: true } });
  expect(taken).toEqual([parsed]);
});

test('any of the secrets may sign, whatever the body calls itself', async () => {
  const old = { 'payment-signature': signed(text, { secret: secrets[1]! }) };
  expect(await deliver(text, { ...old, 'content-type': 'text/plain' })).toMatchObject({ status: 200 });
  expect(taken).toEqual([parsed]);
});

test.each<[string, Record<string, string>]>([
  ['without signature', {}],
  ['signed with another secret', { 'payment-signature': signed(text, { secret: 'whsec-xxx-0123456789' }) }],
  ['signed six minutes ago', { 'payment-signature': signed(text, { at: new Date(now.getTime() - 6 * MINUTE) }) }],
  ['with the signature of another body', { 'payment-signature': signed(`${text} `) }],
  ['with the signature under another name', { signature: signed(text) }],
])('an event %s is refused and not handed over', async (_mistake, headers) => {
  expect(await deliver(text, headers)).toEqual(NOT_SIGNED);
  expect(taken).toEqual([]);
});

test('what is not signed is not even parsed: broken JSON looks like any other body', async () => {
  expect(await deliver('{', {})).toEqual(NOT_SIGNED);
  expect(await deliver('', {})).toEqual(NOT_SIGNED);
});

test.each([
  ['{'],
  [''],
  ['null'],
  ['[]'],
  [JSON.stringify({ ...event, type: 'payout' })],
  ['{"__proto__":{}}'],
  ['\xff\xfe'],
])('a signed body that is no event (%j) is refused', async (body) => {
  expect(await deliver(body)).toEqual(NOT_UNDERSTOOD);
  expect(taken).toEqual([]);
});

test('the acknowledgment waits until the event was taken in', async () => {
  const { promise: done, resolve: finish } = Promise.withResolvers<void>();
  const { promise: begun, resolve: begin } = Promise.withResolvers<void>();
  takeIn = () => (begin(), done);
  let answered = false;
  const answer = deliver(text).finally(() => (answered = true));
  await begun;
  await new Promise((resolve) => setImmediate(resolve));
  expect(answered).toBe(false);
  finish();
  expect(await answer).toMatchObject({ status: 200 });
});

test('an event that could not be taken in is not acknowledged, and the reason stays inside', async () => {
  takeIn = () => Promise.reject(new Error('relation "billing.payments" does not exist'));
  expect(await deliver(text)).toEqual(refused(500, 'INTERNAL_SERVER_ERROR', 'Something went wrong on our side.'));
});

test('an event that arrives again is handed over again', async () => {
  await deliver(text);
  await deliver(text);
  expect(taken).toEqual([parsed, parsed]);
});

test('64 KiB are read, and not a byte more', async () => {
  const fill = (length: number) => text.padEnd(length, ' ');
  expect(await deliver(fill(64 * 1024))).toMatchObject({ status: 200 });
  expect(await deliver(fill(64 * 1024 + 1))).toEqual(refused(413, 'BODY_TOO_LARGE', 'The event is too large.'));
  expect(taken).toHaveLength(1);
});

test('the other routes of the server parse bodies as before', async () => {
  const answer = await server.inject({ method: 'POST', url: '/echo', body: { a: 1 } });
  expect(answer.json()).toEqual({ a: 1 });
});
