import { createSecretKey, generateKeyPairSync, sign as signBytes } from 'node:crypto';

import { base64url, exportJWK, importJWK, SignJWT } from 'jose';
import type { JWK } from 'jose';
import { beforeAll, describe, expect, test } from 'vitest';

import type { Clock } from '@tributary/kit/clock';
import {
  createInternalTokenSigner,
  createInternalTokenVerifier,
  INTERNAL_TOKEN_LIFETIME_MS,
  InternalTokenError,
} from '@tributary/kit/internal-token';
import type { InternalTokenVerifier } from '@tributary/kit/internal-token';
import type { Principal } from '@tributary/kit/principal';

const NOW = new Date('2026-05-04T10:15:30.000Z');
const SECONDS = NOW.getTime() / 1_000;
const clockAt = (offsetSeconds: number): Clock => ({ now: () => new Date(NOW.getTime() + offsetSeconds * 1_000) });

const keyPair = () => {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519');
  return {
    publicJwk: publicKey.export({ format: 'jwk' }) as JWK,
    privateJwk: privateKey.export({ format: 'jwk' }) as JWK,
  };
};
const { publicJwk, privateJwk } = keyPair();
const other = keyPair();

const principal: Principal = {
  type: 'user',
  userId: '01919191-9191-7919-8919-191919191919',
  roles: ['CUSTOMER'],
  scopes: ['orders:read'],
  memberships: [{ organizationId: '01919191-9191-7919-8919-19191919191a', role: 'OWNER' }],
  authTime: 1_777_889_730,
  amr: ['pwd', 'mfa'],
};

let verifier: InternalTokenVerifier;
beforeAll(async () => {
  verifier = await createInternalTokenVerifier(publicJwk, 'orders', clockAt(0));
});

const sign = async (caller: Principal | null = principal, subgraph = 'orders', offsetSeconds = 0) =>
  (await createInternalTokenSigner(privateJwk, clockAt(offsetSeconds))).sign(caller, subgraph);
const verifyAt = async (token: string, offsetSeconds: number) =>
  (await createInternalTokenVerifier(publicJwk, 'orders', clockAt(offsetSeconds))).verify(token);

const rightClaims = {
  iss: 'tributary-gateway',
  aud: 'orders',
  iat: SECONDS,
  exp: SECONDS + 60,
  jti: 'token-1',
  principal,
};

/** A token that is right in everything but the given parts; `undefined` takes a claim away. */
async function forge(
  claims: Record<string, unknown> = {},
  header: Record<string, unknown> = {},
  key: JWK = privateJwk,
): Promise<string> {
  const payload = { ...rightClaims, ...claims };
  const jwt = new SignJWT(payload).setProtectedHeader({ alg: 'EdDSA', typ: 'internal+jwt', ...header });
  return jwt.sign(await importJWK(key, 'EdDSA'));
}

/** The same by hand, for headers that no library would sign. */
const rawToken = (header: Record<string, unknown>) => {
  const parts = [{ alg: 'EdDSA', typ: 'internal+jwt', ...header }, rightClaims].map((part) =>
    base64url.encode(JSON.stringify(part)),
  );
  const signature = signBytes(null, Buffer.from(parts.join('.')), { key: privateJwk, format: 'jwk' });
  return [...parts, base64url.encode(signature)].join('.');
};

test('a verified token gives back the principal it was signed for, also none', async () => {
  const forUser = await verifier.verify(await sign());
  expect(forUser).toEqual({ principal, tokenId: forUser.tokenId });
  expect((await verifier.verify(await sign(null))).principal).toBeNull();
});

test('every token has an id of its own, also for the same principal', async () => {
  const ids = await Promise.all([1, 2, 3].map(async () => (await verifier.verify(await sign())).tokenId));
  expect(new Set(ids).size).toBe(3);
  expect(ids.filter((id) => !/^[0-9a-f-]{36}$/.test(id))).toEqual([]);
});

test('a token that differs in nothing from a right one is accepted', async () => {
  for (const token of [await forge(), rawToken({})])
    expect(await verifier.verify(token)).toEqual({ principal, tokenId: 'token-1' });
});

test('a token is good for its minute and not for a second more', async () => {
  expect(INTERNAL_TOKEN_LIFETIME_MS).toBe(60_000);
  const token = await sign();
  for (const age of [0, 1, 59]) expect((await verifyAt(token, age)).principal).toEqual(principal);
  for (const age of [61, 65, 66, 3_600]) await expect(verifyAt(token, age)).rejects.toThrow(InternalTokenError);
});

test('a longer life that a token claims for itself does not count', async () => {
  const token = await forge({ exp: SECONDS + 3_600 });
  expect((await verifyAt(token, 59)).principal).toEqual(principal);
  await expect(verifyAt(token, 61)).rejects.toThrow(InternalTokenError);
});

