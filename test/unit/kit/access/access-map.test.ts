import { expect, test } from 'vitest';

import { meetsRequirement } from '@tributary/kit/access/access-map';
import type { Principal } from '@tributary/kit/principal';

const service: Principal = {
  type: 'service',
  service: 'billing',
  roles: [],
  scopes: ['a', 'b'],
  authTime: null,
  amr: [],
};
const nobody = { ...service, scopes: [] };

test('a field without demands is open to everybody', () => {
  const open = { authenticated: false, scopes: [] };
  expect([null, nobody, service].map((caller) => meetsRequirement(caller, open))).toEqual([true, true, true]);
});

test('an authenticated field is open to every caller who signed in', () => {
  const signedIn = { authenticated: true, scopes: [] };
  expect([null, nobody, service].map((caller) => meetsRequirement(caller, signedIn))).toEqual([false, true, true]);
});

test('one alternative of scopes must be held completely', () => {
  const meets = (scopes: string[][]) => meetsRequirement(service, { authenticated: false, scopes });
  expect(meets([['a']])).toBe(true);
  expect(meets([['a', 'b']])).toBe(true);
  expect(meets([['a', 'c']])).toBe(false);
  expect(meets([['c'], ['b']])).toBe(true);
  expect(meets([['c'], ['d']])).toBe(false);
});

test('scopes shut out callers who did not sign in, even where nothing is listed in an alternative', () => {
  expect(meetsRequirement(null, { authenticated: false, scopes: [['a']] })).toBe(false);
  expect(meetsRequirement(null, { authenticated: false, scopes: [[]] })).toBe(false);
});
