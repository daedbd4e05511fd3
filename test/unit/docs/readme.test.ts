import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { describe, expect, test } from 'vitest';

import '@tributary/billing';
import '@tributary/gateway';
import '@tributary/orders';
import '@tributary/users';
import { readAppConfig } from '@tributary/app/config';
import { readBillingConfig } from '@tributary/billing/config';
import { readGatewayProcessConfig } from '@tributary/gateway/config';
import { errorCatalog } from '@tributary/kit/errors';
import { readOrdersConfig } from '@tributary/orders/config';
import { readUsersConfig } from '@tributary/users/config';

import { readSettingsTable, settingsAsked } from './settings-table.ts';

// The README is what users rely on, and those of the workspaces what operators do: their tables are compared with the code.

const readme = readFileSync(join(import.meta.dirname, '../../../README.md'), 'utf8');

/** Names in back quotes in the first column of the table of errors. */
function documentedCodes(): string[] {
  const section = readme.split('\n## Errors\n')[1]!.split('\n## ')[0]!;
  const rows = section.split('\n').filter((line) => line.startsWith('| `'));
  return rows.flatMap((row) => [...row.split('|')[1]!.matchAll(/`([A-Z_]+)`/g)].map(([, name]) => name!));
}

/** Codes that graphql-js, Apollo Server and the masking of unknown errors bring. */
const CODES_FROM_ELSEWHERE = [
  'GRAPHQL_PARSE_FAILED',
  'GRAPHQL_VALIDATION_FAILED',
  'OPERATION_RESOLUTION_FAILURE',
  'PERSISTED_QUERY_NOT_SUPPORTED',
  'INTERNAL_SERVER_ERROR',
];

test('the README lists exactly the error codes there are', () => {
  expect(documentedCodes().sort()).toEqual([...errorCatalog.keys(), ...CODES_FROM_ELSEWHERE].sort());
});

const refused = ['REDIS_URL', 'OTEL_EXPORTER_OTLP_ENDPOINT']; // reserved names that stop the start when they are set
const key = { kty: 'OKP', crv: 'Ed25519', x: '11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo' };
const required = {
  DATABASE_URL: 'postgres://somebody_app:secret@127.0.0.1/tributary',
  EVENTS_URL: 'postgres://events_app:secret@127.0.0.1/tributary',
  CURSOR_KEY: Buffer.alloc(32, 7).toString('base64url'),
  LINK_KEY: Buffer.alloc(32, 8).toString('base64url'),
  FIELD_ENCRYPTION_KEYS: `k1:${Buffer.alloc(32, 9).toString('base64url')}`,
  INTERNAL_TOKEN_PUBLIC_KEY: JSON.stringify(key),
  INTERNAL_TOKEN_PRIVATE_KEY: JSON.stringify({ ...key, d: key.x }),
  // Some settings are read only together with these.
  OIDC_ISSUER: 'https://id.example.com',
  PAYMENT_PROVIDER_URL: 'https://pay.example.com',
  PAYMENT_PROVIDER_KEY: 'key-of-the-shop',
  PAYMENT_WEBHOOK_SECRET: 'secret-of-webhooks',
};

describe.each([
  { file: 'README.md', heading: 'Settings', read: readAppConfig, environment: {} },
  { file: 'gateway/README.md', heading: 'Settings', read: readGatewayProcessConfig, environment: required },
  { file: 'subgraphs/users/README.md', heading: 'Settings of the process', read: readUsersConfig, environment: required }, // prettier-ignore
  { file: 'subgraphs/orders/README.md', heading: 'Settings of the process', read: readOrdersConfig, environment: required }, // prettier-ignore
  { file: 'subgraphs/billing/README.md', heading: 'Settings of the process', read: readBillingConfig, environment: required }, // prettier-ignore
])('the table of settings in $file', ({ file, heading, read, environment }) => {
  const { names, defaults } = readSettingsTable(file, heading);

  test('lists exactly what is read, each once', () => {
    const asked = settingsAsked(read, environment).filter((name) => !refused.includes(name));
    expect([...names].sort()).toEqual(asked.sort());
  });

  test('tells the defaults that hold', () => {
    expect(defaults).toHaveProperty('PORT');
    for (const name of names.filter((each) => each.endsWith('_MS'))) expect(defaults).toHaveProperty(name);
    expect(read({ ...environment, ...defaults })).toEqual(read(environment));
  });
});

test('deadlines and timings are described alike wherever they are read', () => {
  const { defaults } = readSettingsTable('README.md', 'Settings');
  for (const file of ['subgraphs/orders/README.md', 'subgraphs/billing/README.md']) {
    const own = Object.entries(readSettingsTable(file, 'Settings of the process').defaults);
    const shared = own.filter(([name]) => /^(ORDER|PAYMENT)_\w+_MS$/.test(name));
    expect(shared.length).toBeGreaterThan(3);
    expect(defaults).toMatchObject(Object.fromEntries(shared));
  }
});
