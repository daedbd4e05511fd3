import Fastify from 'fastify';
import { afterEach, beforeEach, expect, onTestFinished, test } from 'vitest';

import { createWebhookRoutes } from '@tributary/app/services/gateway/webhook-routes';
import type { ProviderEvent } from '@tributary/billing/provider/payment-provider';
import { signWebhook } from '@tributary/billing/provider/webhook-signature';
import { createPaymentWebhookRoutes } from '@tributary/billing/provider/webhook.routes';
import { systemClock } from '@tributary/kit/clock';
import { createLogger } from '@tributary/kit/logger';

import { sendJson, startPeer } from '../../../gateway/peer.ts';
import type { Peer } from '../../../gateway/peer.ts';

// The route of the gateway's process, in front of billing's own route and of servers that go wrong.

const secret = 'whsec-test-0123456789abcdef';
const logger = createLogger({ level: 'silent', name: 'test' });
const LIMIT = 64 * 1024;
const event = (padding = '') =>
  JSON.stringify({
    id: 'evt_1',
    occurredAt: '2026-11-21T11:59:59.000Z',
    type: 'charge',
    charge: { reference: 'ch_1', idempotencyKey: 'payment-1', state: 'processing' },
    padding,
  });
const error = (message: string, code: string) => ({ errors: [{ message, extensions: { code } }] });

/** A gateway in front of a server, which a test may let go wrong. */
async function startGatewayTo(billingUrl: string, options: { timeoutMs?: number } = {}): Promise<string> {
  const gateway = Fastify({ logger: false, forceCloseConnections: true });
  onTestFinished(() => gateway.close());
  await gateway.register(async (scope) => createWebhookRoutes({ billingUrl, logger, ...options })(scope));
  return gateway.listen({ host: '127.0.0.1', port: 0 });
}

async function deliver(
  gateway: string,
  body: string | Buffer | ReadableStream | null,
  headers: Record<string, string> = {},
) {
  const options: RequestInit = { method: 'POST', body, headers, duplex: 'half' };
  const answer = await fetch(`${gateway}/webhooks/payments`, options);
  return { status: answer.status, body: await answer.json() };
}

const signed = (body: string | Buffer) => ({
  'content-type': 'application/json',
  'payment-signature': signWebhook({ body, secret, now: new Date() }),
});

let peer: Peer;
beforeEach(async () => {
  peer = await startPeer((_request, response) => sendJson(response, { received: true }));
});
afterEach(() => peer[Symbol.asyncDispose]());

/** Billing's own route. */
async function startBilling(): Promise<{ url: string; events: ProviderEvent[] }> {
  const events: ProviderEvent[] = [];
  const billing = Fastify({ logger: false, forceCloseConnections: true });
  onTestFinished(() => billing.close());
  const onEvent = async (each: ProviderEvent) => void events.push(each);
  await billing.register(createPaymentWebhookRoutes({ secrets: [secret], onEvent, clock: systemClock, logger }));
  return { url: await billing.listen({ host: '127.0.0.1', port: 0 }), events };
}

test('what the provider signed arrives as it was signed, whatever it calls itself', async () => {
  const { url, events } = await startBilling();
  const gateway = await startGatewayTo(url);
  const odd = ` \t${event('grün')}\r\n`;
  const accepted = { status: 200, body: { received: true } };
  expect(await deliver(gateway, event(), signed(event()))).toEqual(accepted);
  expect(await deliver(gateway, odd, { ...signed(odd), 'content-type': 'text/plain; charset=utf-7' })).toEqual(
    accepted,
  );
  expect(await deliver(gateway, Buffer.from(event()), { 'payment-signature': signed(event())['payment-signature'] })).toEqual(accepted); // prettier-ignore
  expect(events.map(({ id }) => id)).toEqual(['evt_1', 'evt_1', 'evt_1']);
});

test('bytes that are no text pass as they are', async () => {
  const { promise: arrived, resolve } = Promise.withResolvers<unknown>();
  const billing = Fastify({ logger: false, forceCloseConnections: true });
  onTestFinished(() => billing.close());
  billing.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
  billing.post('/webhooks/payments', async ({ body }) => resolve(body));
  const gateway = await startGatewayTo(await billing.listen({ host: '127.0.0.1', port: 0 }));
  const sent = Buffer.from([0, 255, 254, 128, 13, 10]);
  const answer = fetch(`${gateway}/webhooks/payments`, { method: 'POST', body: sent });
  expect(await arrived).toEqual(sent);
  expect((await answer).status).toBe(200);
});

