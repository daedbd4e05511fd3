import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';

import { toGlobalId } from '@tributary/kit/ids';

import { fixtureId, organizations, people } from '../../kit/fixture.ts';
import { startAccountsWorld } from './accounts-world.ts';
import type { AccountsWorld, Outcome } from './accounts-world.ts';

// What comes at once, through the gateway.

let world: AccountsWorld;
beforeAll(async () => {
  world = await startAccountsWorld();
  // With all connections open: as long as the pool opens them one by one, there is no race.
  const ask = () => world.graph.ask({ query: '{ me { id } }', as: { subject: 'viewer' } });
  await Promise.all(Array.from({ length: 50 }, ask));
});
beforeEach(() => world.restore());
afterAll(() => world[Symbol.asyncDispose]());

const fifty = (run: (index: number) => Promise<Outcome>) =>
  Promise.all(Array.from({ length: 50 }, (_, index) => run(index)));
const codesOf = (outcomes: readonly Outcome[]) =>
  outcomes.map(({ payload, errors }) => [...errors, ...payload!.userErrors.map(({ code }) => code)].join());

test('of 50 changes of a profile with one version exactly one wins', async () => {
  const outcomes = await fifty((index) =>
    world.mutate(
      'userUpdate',
      { id: fixtureId('User'), expectedVersion: 1, displayName: `Ada ${index}` },
      { subject: 'viewer' },
      'user { displayName version }',
    ),
  );
  expect(codesOf(outcomes).sort()).toEqual(['', ...Array<string>(49).fill('VERSION_CONFLICT')]);
  const winner = outcomes.find(({ payload }) => payload!.user !== null)!.payload!.user;
  const [stored] = await world.database.query(
    'SELECT display_name AS "displayName", version FROM users.users WHERE id = $1',
    [people.viewer],
  );
  expect(stored).toEqual(winner);
  expect((await world.traces()).events).toEqual(['user.updated']);
});

test('of 50 changes of an organization with one version exactly one wins', async () => {
  const outcomes = await fifty((index) =>
    world.mutate(
      'organizationUpdate',
      { id: fixtureId('Organization'), expectedVersion: 1, name: `Nova ${index}` },
      { subject: index % 2 === 0 ? 'organizationOwner' : 'admin' },
    ),
  );
  expect(codesOf(outcomes).sort()).toEqual(['', ...Array<string>(49).fill('VERSION_CONFLICT')]);
  expect((await world.versions()).organization).toBe(2);
  expect((await world.traces()).events).toEqual(['organization.updated']);
});

test('50 times the same founding with one key makes one organization, with equal answers', async () => {
  const input = { name: 'Nova', legalName: 'Nova GmbH', kind: 'BUYER', country: 'AT', idempotencyKey: 'k'.repeat(16) };
  const outcomes = await fifty(() =>
    world.mutate('organizationCreate', input, { subject: 'buyer' }, 'organization { id name version }'),
  );
  expect(new Set(outcomes.map((outcome) => JSON.stringify(outcome))).size).toBe(1);
  expect(codesOf(outcomes)).toEqual(Array(50).fill(''));
  const rows = await world.database.query(`SELECT FROM users.organizations WHERE name = 'Nova'`);
  expect(rows).toHaveLength(1);
});

test('of two owners who remove each other at once exactly one succeeds', async () => {
  const viewer = { userId: toGlobalId('User', people.viewer), role: 'OWNER' };
  const owner = { subject: 'organizationOwner' };
  await world.mutate('membershipSet', { organizationId: fixtureId('Organization'), ...viewer }, owner);
  const [membership] = await world.database.query<{ id: string }>(
    'SELECT id FROM users.memberships WHERE organization_id = $1 AND user_id = $2',
    [organizations.buying, people.organizationOwner],
  );
  const outcomes = await Promise.all([
    world.mutate('membershipRemove', { id: fixtureId('Membership') }, owner),
    world.mutate('membershipRemove', { id: toGlobalId('Membership', membership!.id) }, { subject: 'viewer' }),
  ]);
  expect(outcomes.filter(({ payload }) => payload!.removedId !== null)).toHaveLength(1);
  // Depending on who is how much faster, the other one is the last owner, or has left already.
  expect(codesOf(outcomes).sort()).toEqual(['', expect.stringMatching(/^(LAST_OWNER|NOT_FOUND)$/) as unknown]);
});
