import { generateKeyPairSync } from 'node:crypto';

import { expect, test } from 'vitest';

import { parseKey, parsePublicKey } from '@tributary/kit/secrets';

const { publicKey, privateKey } = generateKeyPairSync('ed25519');
const publicJwk = publicKey.export({ format: 'jwk' });

test('a key is 32 bytes or more in base64url', () => {
  for (const length of [32, 33, 64]) {
    const key = Buffer.alloc(length, 0xfb);
    expect(Buffer.from(parseKey(key.toString('base64url')))).toEqual(key);
  }
});

test.each([
  ['31 bytes', Buffer.alloc(31).toString('base64url'), 'it has less than 32 bytes'],
  ['other characters', `${Buffer.alloc(40).toString('base64url')}!`, 'it is not base64url'],
  ['words', 'let me in', 'it is not base64url'],
  ['a line break at the end', `${Buffer.alloc(40).toString('base64url')}\n`, 'it is not base64url'],
])('a key of %s is refused without repeating it', (_name, text, reason) => {
  expect(() => parseKey(text)).toThrow(new Error(reason));
});

test('a public key is an Ed25519 key as JWK, and nothing else of the JWK is kept', () => {
  expect(parsePublicKey(JSON.stringify({ ...publicJwk, kid: 'k1', use: 'sig' }))).toEqual(publicJwk);
});

test.each([
  ['no JSON', 'hunter2', 'it is not JSON'],
  ['null', 'null', 'it is not an Ed25519 public key as JWK'],
  ['a list', '[]', 'it is not an Ed25519 public key as JWK'],
  ['text', '"hunter2"', 'it is not an Ed25519 public key as JWK'],
  ['a key of another kind', '{"kty":"oct","k":"aHVudGVyMg"}', 'it is not an Ed25519 public key as JWK'],
  ['another curve', JSON.stringify({ ...publicJwk, crv: 'X25519' }), 'it is not an Ed25519 public key as JWK'],
  ['a JWK without its x', JSON.stringify({ ...publicJwk, x: undefined }), 'it is not an Ed25519 public key as JWK'],
  ['the private key', JSON.stringify(privateKey.export({ format: 'jwk' })), 'it is a private key'],
])('%s is refused as a public key without repeating it', (_name, text, reason) => {
  expect(() => parsePublicKey(text)).toThrow(new Error(reason));
});
