import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { ALL_WALLS, toGlobalId } from '@tributary/kit';
import type { Principal } from '@tributary/kit';

import { fixtureId, organizations } from '../../kit/fixture.ts';
import { apiClient, person, service, startUsersWorld } from './users-world.ts';
import type { UsersWorld } from './users-world.ts';

// Each wall alone: rows with the rules taken down, then rules with the row predicates taken down. A representation brings forged
// fields along, which must never come back.

const types = ['User', 'Organization', 'Membership', 'ApiClient'] as const;
const representations = types.map((type) => ({ __typename: type, id: fixtureId(type), name: 'forged', role: 'OWNER' }));
const query = `query ($all: [_Any!]!) {
  _entities(representations: $all) {
    __typename
    ... on User { displayName }
    ... on Organization { name }
    ... on Membership { role }
    ... on ApiClient { clientId }
  }
}`;
const rows = {
  User: { __typename: 'User', displayName: 'The viewer' },
  Organization: { __typename: 'Organization', name: 'buying Ltd' },
  Membership: { __typename: 'Membership', role: 'VIEWER' },
  ApiClient: { __typename: 'ApiClient', clientId: 'organizationClient' },
};

const callers: [string, Principal | null, (keyof typeof rows)[]][] = [
  ['an anonymous caller', null, []],
  ['an owner of the organization', person('organizationOwner'), ['User', 'Organization', 'Membership', 'ApiClient']],
  ['a member of the organization', person('viewer'), ['User', 'Organization', 'Membership']],
  ['an owner of another organization', person('stranger'), ['User']],
  ['a person without an organization', person('buyer'), ['User']],
  ['support', person('support'), ['User', 'Organization', 'Membership']],
  ['finance', person('finance'), ['User', 'Organization', 'Membership']],
  ['an administrator', person('admin'), ['User', 'Organization', 'Membership', 'ApiClient']],
  ['the client itself', apiClient('organizationClient', organizations.buying), ['User', 'Organization', 'ApiClient']],
  ['a client of another organization', apiClient('partner', organizations.partner), ['User']],
  ['a service', service(), ['User', 'Organization']],
];

describe('with the rules taken down, rows', () => {
  let world: UsersWorld;
  beforeAll(async () => (world = await startUsersWorld({ walls: { ...ALL_WALLS, rules: false } })));
  afterAll(() => world[Symbol.asyncDispose]());

  test.each(callers)('show %s what is theirs and nothing else', async (_name, principal, visible) => {
    const { data, errors } = await world.ask(principal, query, { all: representations });
    expect(data).toEqual({ _entities: types.map((type) => (visible.includes(type) ? rows[type] : null)) });
    expect(errors.sort()).toEqual(
      types.flatMap((type, index) => (visible.includes(type) ? [] : [`_entities.${index} NOT_FOUND`])),
    );
  });

  test.each(callers)('of lists show %s the same as single reads', async (_name, principal, visible) => {
    const { data } = await world.ask(
      // The organization of an owner leads to the lists; the predicate of each list is its own.
      principal,
      `query ($all: [_Any!]!) {
        _entities(representations: $all) {
          ... on User { memberships { nodes { role } totalCount } }
          ... on Organization { members { totalCount } apiClients { totalCount } }
        }
      }`,
      { all: representations.slice(0, 2) },
    );
    const sees = (type: keyof typeof rows) => visible.includes(type);
    expect(data).toEqual({
      _entities: [
        sees('User')
          ? {
              memberships: {
                nodes: sees('Membership') ? [{ role: 'VIEWER' }] : [],
                totalCount: sees('Membership') ? 1 : 0,
              },
            }
          : null,
        sees('Organization')
          ? {
              members: { totalCount: sees('Membership') ? 4 : 0 },
              apiClients: { totalCount: sees('ApiClient') ? 1 : 0 },
            }
          : null,
      ],
    });
  });

  test('a missing and an invisible object are answered alike', async () => {
    const missing = toGlobalId('Organization', '01920000-0000-7000-8000-00000000ffff');
    const ask = (id: string) =>
      world.ask(
        person('stranger'),
        'query ($id: ID!, $all: [_Any!]!) { organization(id: $id) { id } _entities(representations: $all) { __typename } }',
        { id, all: [{ __typename: 'Organization', id }] },
      );
    const { sql: _invisible, ...invisible } = await ask(fixtureId('Organization'));
    expect(invisible).toEqual({ data: { organization: null, _entities: [null] }, errors: ['_entities.0 NOT_FOUND'] });
    expect(await ask(missing)).toMatchObject(invisible);
  });
});

describe('with the row predicates taken down, rules', () => {
  let world: UsersWorld;
  beforeAll(async () => (world = await startUsersWorld({ walls: { ...ALL_WALLS, rows: false } })));
  afterAll(() => world[Symbol.asyncDispose]());

  test.each(callers)('give %s what is theirs and nothing else', async (_name, principal, visible) => {
    const { data, errors } = await world.ask(principal, query, { all: representations });
    const code = principal === null ? 'UNAUTHENTICATED' : 'FORBIDDEN';
    // Null in a field that is never null takes the object with it.
    expect(data).toEqual({ _entities: types.map((type) => (visible.includes(type) ? rows[type] : null)) });
    expect(errors.sort()).toEqual(
      types
        .flatMap((type, index) =>
          visible.includes(type) ? [] : [`_entities.${index}.${Object.keys(rows[type])[1]} ${code}`],
        )
        .sort(),
    );
  });
});

describe('single fields', () => {
  let world: UsersWorld;
  beforeAll(async () => (world = await startUsersWorld()));
  afterAll(() => world[Symbol.asyncDispose]());

  const ask = (principal: Principal, field: string) =>
    world.ask(principal, `query ($id: ID!) { user(id: $id) { ${field} } }`, { id: fixtureId('User') });

  test('notes of the support desk need its scope, whatever the role', async () => {
    const { data, errors } = await ask({ ...person('support'), scopes: ['users:read_pii'] }, 'supportNotes');
    expect(data).toEqual({ user: { supportNotes: null } });
    expect(errors).toEqual(['user.supportNotes FORBIDDEN']);
  });

  test('the language of a person is known to fellow members, and not to members of other organizations', async () => {
    expect((await ask(person('organizationBuyer'), 'locale')).data).toEqual({ user: { locale: 'de-AT' } });
    expect(await ask(person('stranger'), 'locale')).toMatchObject({
      data: { user: null },
      errors: ['user.locale FORBIDDEN'],
    });
  });

  test('the number of the former system is for services only', async () => {
    expect((await ask(person('admin'), 'legacyCustomerNumber')).errors).toEqual([
      'user.legacyCustomerNumber FORBIDDEN',
    ]);
    expect((await ask(service(), 'legacyCustomerNumber')).data).toEqual({ user: { legacyCustomerNumber: 'L-viewer' } });
  });

  test.each([
    ['support', person('support')],
    ['an administrator', person('admin')],
    ['a service', service(['users:read_pii'])],
  ])('%s reads personal data with the scope for it only', async (_name, principal) => {
    const personal = { email: 'viewer@example.com', emailVerified: true, phone: '+431234567' };
    expect((await ask(principal, 'email emailVerified phone')).data).toEqual({ user: personal });
    expect(await ask({ ...principal, scopes: [] }, 'email emailVerified phone')).toMatchObject({
      data: { user: { email: null, emailVerified: null, phone: null } },
      errors: [],
    });
  });
});
