import { afterAll, beforeAll, expect, test } from 'vitest';

import { createTokenAuthenticate } from '@tributary/gateway/auth/token-principal';
import { createTokenVerifier } from '@tributary/gateway/auth/token-verifier';
import { systemClock } from '@tributary/kit/clock';

import { startIssuer } from '../issuer.ts';
import type { Issuer } from '../issuer.ts';
import { BOOKS, BOOKS_ANSWER, startBookshop } from './bookshop.ts';
import { ask, makeFolder } from './gateway-process.ts';
import { startConfigured } from './open-gateway.ts';

let issuer: Issuer;
beforeAll(async () => void (issuer = await startIssuer()));
afterAll(() => issuer[Symbol.asyncDispose]());

const refused = {
  status: 401,
  body: { errors: [{ message: 'The access token is not valid.', extensions: { code: 'UNAUTHENTICATED' } }] },
};

async function startShop(jwt: Record<string, unknown>) {
  const shop = await startBookshop();
  const folder = await makeFolder();
  const supergraph = await folder.write('supergraph.graphql', shop.supergraph());
  const gateway = await startConfigured(supergraph, { jwt, forwardHeaders: ['authorization'] });
  return {
    shop,
    url: gateway.url,
    async [Symbol.asyncDispose]() {
      for (const each of [gateway, folder, shop]) await each[Symbol.asyncDispose]();
    },
  };
}

test('tokens of a configured issuer are checked before they are passed on, and nobody needs one', async () => {
  const { issuer: name, audience, jwksUrl } = issuer;
  await using started = await startShop({ issuers: [{ issuer: name, audience, jwksUrl }] });
  const { url, shop } = started;
  const token = await issuer.token();
  expect(await ask(url, BOOKS, { authorization: `Bearer ${token}` })).toEqual({ status: 200, body: BOOKS_ANSWER });
  expect(shop.peers.books.received[0]?.headers.authorization).toBe(`Bearer ${token}`);
  expect(await ask(url, BOOKS)).toEqual({ status: 200, body: BOOKS_ANSWER });
  for (const wrong of [await issuer.token({ aud: 'others' }), await issuer.token({ exp: 1 }), 'nonsense'])
    expect(await ask(url, BOOKS, { authorization: `Bearer ${wrong}` })).toEqual(refused);
  expect(shop.peers.books.received).toHaveLength(2);
});

test('a token can be required', async () => {
  await using started = await startShop({
    required: true,
    issuers: [{ issuer: issuer.issuer, audience: issuer.audience }],
  });
  expect(await ask(started.url, BOOKS)).toEqual(refused);
  const authorization = `Bearer ${await issuer.token()}`;
  expect(await ask(started.url, BOOKS, { authorization })).toEqual({ status: 200, body: BOOKS_ANSWER });
});

test.each([
  ['text in the usual claim', {}, { scope: 'books:read  books:sell' }],
  ['a list in another claim', { scopesClaim: 'permissions' }, { permissions: ['books:read', 'books:sell'] }],
])("the caller has the token's scopes: %s", async (_, settings, claims) => {
  const { issuer: name, audience } = issuer;
  const issuers = [{ issuer: name, audience, scopesClaim: 'scope', ...settings }];
  const verifier = createTokenVerifier({ issuers, clock: systemClock, ownUrl: () => '' });
  const authenticate = createTokenAuthenticate({ verifier, required: false });
  const token = await issuer.token({ sub: 'jane', amr: ['mfa'], ...claims });
  const request = { headersDistinct: { authorization: [`Bearer ${token}`] }, url: '/graphql' };
  const { principal } = await authenticate(request);
  expect(principal).toEqual({
    type: 'user',
    userId: 'jane',
    roles: [],
    memberships: [],
    scopes: ['books:read', 'books:sell'],
    authTime: null,
    amr: ['mfa'],
  });
});
