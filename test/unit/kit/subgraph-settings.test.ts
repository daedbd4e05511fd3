import { expect, test } from 'vitest';

import { readConfig } from '@tributary/kit/config';
import type { Environment } from '@tributary/kit/config';
import { readSubgraphSettings } from '@tributary/kit/subgraph-settings';

const key = Buffer.alloc(32, 1).toString('base64url');
const publicKey = { kty: 'OKP', crv: 'Ed25519', x: key };
const required: Environment = {
  DATABASE_URL: 'postgres://orders_app:pw@127.0.0.1/tributary',
  EVENTS_URL: 'postgres://events_app:pw@127.0.0.1/tributary',
  CURSOR_KEY: key,
  INTERNAL_TOKEN_PUBLIC_KEY: JSON.stringify(publicKey),
};
const read = (environment: Environment) =>
  readConfig(environment, (reader) => readSubgraphSettings(reader, { port: 4002 }));

test('a database, queues and two keys are all that is needed; the rest has defaults, and loopback is one of them', () => {
  expect(read(required)).toEqual({
    host: '127.0.0.1',
    port: 4002,
    databaseUrl: required.DATABASE_URL,
    eventsUrl: required.EVENTS_URL,
    cursorKey: Buffer.alloc(32, 1),
    internalTokenKey: publicKey,
    logLevel: 'info',
  });
  expect(read({ ...required, HOST: '0.0.0.0', PORT: '0', LOG_LEVEL: 'silent' })).toMatchObject({
    host: '0.0.0.0',
    port: 0,
    logLevel: 'silent',
  });
});

test('whatever is missing or wrong is told once, all together, and no secret is repeated', () => {
  expect(() => read({})).toThrow(
    'The settings are not usable:\n' +
      '  - DATABASE_URL is required.\n' +
      '  - EVENTS_URL is required.\n' +
      '  - CURSOR_KEY is required.\n' +
      '  - INTERNAL_TOKEN_PUBLIC_KEY is required.',
  );
  const wrong = {
    DATABASE_URL: 'hunter2',
    EVENTS_URL: 'hunter2',
    CURSOR_KEY: 'hunter2',
    INTERNAL_TOKEN_PUBLIC_KEY: 'hunter2',
    PORT: '65536',
    LOG_LEVEL: 'loud',
  };
  expect(() => read(wrong)).toThrow(
    'The settings are not usable:\n' +
      '  - PORT must be a whole number from 0 to 65535, not "65536".\n' +
      '  - DATABASE_URL must be a URL that starts with postgres:// or postgresql://.\n' +
      '  - EVENTS_URL must be a URL that starts with postgres:// or postgresql://.\n' +
      '  - CURSOR_KEY is not usable: it has less than 32 bytes.\n' +
      '  - INTERNAL_TOKEN_PUBLIC_KEY is not usable: it is not JSON.\n' +
      '  - LOG_LEVEL must be one of silent, fatal, error, warn, info, debug, trace, not "loud".',
  );
});
