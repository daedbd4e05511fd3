import { expect, test } from 'vitest';

import { defaultGatewayConfig, issuerProblems, readGatewayProcessConfig } from '@tributary/gateway';
import { ConfigError } from '@tributary/kit/config';

import { internalKeys } from '../../integration/gateway/keys.ts';

const key = async () => JSON.stringify((await internalKeys).privateKey);

test('without settings the gateway is the development one, closed to every token', async () => {
  const { gateway, subgraphUrls, logLevel } = readGatewayProcessConfig({ INTERNAL_TOKEN_PRIVATE_KEY: await key() });
  expect(gateway).toEqual(defaultGatewayConfig({ production: false }));
  expect(gateway).toMatchObject({ host: '127.0.0.1', port: 4000, production: false, introspection: true, issuers: [] });
  expect(logLevel).toBe('info');
  expect(subgraphUrls).toEqual({
    users: 'http://127.0.0.1:4001',
    orders: 'http://127.0.0.1:4002',
    billing: 'http://127.0.0.1:4003',
  });
});

test('production hides the schema and lets no web page in', async () => {
  const { gateway } = readGatewayProcessConfig({
    NODE_ENV: 'production',
    OIDC_ISSUER: 'https://id.example.com',
    INTERNAL_TOKEN_PRIVATE_KEY: await key(),
  });
  expect(gateway).toMatchObject({
    production: true,
    introspection: false,
    corsOrigins: [],
    issuers: [{ issuer: 'https://id.example.com', audience: 'tributary' }],
  });
});

test('every wrong setting is named in one message, and no secret is repeated', () => {
  const read = () =>
    readGatewayProcessConfig({
      NODE_ENV: 'production',
      PORT: '70000',
      LIMIT_DEPTH: 'deep',
      INTROSPECTION: 'yes',
      CORS_ORIGINS: 'https://shop.example/path',
      OIDC_ISSUER: 'http://id.example.com',
      OIDC_JWKS_URL: 'http://id.example.com/jwks',
      USERS_URL: 'users:4001',
      INTERNAL_TOKEN_PRIVATE_KEY: '{"kty":"oct","k":"hunter2"}',
    });
  expect(read).toThrow(ConfigError);
  expect(read).toThrow(
    [
      'The settings are not usable:',
      '  - INTERNAL_TOKEN_PRIVATE_KEY is not usable: it is not an Ed25519 private key as JWK.',
      '  - PORT must be a whole number from 0 to 65535, not "70000".',
      '  - INTROSPECTION must be true or false, not "yes".',
      '  - CORS_ORIGINS must list origins such as https://shop.example.com, not "https://shop.example/path".',
      '  - LIMIT_DEPTH must be a whole number from 1 to 1000, not "deep".',
      '  - In production an issuer must start with https://: http://id.example.com',
      '  - In production the keys of an issuer must come over https://: http://id.example.com/jwks',
      '  - USERS_URL must be a URL that starts with http:// or https://.',
    ].join('\n'),
  );
});

test('production needs an issuer, and a gateway of its own always a key', () => {
  expect(() => readGatewayProcessConfig({ NODE_ENV: 'production' })).toThrow(
    /INTERNAL_TOKEN_PRIVATE_KEY is required\..*\n.*OIDC_ISSUER is required in production/,
  );
});

test('a development issuer on the gateway itself is refused in production', () => {
  const issuers = [{ issuer: 'https://dev.tributary.invalid', audience: 'tributary', jwksUrl: '/dev/jwks.json' }];
  expect(issuerProblems(issuers, { production: false })).toEqual([]);
  expect(issuerProblems(issuers, { production: true })).toHaveLength(1);
});
