import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';

import { ALL_WALLS, toGlobalId } from '@tributary/kit';
import type { Principal } from '@tributary/kit';

import { fixtureId, organizations, people } from '../../../kit/fixture.ts';
import type { Person } from '../../../kit/fixture.ts';
import { audited, inputError, mutate, published, startMutableWorld } from '../mutations.ts';
import type { MutableWorld } from '../mutations.ts';
import { person, startUsersWorld } from '../users-world.ts';

// The organization has one owner, a billing manager, a buyer and a viewer.

let world: MutableWorld;
beforeAll(async () => (world = await startMutableWorld()));
beforeEach(() => world.restore());
afterAll(() => world[Symbol.asyncDispose]());

const owner = person('organizationOwner');
const userId = (name: Person) => toGlobalId('User', people[name]);
const set = (principal: Principal, input: object, selection = 'membership { role version user { id } }') =>
  mutate(world, principal, 'membershipSet', { organizationId: fixtureId('Organization'), ...input }, selection);
const remove = (principal: Principal, id: string) => mutate(world, principal, 'membershipRemove', { id }, 'removedId');
const refused = (...userErrors: object[]) => ({ membership: null, userErrors });

async function membershipOf(name: Person): Promise<string> {
  const [row] = await world.database.query<{ id: string }>(
    'SELECT id FROM users.memberships WHERE organization_id = $1 AND user_id = $2',
    [organizations.buying, people[name]],
  );
  return toGlobalId('Membership', row!.id);
}

const owners = async () =>
  (
    await world.database.query<{ userId: string }>(
      `SELECT user_id AS "userId" FROM users.memberships WHERE organization_id = $1 AND role = 'OWNER' ORDER BY 1`,
      [organizations.buying],
    )
  ).map(({ userId: id }) => id);

const setStatus = (name: Person, status: string) =>
  world.database.query('UPDATE users.users SET status = $2 WHERE id = $1', [people[name], status]);

