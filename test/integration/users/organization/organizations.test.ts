import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';

import { ALL_WALLS, toGlobalId, tryParseGlobalId } from '@tributary/kit';
import type { Principal } from '@tributary/kit';

import { fixtureId, organizations, people } from '../../../kit/fixture.ts';
import { audited, inputError, mutate, published, startMutableWorld } from '../mutations.ts';
import type { MutableWorld } from '../mutations.ts';
import { person, startUsersWorld } from '../users-world.ts';

let world: MutableWorld;
beforeAll(async () => (world = await startMutableWorld()));
beforeEach(() => world.restore());
afterAll(() => world[Symbol.asyncDispose]());

const KEY = '0f8fad5b-d9cb-469f-a165-70867728950e';
const nova = { name: 'Nova', legalName: 'Nova GmbH', kind: 'BUYER', country: 'AT', taxId: 'ATU 123' };
const ALL = `organization {
  id name legalName taxId kind country version members { nodes { role user { id } organization { name } } totalCount }
}`;
const create = (principal: Principal, input: object = {}, selection = ALL) =>
  mutate(world, principal, 'organizationCreate', { ...nova, ...input }, selection);
const update = (principal: Principal, input: object, selection = 'organization { name legalName taxId version }') =>
  mutate(
    world,
    principal,
    'organizationUpdate',
    { id: fixtureId('Organization'), expectedVersion: 1, ...input },
    selection,
  );
const refused = (...userErrors: object[]) => ({ organization: null, userErrors });
const organizationIds = async (name = 'Nova') =>
  (await world.database.query<{ id: string }>('SELECT id FROM users.organizations WHERE name = $1', [name])).map(
    ({ id }) => id,
  );

describe('founding an organization', () => {
  test('makes the caller its owner, who sees all of it in the payload already', async () => {
    const { payload, errors } = await create(person('buyer'));
    expect(errors).toEqual([]);
    const owner = { role: 'OWNER', user: { id: toGlobalId('User', people.buyer) }, organization: { name: 'Nova' } };
    expect(payload).toEqual({
      organization: {
        ...nova,
        id: expect.stringMatching(/^org_/) as unknown,
        version: 1,
        members: { nodes: [owner], totalCount: 1 },
      },
      userErrors: [],
    });
  });

  test('tells others of it and of its owner, and leaves no name on record', async () => {
    const { statements } = await create(person('buyer'), {}, 'organization { id }');
    expect(statements).toBe(4); // organization, membership, events, audit entry
    const [id] = await organizationIds();
    const events = await published(world);
    expect(events).toMatchObject([
      {
        type: 'organization.created',
        key: id,
        payload: { kind: 'BUYER', country: 'AT', currency: 'EUR' },
        headers: { aggregateType: 'Organization', aggregateVersion: 1 },
      },
      {
        type: 'membership.changed',
        payload: { organizationId: id, userId: people.buyer, role: 'OWNER', fields: ['role'] },
        headers: { aggregateType: 'Membership', aggregateVersion: 1 },
      },
    ]);
    expect(await audited(world)).toEqual([
      {
        action: 'organizationCreate',
        actor: people.buyer,
        object: `Organization ${id}`,
        allowed: true,
        details: { kind: 'BUYER', country: 'AT' },
      },
    ]);
  });

  test('is refused with everything that is wrong', async () => {
    const { payload } = await create(person('buyer'), { name: '', country: 'ZZ', taxId: '#' });
    expect(payload!.userErrors).toHaveLength(3);
    expect(payload!.userErrors).toEqual(
      expect.arrayContaining(['name', 'country', 'taxId'].map((field) => inputError('INVALID_INPUT', field))),
    );
    expect(await organizationIds('')).toEqual([]);
  });

  test('with a tax number that another one of the country has is refused, however it is written', async () => {
    await world.database.query(`UPDATE users.organizations SET tax_id = 'ATU-55.123 x' WHERE id = $1`, [
      organizations.strangers,
    ]);
    const taken = refused(inputError('ALREADY_EXISTS', 'taxId'));
    expect((await create(person('buyer'), { taxId: 'atu55123X' })).payload).toEqual(taken);
    expect((await update(person('organizationOwner'), { taxId: 'ATU 55123 X' })).payload).toEqual(taken);
    expect((await create(person('buyer'), { taxId: 'ATU55123X', country: 'DE' })).payload).toMatchObject({
      userErrors: [],
    });
  });

  test('of a kind that sells through us is for administrators with the scope for it', async () => {
    expect((await create(person('admin'), { kind: 'PARTNER' })).payload).toMatchObject({
      organization: { kind: 'PARTNER', members: { totalCount: 1 } },
      userErrors: [],
    });
    const narrowed = { ...person('admin'), scopes: [] };
    for (const caller of [person('buyer'), narrowed])
      expect((await create(caller, { kind: 'PARTNER' })).errors).toEqual(['payload FORBIDDEN']);
  });
});

