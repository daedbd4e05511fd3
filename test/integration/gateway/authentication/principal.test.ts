import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { SECOND } from '@tributary/kit/clock';
import type { Principal } from '@tributary/kit/principal';

import type { Issuer } from '../issuer.ts';
import { startLibrary } from '../library-gateway.ts';
import { jane, startAuthenticatedLibrary } from './directory.ts';
import type { AuthenticatedLibrary } from './directory.ts';

let world: AuthenticatedLibrary;
let issuer: Issuer;
let lookups: AuthenticatedLibrary['lookups'];
let ask: AuthenticatedLibrary['ask'];
beforeAll(async () => {
  world = await startAuthenticatedLibrary();
  ({ issuer, lookups, ask } = world);
});
afterAll(() => world[Symbol.asyncDispose]());

async function principalOf(token: string): Promise<Principal | null> {
  const { body } = await ask(`Bearer ${token}`);
  return JSON.parse((body.data as { whoami: string }).whoami) as Principal | null;
}

describe('a good token', () => {
  test('makes its subject the principal, with the scopes of roles and memberships', async () => {
    expect(await principalOf(await issuer.token({ auth_time: 1_700_000_000, amr: ['pwd', 'mfa'] }))).toEqual({
      type: 'user',
      userId: jane.type === 'user' ? jane.userId : '',
      roles: ['CUSTOMER'],
      memberships: [{ organizationId: '01920000-0000-7000-8000-0000000000aa', role: 'OWNER' }],
      scopes: ['orders:read', 'orders:write', 'billing:read', 'billing:pay', 'clients:write', 'webhooks:write'],
      authTime: 1_700_000_000,
      amr: ['pwd', 'mfa'],
    });
  });

  test('with a scope claim gives no more than both allow', async () => {
    const principal = await principalOf(await issuer.token({ scope: 'orders:read users:write openid' }));
    expect(principal?.scopes).toEqual(['orders:read']);
  });

  test('of an API client gives the scopes the client was granted, out of those a client may have', async () => {
    const token = await issuer.token({ sub: 'robot', client_id: 'robot' });
    expect(await principalOf(token)).toEqual({
      type: 'client',
      clientId: '01920000-0000-7000-8000-000000000002',
      organizationId: '01920000-0000-7000-8000-0000000000bb',
      roles: ['PARTNER'],
      scopes: ['orders:read'],
      authTime: null,
      amr: [],
    });
  });

  test('that a person got through an application is about the person', async () => {
    expect(await principalOf(await issuer.token({ client_id: 'web-shop' }))).toMatchObject({ type: 'user' });
  });

  test.each(['jwt', 'JWT', 'application/at+jwt', undefined])('may be of type %s', async (typ) => {
    expect((await ask(`Bearer ${await issuer.token({}, { typ: typ! })}`)).status).toBe(200);
  });

  test('may be five seconds off', async () => {
    const now = Math.floor(Date.now() / SECOND);
    expect((await ask(`Bearer ${await issuer.token({ nbf: now + 4, iat: now + 4 })}`)).status).toBe(200);
    expect((await ask(`Bearer ${await issuer.token({ exp: now - 3 })}`)).status).toBe(200);
  });
});

test('a request without a token is anonymous', async () => {
  expect((await ask()).body).toEqual({ data: { whoami: 'null' } });
});

describe('the lookup of a subject', () => {
  test('is made once for many requests', async () => {
    const token = await issuer.token({ client_id: 'robot', sub: 'robot' });
    await ask(`Bearer ${token}`);
    const before = lookups.length;
    await Promise.all(Array.from({ length: 20 }, () => ask(`Bearer ${token}`)));
    expect(lookups).toHaveLength(before);
  });

  test('that fails leaves the question open', async () => {
    await using other = await startLibrary({
      config: { issuers: [issuer] },
      findPrincipal: () => Promise.reject(new Error('connect ECONNREFUSED 10.0.0.1:4001')),
    });
    const { status, body } = await other.query('{ whoami }', {
      headers: { authorization: `Bearer ${await issuer.token()}` },
    });
    expect([status, body.errors?.[0]?.extensions]).toEqual([503, { code: 'UNAVAILABLE' }]);
  });
});
