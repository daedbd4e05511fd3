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

const CUSTOMER_SCOPES = ['orders:read', 'orders:write', 'billing:read', 'billing:pay'];
const READS_PEOPLE = ['users:read', 'users:read_all', 'users:read_pii'];

test.each([
  ['customer', ['CUSTOMER'], CUSTOMER_SCOPES],
  ['buyer', ['CUSTOMER'], [...CUSTOMER_SCOPES, 'clients:write', 'webhooks:write']],
  [
    'support',
    ['SUPPORT'],
    [
      ...READS_PEOPLE,
      'orders:read',
      'orders:write',
      'orders:fulfill',
      'billing:read',
      'billing:refund',
      'support:read',
    ],
  ],
  [
    'finance',
    ['FINANCE'],
    [
      ...READS_PEOPLE,
      'orders:read',
      'billing:read',
      'billing:read_all',
      'billing:write',
      'billing:refund',
      'billing:approve',
      'ledger:read',
      'reports:read',
      'payouts:read',
      'payouts:write',
    ],
  ],
  [
    'admin',
    ['ADMIN'],
    [
      ...READS_PEOPLE,
      'users:write',
      'roles:write',
      'clients:write',
      'webhooks:write',
      'audit:read',
      'catalog:write',
      'support:read',
      'orders:read',
    ],
  ],
] as const)('%s is a person with just that role, and with just its scopes', async (persona, roles, scopes) => {
  const { displayName } = personas[persona];
  const { data, errors } = await graph.ask({ query: WHO, as: personaSubject(persona) });
  expect(errors).toBeUndefined();
  const { viewer } = data as { viewer: { scopes: string[] } };
  expect({ ...data, viewer: { ...viewer, scopes: [...viewer.scopes].sort() } }).toEqual({
    me: { displayName, roles },
    viewer: { user: { displayName }, apiClient: null, scopes: [...scopes].sort() },
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
