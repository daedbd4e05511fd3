import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { toGlobalId } from '@tributary/kit';
import type { Principal } from '@tributary/kit';

import { clients, organizations } from '../../../kit/fixture.ts';
import { uuidOf } from '../../../kit/fixture/objects.ts';
import { apiClient, person, startUsersWorld } from '../users-world.ts';
import type { UsersWorld } from '../users-world.ts';

// The partner has an older client that was revoked, besides the one of the test world. `stranger` is made an owner there.

const REVOKED = uuidOf(0x3f1);
let world: UsersWorld;
beforeAll(async () => {
  world = await startUsersWorld();
  await world.database.query(
    `INSERT INTO users.api_clients (id, organization_id, client_id, name, scopes, status, rate_limit_points, created_at, version)
      VALUES ($1, $2, 'partner-2024', 'Old shop', '{orders:read}', 'REVOKED', 10, '2024-01-01', 3)`,
    [REVOKED, organizations.partner],
  );
  for (const [hint, createdAt] of [
    ['aaaa', '2024-01-01'],
    ['cccc', '2024-03-01'],
    ['bbbb', '2024-02-01'],
  ])
    await world.database.query(
      `INSERT INTO users.api_client_secrets (id, client_id, hash, hint, created_at)
        VALUES (gen_random_uuid(), $1, 'hash-of-a-secret', $2, $3)`,
      [REVOKED, hint, createdAt],
    );
});
afterAll(() => world[Symbol.asyncDispose]());

const stranger = person('stranger');
const owner: Principal = {
  ...stranger,
  memberships: [{ organizationId: organizations.partner, role: 'OWNER' }],
} as Principal;
const member = { ...stranger, memberships: [{ organizationId: organizations.partner, role: 'BUYER' }] } as Principal;

const ALL = `query ($id: ID!, $first: Int) { organization(id: $id) { apiClients(first: $first) { totalCount nodes {
  id name clientId scopes status secretHint rateLimitPoints lastUsedAt createdAt version organization { name } } } } }`;
const listOf = (principal: Principal, first = 10) =>
  world.ask(principal, ALL, { id: toGlobalId('Organization', organizations.partner), first });

test('an owner sees the clients of the organization, oldest first, the revoked ones too', async () => {
  const { data, errors } = await listOf(owner);
  expect(errors).toEqual([]);
  const { nodes, totalCount } = (data as { organization: { apiClients: { nodes: object[]; totalCount: number } } })
    .organization.apiClients;
  expect(totalCount).toBe(2);
  expect(nodes).toEqual([
    {
      id: toGlobalId('ApiClient', REVOKED),
      name: 'Old shop',
      clientId: 'partner-2024',
      scopes: ['orders:read'],
      status: 'REVOKED',
      secretHint: 'cccc', // of the newest secret
      rateLimitPoints: 10,
      lastUsedAt: null,
      createdAt: '2024-01-01T00:00:00.000Z',
      version: 3,
      organization: { name: 'partner Ltd' },
    },
    expect.objectContaining({ clientId: 'partner', status: 'ACTIVE', secretHint: 'a1b2' }),
  ]);
});

test('what is kept of a secret never leaves the database but for its last characters', async () => {
  const { data, sql } = await listOf(person('admin'));
  expect(JSON.stringify(data)).not.toContain('hash');
  expect(sql.filter((text) => /\bhash\b/.test(text))).toEqual([]);
});

test.each<[string, Principal]>([
  ['a member who is no owner', member],
  ['support', person('support')],
  ['finance', person('finance')],
])('%s sees the organization, and not its clients', async (_, principal) => {
  const { data, errors } = await listOf(principal);
  expect({ data, errors }).toEqual({ data: { organization: { apiClients: null } }, errors: [] });
});

describe('a client', () => {
  const partner = apiClient('partner', organizations.partner);
  const reference = (id: string) => ({ __typename: 'ApiClient', id: toGlobalId('ApiClient', id) });
  const read = (principal: Principal | null, id: string) =>
    world.ask(
      principal,
      'query ($all: [_Any!]!) { _entities(representations: $all) { ... on ApiClient { clientId status } } }',
      { all: [reference(id)] },
    );

  test('sees itself, also as the one who calls', async () => {
    expect((await read(partner, clients.partner)).data).toEqual({
      _entities: [{ clientId: 'partner', status: 'ACTIVE' }],
    });
    const { data, sql } = await world.ask(partner, '{ viewer { apiClient { clientId rateLimitPoints } } me { id } }');
    expect(data).toEqual({ viewer: { apiClient: { clientId: 'partner', rateLimitPoints: 1000 } }, me: null });
    expect(sql).toHaveLength(1);
  });

  test.each<[string, Principal | null, string]>([
    ['another client of its own organization', partner, REVOKED],
    ['a client of another organization', partner, clients.otherPartner],
    ['to an owner elsewhere', person('organizationOwner'), clients.partner],
    ['to a member who is no owner', member, clients.partner],
    ['to nobody in particular', null, clients.partner],
    ['that there is not', owner, uuidOf(0x3ff)],
  ])('is not shown: %s', async (_, principal, id) => {
    const { data, errors } = await read(principal, id);
    expect({ data, errors }).toEqual({ data: { _entities: [null] }, errors: ['_entities.0 NOT_FOUND'] });
  });

  test('that a person calls with is none', async () => {
    const { data } = await world.ask(owner, '{ viewer { apiClient { clientId } } }');
    expect(data).toEqual({ viewer: { apiClient: null } });
  });
});

test('many clients at once, named twice or not there, are one statement in the order asked for', async () => {
  const ids = [clients.otherPartner, REVOKED, uuidOf(0x3ff), clients.partner, REVOKED];
  const { data, errors, sql } = await world.ask(
    person('admin'),
    'query ($all: [_Any!]!) { _entities(representations: $all) { ... on ApiClient { clientId } } }',
    { all: ids.map((id) => ({ __typename: 'ApiClient', id: toGlobalId('ApiClient', id) })) },
  );
  const shown = ['otherPartner', 'partner-2024', null, 'partner', 'partner-2024'];
  expect(data).toEqual({ _entities: shown.map((clientId) => clientId && { clientId }) });
  expect(errors).toEqual(['_entities.2 NOT_FOUND']);
  expect(sql).toHaveLength(1);
});
