import Fastify from 'fastify';
import type { FastifyInstance } from 'fastify';
import { createLocalJWKSet, decodeProtectedHeader, exportJWK, generateKeyPair, jwtVerify } from 'jose';
import type { JSONWebKeySet } from 'jose';
import { beforeAll, expect, test } from 'vitest';

import { createDevelopmentIssuer } from '@tributary/app/development/development-issuer';

const now = new Date('2026-11-21T12:00:00Z');
const seconds = now.getTime() / 1_000;
const NAMES = ['customer', 'buyer', 'support', 'finance', 'admin', 'partner'];

let app: FastifyInstance;
beforeAll(async () => {
  const { privateKey } = await generateKeyPair('EdDSA', { crv: 'Ed25519', extractable: true });
  const options = { key: await exportJWK(privateKey), audience: 'shop', clock: { now: () => now } };
  const routes = await createDevelopmentIssuer(options);
  app = Fastify();
  app.register(async (scope) => routes(scope));
});

async function tokenOf(persona: string): Promise<string> {
  const response = await app.inject({ method: 'POST', url: '/dev/token', payload: { persona } });
  expect(response.statusCode).toBe(200);
  expect(response.headers['cache-control']).toBe('no-store');
  const body = response.json<{ access_token: string }>();
  expect(body).toEqual({ access_token: expect.any(String) as string, token_type: 'Bearer', expires_in: 3_600 });
  return body.access_token;
}

async function claimsOf(persona: string) {
  const keys = (await app.inject('/dev/jwks.json')).json<JSONWebKeySet>();
  const { payload } = await jwtVerify(await tokenOf(persona), createLocalJWKSet(keys), { currentDate: now });
  return payload;
}

test.each(['customer', 'buyer', 'support', 'finance', 'admin'])(
  '%s gets a token of a person with MFA',
  async (name) => {
    expect(await claimsOf(name)).toEqual({
      iss: 'https://dev.tributary.invalid',
      aud: 'shop',
      sub: name,
      auth_time: seconds,
      amr: ['pwd', 'mfa'],
      iat: seconds,
      exp: seconds + 3_600,
      jti: expect.any(String) as string,
    });
  },
);

test('partner gets a token of an API client with the scopes it was granted', async () => {
  expect(await claimsOf('partner')).toMatchObject({
    sub: 'demo-partner',
    client_id: 'demo-partner',
    scope: 'orders:read orders:write billing:read billing:pay payouts:read webhooks:write',
  });
});

test('the published keys hold nothing private', async () => {
  const { keys } = (await app.inject('/dev/jwks.json')).json<JSONWebKeySet>();
  expect(keys).toEqual([
    {
      kty: 'OKP',
      crv: 'Ed25519',
      x: expect.any(String) as string,
      kid: decodeProtectedHeader(await tokenOf('customer')).kid,
      use: 'sig',
      alg: 'EdDSA',
    },
  ]);
});

test('the personas are listed by the names that get a token', async () => {
  const { personas } = (await app.inject('/dev/personas')).json<{
    personas: { persona: string; description: string }[];
  }>();
  expect(personas.map(({ persona }) => persona)).toEqual(NAMES);
  expect(personas.every(({ description }) => description.length > 20)).toBe(true);
});

test.each([
  ['an unknown persona', { persona: 'root' }, 400],
  ['a name of every object', { persona: 'constructor' }, 400],
  ['a persona that is no text', { persona: ['customer'] }, 400],
  ['no persona', {}, 400],
  ['a list', [], 400],
  ['nothing', undefined, 400],
  ['broken JSON', '{"persona"', 400],
])('%s is refused with the known ones', async (_title, payload, status) => {
  const response = await app.inject({
    method: 'POST',
    url: '/dev/token',
    headers: { 'content-type': 'application/json' },
    ...(payload !== undefined && { payload }),
  });
  expect(response.statusCode).toBe(status);
  expect(response.json()).toEqual({
    error: 'invalid_request',
    error_description: expect.stringContaining('customer, buyer, support, finance, admin, partner') as string,
    personas: NAMES,
  });
});

test('a form is refused as an unsupported type', async () => {
  const response = await app.inject({
    method: 'POST',
    url: '/dev/token',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    payload: 'persona=customer',
  });
  expect(response.statusCode).toBe(415);
  expect(response.json()).toMatchObject({ error: 'invalid_request' });
});