test('the headers that concern billing are passed on, and no others', async () => {
  const gateway = await startGatewayTo(peer.url);
  const others = { authorization: 'Bearer x', cookie: 'a=b', 'x-request-timeout-ms': '1', 'x-forwarded-for': '::1' };
  const headers = signed(event());
  await deliver(gateway, event(), { ...headers, ...others });
  expect(peer.received).toMatchObject([{ method: 'POST', url: '/webhooks/payments', headers, body: event() }]);
  for (const name of Object.keys(others)) expect(peer.received[0]!.headers).not.toHaveProperty(name);
});

test('what billing refuses is refused with the same answer', async () => {
  const { url, events } = await startBilling();
  const gateway = await startGatewayTo(url);
  const notSigned = { status: 401, body: error('The signature is missing, too old or wrong.', 'UNAUTHENTICATED') };
  expect(await deliver(gateway, event())).toEqual(notSigned);
  expect(await deliver(gateway, `${event()} `, signed(event()))).toEqual(notSigned);
  expect(await deliver(gateway, '[]', signed('[]'))).toEqual({
    status: 400,
    body: error('The event is not understood.', 'BAD_REQUEST'),
  });
  expect(events).toEqual([]);
});

test.each([200, 202, 409, 429, 500, 503])(
  'the status %i of billing is the answer, and it is asked once',
  async (status) => {
    const gateway = await startGatewayTo(peer.url);
    peer.fault = (_request, response) => sendJson(response, { its: 'own' }, status);
    expect(await deliver(gateway, event())).toEqual({ status, body: { its: 'own' } });
    expect(peer.received).toHaveLength(1);
  },
);

test('nothing and too much are refused before billing hears of it', async () => {
  const gateway = await startGatewayTo(peer.url);
  const empty = { status: 400, body: error('The event is missing.', 'BAD_REQUEST') };
  expect(await deliver(gateway, null)).toEqual(empty);
  expect(await deliver(gateway, '', signed(''))).toEqual(empty);

  const tooLarge = { status: 413, body: error('The event is too large.', 'BODY_TOO_LARGE') };
  const large = Buffer.alloc(LIMIT + 1, ' ');
  expect(await deliver(gateway, large, signed(large))).toEqual(tooLarge);
  expect(await deliver(gateway, new Blob([large]).stream(), signed(large))).toEqual(tooLarge); // without a length
  expect(peer.received).toEqual([]);

  expect(await deliver(gateway, Buffer.alloc(LIMIT, ' '))).toMatchObject({ status: 200 });
});

const UNAVAILABLE = {
  status: 503,
  body: error('Events cannot be taken in now: deliver it again later.', 'UNAVAILABLE'),
};

test('when billing is away the provider is told to come again', async () => {
  const gateway = await startGatewayTo('http://127.0.0.1:1');
  expect(await deliver(gateway, event(), signed(event()))).toEqual(UNAVAILABLE);
});

test('an answer that does not come in time, is cut off or leads elsewhere is none, and nothing is sent again', async () => {
  const gateway = await startGatewayTo(peer.url, { timeoutMs: 200 });
  for (const fault of [
    () => undefined, // never answers
    (_request, response) => response.destroy(),
    (_request, response) => response.writeHead(307, { location: `${peer.url}/elsewhere` }).end(),
  ] satisfies Peer['fault'][]) {
    peer.fault = fault;
    expect(await deliver(gateway, event(), signed(event()))).toEqual(UNAVAILABLE);
  }
  expect(peer.received.map(({ url }) => url)).toEqual([
    '/webhooks/payments',
    '/webhooks/payments',
    '/webhooks/payments',
  ]);
});

test.each([
  ['GET', '/webhooks/payments'],
  ['PUT', '/webhooks/payments'],
  ['POST', '/webhooks/payments/'],
  ['POST', '/webhooks'],
  ['POST', '/webhooks/payments/../../graphql'],
  ['POST', '/webhooks/payments/%2e%2e/%2e%2e/graphql'],
  ['POST', '/graphql'],
  ['GET', '/readyz'],
])('%s %s leads nowhere', async (method, path) => {
  const gateway = Fastify({ logger: false });
  onTestFinished(() => gateway.close());
  await gateway.register(async (scope) => createWebhookRoutes({ billingUrl: peer.url, logger })(scope));
  expect((await gateway.inject({ method: method as 'GET', url: path })).statusCode).toBe(404);
  expect(peer.received).toEqual([]);
});

test('billing may be below a path of another server', async () => {
  const gateway = await startGatewayTo(`${peer.url}/behind/billing/`);
  expect(await deliver(gateway, event())).toMatchObject({ status: 200 });
  expect(peer.received.map(({ url }) => url)).toEqual(['/behind/billing/webhooks/payments']);
});