describe('setting a member', () => {
  test.each([
    ['id', { userId: userId('buyer') }],
    ['address, in any case of letters', { email: 'BUYER@example.com' }],
  ])('adds a person by %s', async (_name, who) => {
    const { payload, statements } = await set(owner, { ...who, role: 'VIEWER' }, 'membership { role version }');
    expect(payload).toEqual({ membership: { role: 'VIEWER', version: 1 }, userErrors: [] });
    expect(statements).toBe(6); // lock, person, owners, insert, event, audit entry
    expect(await published(world)).toMatchObject([
      {
        type: 'membership.changed',
        payload: { organizationId: organizations.buying, userId: people.buyer, role: 'VIEWER', fields: ['role'] },
        headers: { aggregateType: 'Membership', aggregateVersion: 1, actor: { id: people.organizationOwner } },
      },
    ]);
    expect(await audited(world)).toMatchObject([
      {
        action: 'membershipSet',
        allowed: true,
        details: { organizationId: organizations.buying, userId: people.buyer, role: { from: null, to: 'VIEWER' } },
      },
    ]);
  });

  test('changes the role of one who is there', async () => {
    expect((await set(owner, { userId: userId('viewer'), role: 'BUYER' })).payload).toEqual({
      membership: { role: 'BUYER', version: 2, user: { id: userId('viewer') } },
      userErrors: [],
    });
    expect(await published(world)).toMatchObject([{ type: 'membership.changed', headers: { aggregateVersion: 2 } }]);
    expect(await audited(world)).toMatchObject([{ details: { role: { from: 'VIEWER', to: 'BUYER' } } }]);
  });

  test('to the role they have changes nothing and tells nobody', async () => {
    expect((await set(owner, { userId: userId('viewer'), role: 'VIEWER' })).payload).toMatchObject({
      membership: { role: 'VIEWER', version: 1 },
      userErrors: [],
    });
    expect(await published(world)).toEqual([]);
  });

  test('shows the owner the new member with address and organization', async () => {
    const selection = 'membership { user { email } organization { members { totalCount nodes { role } } } }';
    const { payload } = await set(owner, { email: 'buyer@example.com', role: 'VIEWER' }, selection);
    expect(payload).toMatchObject({
      membership: { user: { email: 'buyer@example.com' }, organization: { members: { totalCount: 5 } } },
    });
  });

  test('several times in one operation shows things as they are each time', async () => {
    const step = (alias: string, role: string) =>
      `${alias}: membershipSet(input: { organizationId: $id, userId: $user, role: ${role} }) {
        membership { organization { members(last: 1) { nodes { role } } } } }`;
    const { data } = await world.ask(
      owner,
      `mutation ($id: ID!, $user: ID!) { ${step('first', 'BUYER')} ${step('second', 'BILLING_MANAGER')} }`,
      { id: fixtureId('Organization'), user: userId('viewer') },
    );
    const answer = (role: string) => ({ membership: { organization: { members: { nodes: [{ role }] } } } });
    expect(data).toEqual({ first: answer('BUYER'), second: answer('BILLING_MANAGER') });
  });

  test('to less than owner, for oneself, takes the rights of an owner from the rest of the answer', async () => {
    await set(owner, { userId: userId('viewer'), role: 'OWNER' });
    const input = { userId: userId('organizationOwner'), role: 'VIEWER' };
    const { payload } = await set(owner, input, 'membership { role organization { name taxId } }');
    expect(payload).toMatchObject({
      membership: { role: 'VIEWER', organization: { name: 'buying Ltd', taxId: null } },
    });
  });

  test('the same person many times at once makes one membership', async () => {
    const outcomes = await Promise.all(
      Array.from({ length: 10 }, () => set(owner, { userId: userId('buyer'), role: 'BUYER' })),
    );
    expect(outcomes.flatMap(({ errors, payload }) => [...errors, ...payload!.userErrors])).toEqual([]);
    expect(await published(world)).toHaveLength(1);
  });

  test.each([
    ['both id and address', { userId: userId('buyer'), email: 'buyer@example.com' }, 'email'],
    ['neither', {}, 'userId'],
  ])('named by %s is refused', async (_name, who, field) => {
    expect((await set(owner, { ...who, role: 'VIEWER' })).payload).toEqual(refused(inputError('INVALID_INPUT', field)));
  });

  test('by an address that nobody has, or whose account cannot join, is refused alike', async () => {
    await setStatus('buyer', 'SUSPENDED');
    for (const email of ['nobody@example.com', 'buyer@example.com'])
      expect((await set(owner, { email, role: 'VIEWER' })).payload).toEqual(refused(inputError('NOT_FOUND', 'email')));
  });

  test('by an id that nobody has is refused, and so is an account that cannot join', async () => {
    const missing = toGlobalId('User', '01920000-0000-7000-8000-00000000ffff');
    expect((await set(owner, { userId: missing, role: 'VIEWER' })).payload).toEqual(
      refused(inputError('NOT_FOUND', 'userId')),
    );
    await setStatus('buyer', 'SUSPENDED');
    expect((await set(owner, { userId: userId('buyer'), role: 'VIEWER' })).payload).toEqual(
      refused({
        __typename: 'StateError',
        code: 'INVALID_STATE',
        field: ['input', 'userId'],
        currentState: 'SUSPENDED',
        allowedStates: ['ACTIVE'],
      }),
    );
  });

  test('of an organization that does not exist is refused', async () => {
    const organizationId = toGlobalId('Organization', '01920000-0000-7000-8000-00000000ffff');
    expect((await set(person('admin'), { organizationId, userId: userId('buyer'), role: 'VIEWER' })).payload).toEqual(
      refused(inputError('NOT_FOUND', 'organizationId')),
    );
  });
});

describe('removing a member', () => {
  test('ends the membership and answers with its id; a second time it is missing', async () => {
    const id = await membershipOf('viewer');
    const first = await remove(owner, id);
    expect(first.payload).toEqual({ removedId: id, userErrors: [] });
    expect(first.statements).toBe(6); // membership, lock, owners, delete, event, audit entry
    expect((await remove(owner, id)).payload).toEqual({ removedId: null, userErrors: [inputError('NOT_FOUND', 'id')] });
    expect(await published(world)).toMatchObject([
      {
        type: 'membership.changed',
        payload: { organizationId: organizations.buying, userId: people.viewer, role: null, fields: ['role'] },
        headers: { aggregateVersion: 2 },
      },
    ]);
    expect(await audited(world)).toMatchObject([
      {
        action: 'membershipRemove',
        allowed: true,
        details: { userId: people.viewer, role: { from: 'VIEWER', to: null } },
      },
      { action: 'membershipRemove', allowed: false, details: { refused: ['NOT_FOUND'] } },
    ]);
  });

  test('the same one many times at once removes it once', async () => {
    const id = await membershipOf('viewer');
    const outcomes = await Promise.all(Array.from({ length: 10 }, () => remove(owner, id)));
    expect(outcomes.filter(({ payload }) => payload!.removedId === id)).toHaveLength(1);
    expect(await published(world)).toHaveLength(1);
  });
});

