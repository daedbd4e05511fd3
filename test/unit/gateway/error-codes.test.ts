import { readFileSync } from 'node:fs';

import { expect, test } from 'vitest';

// The README is where clients look codes up.

const file = (path: string) => readFileSync(new URL(`../../../gateway/${path}`, import.meta.url), 'utf8');

const section = (heading: string) => file('README.md').split(heading)[1]!.split('\n## ')[0]!;

/** Codes that come from the kit or from Apollo Server. */
const BORROWED = [
  'UNAUTHENTICATED',
  'FORBIDDEN',
  'UNAVAILABLE',
  'INVALID_ID',
  'INTERNAL_SERVER_ERROR',
  'GRAPHQL_PARSE_FAILED',
  'GRAPHQL_VALIDATION_FAILED',
  'OPERATION_RESOLUTION_FAILURE',
  'PERSISTED_QUERY_NOT_SUPPORTED',
  'BAD_USER_INPUT',
];

test('the README lists every code of the gateway, and no other', () => {
  const documented = [...section('## Errors').matchAll(/^\| `([A-Z_]+)`/gm)].map(([, code]) => code);
  const defined = [...file('src/errors.ts').matchAll(/domainError\(\s*'([A-Z_]+)'/g)].map(([, code]) => code);
  expect(documented.sort()).toEqual([...defined, ...BORROWED].sort());
});

test('the README lists every setting, and no other', () => {
  const documented = [...section('## Settings').matchAll(/^\| ((?:`[A-Z_]+`(?:, )?)+)/gm)].flatMap(([, names]) =>
    names!.match(/[A-Z_]+/g)!,
  );
  const read = [...file('src/config.ts').matchAll(/(?:reader\.\w+|whole)(?:<\w+>)?\(\s*'([A-Z_]+)'/g)].map(
    ([, name]) => name,
  );
  expect([...new Set(documented)].sort()).toEqual([...new Set(read)].sort());
});