test('a signer whose clock is 5 seconds ahead is forgiven, 6 seconds are not', async () => {
  expect((await verifier.verify(await sign(principal, 'orders', 5))).principal).toEqual(principal);
  await expect(verifier.verify(await sign(principal, 'orders', 6))).rejects.toThrow(InternalTokenError);
});

describe('refused with one and the same error', () => {
  const withoutSignature = (token: string) => `${token.split('.').slice(0, 2).join('.')}.`;
  const unsigned = async (alg: string) => {
    const [, payload] = (await forge()).split('.');
    return `${base64url.encode(JSON.stringify({ alg, typ: 'internal+jwt' }))}.${payload}.`;
  };
  const signedWithSecret = async (secret: Uint8Array) => {
    const jwt = new SignJWT({
      iss: 'tributary-gateway',
      aud: 'orders',
      jti: 'x',
      iat: SECONDS,
      exp: SECONDS + 60,
      principal,
    });
    return jwt.setProtectedHeader({ alg: 'HS256', typ: 'internal+jwt' }).sign(createSecretKey(secret));
  };
  const changed = async (part: 0 | 1 | 2) => {
    const parts = (await sign()).split('.');
    const bytes = base64url.decode(parts[part]!);
    bytes[bytes.length >> 1] = bytes[bytes.length >> 1]! ^ 1;
    parts[part] = base64url.encode(bytes);
    return parts.join('.');
  };

  const cases: [string, () => Promise<string>][] = [
    ['a token for another subgraph', () => sign(principal, 'billing')],
    ['a token for no subgraph', () => forge({ aud: undefined })],
    ['a token signed with another key', () => forge({}, {}, other.privateJwk)],
    ['a key that the token brings along', async () => forge({}, { jwk: other.publicJwk }, other.privateJwk)],
    ['alg none without signature', () => unsigned('none')],
    ['alg None', () => unsigned('None')],
    ['a right token with its signature cut off', async () => withoutSignature(await sign())],
    ['HS256 with the bytes of the public key', () => signedWithSecret(base64url.decode(publicJwk.x!))],
    ['HS256 with the text of the public key', () => signedWithSecret(Buffer.from(JSON.stringify(publicJwk)))],
    ['the type of an access token', () => forge({}, { typ: 'at+jwt' })],
    ['no type', () => forge({}, { typ: undefined })],
    ['an unknown critical header', async () => rawToken({ crit: ['urn:x'], 'urn:x': 1 })],
    ['an unencoded payload', async () => rawToken({ crit: ['b64'], b64: false })],
    ['a changed header', () => changed(0)],
    ['a changed payload', () => changed(1)],
    ['a changed signature', () => changed(2)],
    ['another issuer', () => forge({ iss: 'tributary-gateway/' })],
    ['no issuer', () => forge({ iss: undefined })],
    ['no principal', () => forge({ principal: undefined })],
    ['no token id', () => forge({ jti: undefined })],
    ['no time of issue', () => forge({ iat: undefined })],
    ['no end', () => forge({ exp: undefined })],
    ['an end in the past', () => forge({ exp: SECONDS - 6 })],
    ['an end that is no number', () => forge({ exp: String(SECONDS + 60) })],
    ['a time of issue in the future', () => forge({ iat: SECONDS + 6 })],
    ['a start in the future', () => forge({ nbf: SECONDS + 6 })],
    ['an age of 61 seconds', () => forge({ iat: SECONDS - 61 })],
    ['no text', async () => ''],
    ['no token', async () => 'hello'],
    ['dots', async () => '..'],
    ['a megabyte', async () => 'a'.repeat(1_000_000)],
    ['a payload that is no object', async () => `${(await sign()).split('.')[0]}.W10.${(await sign()).split('.')[2]}`],
    ['five parts', async () => `${await sign()}.a.b`],
  ];
  test.each(cases)('%s', async (_name, makeToken) => {
    const refusal = await verifier.verify(await makeToken()).catch((error: unknown) => error);
    expect(refusal).toBeInstanceOf(InternalTokenError);
    expect((refusal as Error).message).toBe('The internal token was refused.');
  });
});

describe('a verifier is made from an Ed25519 public key only', () => {
  const rsa = generateKeyPairSync('rsa', { modulusLength: 2_048 }).publicKey;
  const p256 = generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey;
  const cases: [string, () => Promise<JWK>][] = [
    ['the private key', async () => privateJwk],
    ['a shared secret', async () => ({ kty: 'oct', k: 'c2VjcmV0' })],
    ['an RSA key', () => exportJWK(rsa)],
    ['a P-256 key', () => exportJWK(p256)],
    ['no key', async () => ({})],
  ];
  test.each(cases)('%s stops the start', async (_name, makeKey) => {
    const made = makeKey().then((key) => createInternalTokenVerifier(key, 'orders', clockAt(0)));
    await expect(made).rejects.toThrow();
  });
});