describe('the last owner', () => {
  const lastOwner = (field: string) => [inputError('LAST_OWNER', field)];

  test('neither leaves nor becomes less, not even by an administrator', async () => {
    const id = await membershipOf('organizationOwner');
    for (const caller of [owner, person('admin')]) {
      expect((await remove(caller, id)).payload).toEqual({ removedId: null, userErrors: lastOwner('id') });
      expect((await set(caller, { userId: userId('organizationOwner'), role: 'BUYER' })).payload).toEqual(
        refused(...lastOwner('role')),
      );
    }
    expect(await owners()).toEqual([people.organizationOwner]);
  });

  test('may go once there is another one', async () => {
    await set(owner, { userId: userId('viewer'), role: 'OWNER' });
    expect((await remove(owner, await membershipOf('organizationOwner'))).payload).toMatchObject({ userErrors: [] });
    expect(await owners()).toEqual([people.viewer]);
  });

  const second: Principal = { ...person('viewer'), memberships: [{ organizationId: organizations.buying, role: 'OWNER' }] } as Principal; // prettier-ignore

  test.each(Array.from({ length: 8 }, (_, round) => round))(
    'stays when two owners remove each other at once (round %i)',
    async () => {
      await set(owner, { userId: userId('viewer'), role: 'OWNER' });
      const [first, other] = [await membershipOf('organizationOwner'), await membershipOf('viewer')];
      const outcomes = await Promise.all([remove(owner, other), remove(second, first)]);
      expect(outcomes.filter(({ payload }) => payload!.removedId !== null)).toHaveLength(1);
      expect(outcomes.flatMap(({ payload }) => payload!.userErrors)).toEqual(lastOwner('id'));
      expect(await owners()).toHaveLength(1);
    },
  );

  test('stays when two owners step down at once', async () => {
    await set(owner, { userId: userId('viewer'), role: 'OWNER' });
    const outcomes = await Promise.all([
      set(owner, { userId: userId('organizationOwner'), role: 'BUYER' }),
      set(second, { userId: userId('viewer'), role: 'BUYER' }),
    ]);
    expect(outcomes.flatMap(({ payload }) => payload!.userErrors)).toEqual(lastOwner('role'));
    expect(await owners()).toHaveLength(1);
  });
});

describe('somebody who was the owner when the request came', () => {
  beforeEach(async () => {
    await set(owner, { userId: userId('viewer'), role: 'OWNER' });
    await world.database.query(`UPDATE users.memberships SET role = 'BUYER' WHERE user_id = $1`, [
      people.organizationOwner,
    ]);
  });

  test('may not set or remove members any more', async () => {
    const input = { userId: userId('organizationBuyer'), role: 'VIEWER' };
    expect((await set(owner, input)).errors).toEqual(['payload FORBIDDEN']);
    expect((await remove(owner, await membershipOf('organizationBuyer'))).errors).toEqual(['payload FORBIDDEN']);
  });

  test('does not see the organization once they have left it', async () => {
    await world.database.query('DELETE FROM users.memberships WHERE user_id = $1', [people.organizationOwner]);
    const input = { userId: userId('organizationBuyer'), role: 'VIEWER' };
    expect((await set(owner, input)).payload).toEqual(refused(inputError('NOT_FOUND', 'organizationId')));
  });
});

describe('a stranger is kept out', () => {
  test.each([
    ['rules', { ...ALL_WALLS, rules: false }],
    ['row predicates', { ...ALL_WALLS, rows: false }],
  ])('also with the %s taken down', async (_name, walls) => {
    await using weakened = await startUsersWorld({ walls });
    const stranger = person('stranger');
    const input = { organizationId: fixtureId('Organization'), userId: userId('stranger'), role: 'OWNER' };
    const added = await mutate(weakened, stranger, 'membershipSet', input, 'membership { id }');
    expect(added.payload).toEqual(refused(inputError('NOT_FOUND', 'organizationId')));
    const removed = await mutate(weakened, stranger, 'membershipRemove', { id: fixtureId('Membership') }, 'removedId');
    expect(removed.payload).toEqual({ removedId: null, userErrors: [inputError('NOT_FOUND', 'id')] });
  });
});
