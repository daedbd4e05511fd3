import { expect, test } from 'vitest';

import { findNearMisses } from '@tributary/app/near-misses';

const settings = ['PORT', 'HOST', 'SEED', 'DATABASE_URL', 'NODE_ENV', 'OIDC_ISSUER'];

test.each([
  ['DATABSE_URL', 'DATABASE_URL'],
  ['DATABASE_URI', 'DATABASE_URL'],
  ['DATABASEURL', 'DATABASE_URL'],
  ['database_url', 'DATABASE_URL'],
  ['PROT', 'PORT'],
  ['PORTS', 'PORT'],
  ['NODE_EVN', 'NODE_ENV'],
  ['OIDC_ISUER', 'OIDC_ISSUER'],
])('%s is told to be a slip of %s', (variable, setting) => {
  expect(findNearMisses([variable], settings)).toEqual([{ variable, setting }]);
});

test('variables of other programs are left alone', () => {
  const others = [
    'HOME',
    'PATH',
    'USER',
    'SHELL',
    'TERM',
    'LANG',
    'PWD',
    'HOSTNAME',
    'NODE_OPTIONS',
    'NODE_PATH',
    'NODE',
  ];
  expect(findNearMisses([...others, ...settings, 'PGHOST', 'PGPORT', 'POSTGRES_URL', 'INIT_CWD'], settings)).toEqual(
    [],
  );
});