describe('founding with an idempotency key', () => {
  test('again gives the same answer, from a request whose principal does not know of it either', async () => {
    const first = await create(person('buyer'), { idempotencyKey: KEY });
    const again = await create(person('buyer'), { idempotencyKey: KEY });
    expect(first.payload!.userErrors).toEqual([]);
    expect(again.payload).toEqual(first.payload);
    expect(await organizationIds()).toHaveLength(1);
    expect(await published(world)).toHaveLength(2);
  });

  test('many times at once founds one, with equal answers', async () => {
    const outcomes = await Promise.all(
      Array.from({ length: 20 }, () => create(person('buyer'), { idempotencyKey: KEY })),
    );
    expect(new Set(outcomes.map(({ payload }) => JSON.stringify(payload))).size).toBe(1);
    expect(outcomes[0]!.payload!.userErrors).toEqual([]);
    expect(await organizationIds()).toHaveLength(1);
  });

  test('with other input is refused', async () => {
    await create(person('buyer'), { idempotencyKey: KEY });
    expect((await create(person('buyer'), { idempotencyKey: KEY, name: 'Other' })).payload).toEqual(
      refused(inputError('IDEMPOTENCY_KEY_REUSED', 'idempotencyKey')),
    );
  });

  test('that somebody else used founds another one', async () => {
    await create(person('buyer'), { idempotencyKey: KEY, taxId: null });
    await create(person('viewer'), { idempotencyKey: KEY, taxId: null });
    expect(await organizationIds()).toHaveLength(2);
  });

  test('that was refused may be used again with what was mended', async () => {
    const refusedFirst = await create(person('buyer'), { idempotencyKey: KEY, name: ' ' });
    expect(refusedFirst.payload).toEqual(refused(inputError('INVALID_INPUT', 'name')));
    expect((await create(person('buyer'), { idempotencyKey: KEY })).payload).toMatchObject({ userErrors: [] });
  });

  test('again shows nothing to somebody who has left it since', async () => {
    const { payload } = await create(person('buyer'), { idempotencyKey: KEY }, 'organization { id }');
    const { id } = payload!.organization as { id: string };
    await world.database.query('DELETE FROM users.memberships WHERE organization_id = $1', [
      tryParseGlobalId(id)!.uuid,
    ]);
    expect((await create(person('buyer'), { idempotencyKey: KEY })).payload).toEqual(refused());
  });

  test('of the wrong form is refused before anything is read', async () => {
    const { errors, statements } = await create(person('buyer'), { idempotencyKey: 'short' });
    expect([errors, statements]).toEqual([[' BAD_USER_INPUT'], 0]);
  });
});

describe('changing an organization', () => {
  test('changes what is given and keeps what is left out, in five statements', async () => {
    const { payload, statements } = await update(person('organizationOwner'), { name: ' Nova ', taxId: null });
    expect(payload).toEqual({
      organization: { name: 'Nova', legalName: 'buying Limited', taxId: null, version: 2 },
      userErrors: [],
    });
    expect(statements).toBe(5); // lock, owners, update, event, audit entry
    expect(await published(world)).toMatchObject([
      {
        type: 'organization.updated',
        key: organizations.buying,
        payload: { fields: ['name', 'taxId'] },
        headers: { aggregateType: 'Organization', aggregateVersion: 2 },
      },
    ]);
    expect(await audited(world)).toMatchObject([
      {
        action: 'organizationUpdate',
        object: `Organization ${organizations.buying}`,
        details: { fields: ['name', 'taxId'] },
      },
    ]);
  });

  test('keeps its own tax number without a quarrel', async () => {
    expect((await update(person('organizationOwner'), { taxId: 'ATUbuying' })).payload).toMatchObject({
      userErrors: [],
    });
  });

  test('is refused with everything that is wrong, and for a version that is not stored', async () => {
    const owner = person('organizationOwner');
    expect((await update(owner, { name: null, legalName: 'a\0' })).payload).toEqual(
      refused(inputError('INVALID_INPUT', 'name'), inputError('INVALID_INPUT', 'legalName')),
    );
    expect((await update(owner, { name: 'Nova', expectedVersion: 7 })).payload).toMatchObject(
      refused({ __typename: 'VersionConflictError', code: 'VERSION_CONFLICT', currentVersion: 1 }),
    );
    expect(await organizationIds()).toEqual([]);
  });

  test('is not for somebody who was the owner when the request came', async () => {
    await world.database.query(`UPDATE users.memberships SET role = 'VIEWER' WHERE user_id = $1`, [
      people.organizationOwner,
    ]);
    expect((await update(person('organizationOwner'), { name: 'Nova' })).errors).toEqual(['payload FORBIDDEN']);
    await world.database.query('DELETE FROM users.memberships WHERE user_id = $1', [people.organizationOwner]);
    expect((await update(person('organizationOwner'), { name: 'Nova' })).payload).toEqual(
      refused(inputError('NOT_FOUND', 'id')),
    );
    expect(await organizationIds()).toEqual([]);
  });
});

describe('a stranger is kept out of changing it', () => {
  test.each([
    ['rules', { ...ALL_WALLS, rules: false }],
    ['row predicates', { ...ALL_WALLS, rows: false }],
  ])('also with the %s taken down', async (_name, walls) => {
    await using weakened = await startUsersWorld({ walls });
    const input = { id: fixtureId('Organization'), expectedVersion: 1, name: 'Mine' };
    const { payload } = await mutate(weakened, person('stranger'), 'organizationUpdate', input, 'organization { id }');
    expect(payload).toEqual(refused(inputError('NOT_FOUND', 'id')));
  });
});
