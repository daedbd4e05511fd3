import { afterAll, beforeAll, expect, test } from 'vitest';

import { DEVELOPMENT_ISSUER, personas } from '@tributary/app/seed/index';
import type { PersonaName } from '@tributary/app/seed/index';

import { startTestGraph } from '../kit/graph.ts';
import type { TestGraph } from '../kit/graph.ts';
import { personaSubject } from '../kit/personas.ts';
import { startTestPostgres } from '../kit/postgres.ts';
import type { TestDatabase } from '../kit/postgres.ts';

let database: TestDatabase;
let graph: TestGraph;
beforeAll(async () => {
  database = await startTestPostgres({ seed: 'demo' });
  graph = await startTestGraph({ database, issuer: DEVELOPMENT_ISSUER });
});
afterAll(async () => {
  await graph[Symbol.asyncDispose]();
  await database[Symbol.asyncDispose]();
});

const WHO = '{ me { displayName roles } viewer { user { displayName } apiClient { name clientId } scopes } }';

test.each([
  ['customer', ['CUSTOMER'], 'billing:pay'],
  ['buyer', ['CUSTOMER'], 'clients:write'],
  ['support', ['SUPPORT'], 'support:read'],
  ['finance', ['FINANCE'], 'billing:read_all'],
  ['admin', ['ADMIN'], 'roles:write'],
] as const)('%s is a person with just that role', async (persona, roles, scope) => {
  const { displayName } = personas[persona];
  const { data, errors } = await graph.ask({ query: WHO, as: personaSubject(persona) });
  expect(errors).toBeUndefined();
  expect(data).toEqual({
    me: { displayName, roles },
    viewer: { user: { displayName }, apiClient: null, scopes: expect.arrayContaining([scope]) as unknown },
  });
});

test('partner is an API client and no person', async () => {
  const { name, scopes } = { name: personas.partner.displayName, scopes: personas.partner.scopes };
  const { data, errors } = await graph.ask({ query: WHO, as: personaSubject('partner') });
  expect(errors).toBeUndefined();
  expect(data).toEqual({
    me: null,
    viewer: { user: null, apiClient: { name, clientId: 'demo-partner' }, scopes: [...scopes] },
  });
});

test('a token that asks for less gets less', async () => {
  const narrow = { ...personaSubject('support'), scopes: ['orders:read', 'payouts:write'] };
  const { data, errors } = await graph.ask({
    query: '{ viewer { scopes } orders(first: 1) { nodes { riskScore } } }',
    as: narrow,
  });
  expect(data).toEqual({ viewer: { scopes: ['orders:read'] }, orders: { nodes: [{ riskScore: null }] } });
  expect(errors?.map(({ extensions }) => extensions?.code)).toEqual(['FORBIDDEN']);
});

test('the development identities are all there is to choose from', () => {
  expect(Object.keys(personas) satisfies string[]).toEqual([
    'customer',
    'buyer',
    'support',
    'finance',
    'admin',
    'partner',
  ] satisfies PersonaName[]);
});
