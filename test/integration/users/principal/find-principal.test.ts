import { afterAll, beforeAll, expect, test } from 'vitest';

import { clients, CLIENT_SCOPES, FIXTURE_ISSUER, organizations, people } from '../../../kit/fixture.ts';
import { startUsersWorld } from '../users-world.ts';
import type { UsersWorld } from '../users-world.ts';

let world: UsersWorld;
beforeAll(async () => (world = await startUsersWorld()));
afterAll(() => world[Symbol.asyncDispose]());

test('a person is found by issuer and subject, with roles and memberships', async () => {
  expect(await world.subgraph.findPrincipal({ issuer: FIXTURE_ISSUER, subject: 'organizationOwner' })).toEqual({
    type: 'user',
    userId: people.organizationOwner,
    status: 'ACTIVE',
    roles: ['CUSTOMER'],
    memberships: [{ organizationId: organizations.buying, role: 'OWNER' }],
  });
});

test('a person without roles and memberships has empty lists of them', async () => {
  await world.database.query('DELETE FROM users.user_roles WHERE user_id = $1', [people.buyer]);
  expect(await world.subgraph.findPrincipal({ issuer: FIXTURE_ISSUER, subject: 'buyer' })).toMatchObject({
    roles: [],
    memberships: [],
  });
});

test('the same subject of another issuer is somebody else', async () => {
  expect(await world.subgraph.findPrincipal({ issuer: 'https://other.test.invalid', subject: 'admin' })).toBeNull();
});

test('an API client is found by its public identifier, with the scopes it was granted', async () => {
  expect(await world.subgraph.findPrincipal({ clientId: 'partner' })).toEqual({
    type: 'client',
    clientId: clients.partner,
    organizationId: organizations.partner,
    status: 'ACTIVE',
    scopes: CLIENT_SCOPES,
  });
});

test('suspended people and revoked clients are found with their status', async () => {
  await world.database.query(`UPDATE users.users SET status = 'SUSPENDED' WHERE id = $1`, [people.stranger]);
  await world.database.query(`UPDATE users.api_clients SET status = 'REVOKED' WHERE id = $1`, [clients.otherPartner]);
  expect(await world.subgraph.findPrincipal({ issuer: FIXTURE_ISSUER, subject: 'stranger' })).toMatchObject({
    status: 'SUSPENDED',
  });
  expect(await world.subgraph.findPrincipal({ clientId: 'otherPartner' })).toMatchObject({ status: 'REVOKED' });
});

test.each([[{ clientId: 'nobody' }], [{ clientId: '' }], [{ clientId: 'nul\0' }], [{ issuer: 'nul\0', subject: 'a' }]])(
  'nobody is found for %j',
  async (query) => {
    expect(await world.subgraph.findPrincipal(query)).toBeNull();
  },
);
