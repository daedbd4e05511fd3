import { afterAll, beforeAll, expect, test } from 'vitest';

import { toGlobalId } from '@tributary/kit';

import { fixtureId, organizations, people } from '../../kit/fixture.ts';
import { apiClient, person, startUsersWorld } from './users-world.ts';
import type { UsersWorld } from './users-world.ts';

let world: UsersWorld;
beforeAll(async () => (world = await startUsersWorld()));
afterAll(() => world[Symbol.asyncDispose]());

const everyone = Object.values(people).map((id) => ({ __typename: 'User', id: toGlobalId('User', id) }));

test('the calling person takes one statement, however often they are named', async () => {
  const { data, sql } = await world.ask(
    person('viewer'),
    '{ me { id displayName email } viewer { user { id status } } }',
  );
  expect(data).toEqual({
    me: { id: fixtureId('User'), displayName: 'The viewer', email: 'viewer@example.com' },
    viewer: { user: { id: fixtureId('User'), status: 'ACTIVE' } },
  });
  expect(sql).toHaveLength(1);
});

test('an API client is nobody to "me" and itself to "viewer", in one statement', async () => {
  const { data, sql } = await world.ask(
    { ...apiClient('partner', organizations.partner), scopes: ['orders:read'] },
    '{ me { id } viewer { user { id } apiClient { clientId } scopes } }',
  );
  expect(data).toEqual({
    me: null,
    viewer: { user: null, apiClient: { clientId: 'partner' }, scopes: ['orders:read'] },
  });
  expect(sql).toHaveLength(1);
});

test('a person with memberships and their organizations takes three statements', async () => {
  const { data, sql } = await world.ask(
    person('support'),
    `query ($id: ID!) {
      user(id: $id) { displayName email supportNotes memberships(first: 5) { nodes { role organization { name } } } }
    }`,
    { id: fixtureId('User') },
  );
  expect(data).toEqual({
    user: {
      displayName: 'The viewer',
      email: 'viewer@example.com',
      supportNotes: 'prefers the phone',
      memberships: { nodes: [{ role: 'VIEWER', organization: { name: 'buying Ltd' } }] },
    },
  });
  expect(sql).toHaveLength(3);
});

test('a page of references to people takes one statement, also for staff who read their addresses', async () => {
  const { data, sql } = await world.ask(
    person('finance'),
    'query ($all: [_Any!]!) { _entities(representations: $all) { ... on User { displayName email } } }',
    { all: [...everyone, ...everyone] },
  );
  expect(data).toEqual({
    _entities: [...Object.keys(people), ...Object.keys(people)].map((name) => ({
      displayName: `The ${name}`,
      email: `${name.toLowerCase()}@example.com`,
    })),
  });
  expect(sql).toHaveLength(1);
});

test('whether people share an organization with the caller is asked once for all of them', async () => {
  const { data, sql } = await world.ask(
    person('organizationOwner'),
    'query ($all: [_Any!]!) { _entities(representations: $all) { ... on User { displayName email } } }',
    { all: everyone },
  );
  const visible = ['organizationOwner', 'billingManager', 'organizationBuyer', 'viewer'];
  expect(data).toEqual({
    _entities: Object.keys(people).map((name) => ({
      displayName: `The ${name}`,
      email: visible.includes(name) ? `${name.toLowerCase()}@example.com` : null,
    })),
  });
  expect(sql).toHaveLength(2);
});

test('somebody who owns no organization is not asked about shared ones for an address', async () => {
  const { data, sql } = await world.ask(person('billingManager'), 'query ($id: ID!) { user(id: $id) { email } }', {
    id: fixtureId('User'),
  });
  expect(data).toEqual({ user: { email: null } });
  expect(sql).toHaveLength(1);
});

test('secret hints of all clients of an organization take one statement', async () => {
  await world.database.query(
    `INSERT INTO users.api_clients (id, organization_id, client_id, name, scopes, status, rate_limit_points, created_at)
      VALUES (gen_random_uuid(), $1, 'second', 'Second', '{}', 'ACTIVE', 10, now() + interval '1 hour')`,
    [organizations.buying],
  );
  await world.database.query(
    `INSERT INTO users.api_client_secrets (id, client_id, hash, hint, created_at)
      SELECT gen_random_uuid(), id, 'hash', 'wxyz', now() + interval '1 hour' FROM users.api_clients WHERE client_id = 'organizationClient'`,
  );
  const { data, sql } = await world.ask(
    person('organizationOwner'),
    'query ($id: ID!) { organization(id: $id) { apiClients { nodes { clientId secretHint } } } }',
    { id: fixtureId('Organization') },
  );
  expect(data).toEqual({
    organization: {
      apiClients: {
        nodes: [
          { clientId: 'organizationClient', secretHint: 'wxyz' }, // of the newer of two secrets
          { clientId: 'second', secretHint: '' }, // never got one
        ],
      },
    },
  });
  expect(sql).toHaveLength(3);
});

test('an id of another type is refused before any statement', async () => {
  const { data, errors, sql } = await world.ask(
    person('viewer'),
    'query ($id: ID!, $all: [_Any!]!) { user(id: $id) { id } _entities(representations: $all) { __typename } }',
    { id: fixtureId('Organization'), all: [{ __typename: 'User' }, { __typename: 'Membership', id: { toString: 1 } }] },
  );
  expect(data).toEqual({ user: null, _entities: [null, null] });
  expect(errors.sort()).toEqual(['_entities.0 INVALID_ID', '_entities.1 INVALID_ID', 'user INVALID_ID']);
  expect(sql).toEqual([]);
});
