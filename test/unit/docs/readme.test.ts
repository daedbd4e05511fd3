import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { expect, test } from 'vitest';

import '@tributary/billing';
import '@tributary/gateway';
import '@tributary/orders';
import '@tributary/users';
import { readAppConfig } from '@tributary/app/config';
import { errorCatalog } from '@tributary/kit/errors';

// The README is what users rely on: its tables are compared with the code.

const readme = readFileSync(join(import.meta.dirname, '../../../README.md'), 'utf8');

/** Names in back quotes in the first column of the table below a heading. */
function firstColumn(heading: string): string[] {
  const section = readme.split(`\n## ${heading}\n`)[1]!.split('\n## ')[0]!;
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
  expect(firstColumn('Errors').sort()).toEqual([...errorCatalog.keys(), ...CODES_FROM_ELSEWHERE].sort());
});

test('the README lists exactly the settings that are read', () => {
  const asked = new Set<string>();
  const environment = new Proxy<Record<string, string>>(
    {},
    {
      get: (_target, name: string) => {
        asked.add(name);
        return undefined;
      },
    },
  );
  readAppConfig(environment);
  const refused = ['REDIS_URL', 'OTEL_EXPORTER_OTLP_ENDPOINT']; // reserved names that stop the start when they are set
  expect(firstColumn('Settings').sort()).toEqual([...asked].filter((name) => !refused.includes(name)).sort());
});
