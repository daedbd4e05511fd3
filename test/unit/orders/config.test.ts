import { expect, test } from 'vitest';

import { readOrdersConfig } from '@tributary/orders/config';

const publicKey = { kty: 'OKP', crv: 'Ed25519', x: '11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo' };
const cursorKey = Buffer.alloc(32, 7);
const environment = {
  DATABASE_URL: 'postgres://orders_app:secret@127.0.0.1/tributary',
  CURSOR_KEY: cursorKey.toString('base64url'),
  INTERNAL_TOKEN_PUBLIC_KEY: JSON.stringify({ ...publicKey, kid: 'one' }),
};

test('the required settings suffice; the rest has defaults that keep the subgraph on this machine', () => {
  expect(readOrdersConfig(environment)).toEqual({
    host: '127.0.0.1',
    port: 4002,
    databaseUrl: environment.DATABASE_URL,
    cursorKey,
    internalTokenKey: publicKey,
    logLevel: 'info',
  });
});

test('every missing setting is named at once', () => {
  expect(() => readOrdersConfig({})).toThrow(
    expect.objectContaining({
      problems: ['DATABASE_URL is required.', 'CURSOR_KEY is required.', 'INTERNAL_TOKEN_PUBLIC_KEY is required.'],
    }) as Error,
  );
});

test.each([
  ['CURSOR_KEY', 'not base64url!', 'CURSOR_KEY is not usable: it is not base64url.'],
  ['CURSOR_KEY', 'c2hvcnQ', 'CURSOR_KEY is not usable: it has less than 32 bytes.'],
  ['INTERNAL_TOKEN_PUBLIC_KEY', 'PEM', 'INTERNAL_TOKEN_PUBLIC_KEY is not usable: it is not JSON.'],
  [
    'INTERNAL_TOKEN_PUBLIC_KEY',
    '{"kty":"RSA"}',
    'INTERNAL_TOKEN_PUBLIC_KEY is not usable: it is not an Ed25519 public key as JWK.',
  ],
  [
    'INTERNAL_TOKEN_PUBLIC_KEY',
    JSON.stringify({ ...publicKey, d: 'private' }),
    'INTERNAL_TOKEN_PUBLIC_KEY is not usable: it is a private key.',
  ],
])('%s that cannot be used is named without its value (%s)', (name, value, problem) => {
  expect(() => readOrdersConfig({ ...environment, [name]: value })).toThrow(
    expect.objectContaining({ problems: [problem] }) as Error,
  );
});
