import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';

import { ALL_WALLS, toGlobalId } from '@tributary/kit';
import type { Principal } from '@tributary/kit';

import { fixtureId, people } from '../../../kit/fixture.ts';
import type { Person } from '../../../kit/fixture.ts';
import { audited, inputError, mutate, published, startMutableWorld } from '../mutations.ts';
import type { MutableWorld } from '../mutations.ts';
import { person, startUsersWorld } from '../users-world.ts';

// In the test world `viewer` has one saved address, the default.

let world: MutableWorld;
beforeAll(async () => (world = await startMutableWorld()));
beforeEach(() => world.restore());
afterAll(() => world[Symbol.asyncDispose]());

const address = { recipient: 'Ada', line1: 'Ring 1', city: 'Wien', postalCode: '1010', country: 'AT' };
const home = { label: 'Home', isDefault: true };
const userId = (name: Person) => toGlobalId('User', people[name]);

const save = (principal: Principal, input: object, selection = 'entry { id label isDefault }') =>
  mutate(world, principal, 'addressSave', { userId: userId('viewer'), label: 'Office', address, ...input }, selection);
const remove = (principal: Principal, id: unknown) => mutate(world, principal, 'addressRemove', { id }, 'removedId');
const refused = (...userErrors: object[]) => ({ entry: null, userErrors });
const entryId = (outcome: Awaited<ReturnType<typeof save>>) =>
  (outcome.payload as unknown as { entry: { id: string } }).entry.id;

async function addressBook(): Promise<unknown> {
  const { data, sql } = await world.ask(person('viewer'), '{ me { addresses { label isDefault } } }');
  expect(sql).toHaveLength(2);
  return (data as { me: { addresses: unknown } }).me.addresses;
}

describe('saving', () => {
  test('adds an address, which shows what was given', async () => {
    const selection = 'entry { label isDefault address { recipient line1 line2 city region postalCode country } }';
    const { payload, statements } = await save(person('viewer'), { label: ' Office ' }, selection);
    expect(payload).toEqual({
      entry: { label: 'Office', isDefault: false, address: { ...address, line2: null, region: null } },
      userErrors: [],
    });
    expect(statements).toBe(5); // lock, address book, insert, event, audit entry
    expect(await addressBook()).toEqual([home, { label: 'Office', isDefault: false }]);
  });

  test('changes an address that is there, as a whole', async () => {
    const { payload } = await save(
      person('viewer'),
      { id: fixtureId('AddressBookEntry') },
      'entry { id label isDefault address { city } }',
    );
    expect(payload).toMatchObject({
      entry: { id: fixtureId('AddressBookEntry'), label: 'Office', isDefault: false, address: { city: 'Wien' } },
    });
    expect(await addressBook()).toEqual([{ label: 'Office', isDefault: false }]);
  });

  test('a new default takes the place of the old one', async () => {
    await save(person('viewer'), { isDefault: true });
    expect(await addressBook()).toEqual([
      { label: 'Home', isDefault: false },
      { label: 'Office', isDefault: true },
    ]);
  });

  test('the default again keeps it, and takes no statement more', async () => {
    const { statements } = await save(person('viewer'), { id: fixtureId('AddressBookEntry'), isDefault: true });
    expect(statements).toBe(5);
    expect(await addressBook()).toEqual([{ label: 'Office', isDefault: true }]);
  });

  test('many defaults at once leaves exactly one', async () => {
    const outcomes = await Promise.all(
      Array.from({ length: 20 }, (_, index) => save(person('viewer'), { label: `Office ${index}`, isDefault: true })),
    );
    expect(outcomes.flatMap(({ errors, payload }) => [...errors, ...payload!.userErrors])).toEqual([]);
    const book = (await addressBook()) as { isDefault: boolean }[];
    expect(book).toHaveLength(21);
    expect(book.filter(({ isDefault }) => isDefault)).toHaveLength(1);
  });

  test('tells others that the address book changed, and the record which fields, without a value', async () => {
    const id = entryId(await save(person('support'), {}));
    await save(person('viewer'), { id, label: 'Office', address: { ...address, line2: 'Top 3' } });
    expect(await published(world)).toMatchObject(
      [people.support, people.viewer].map((actor) => ({
        type: 'user.updated',
        key: people.viewer,
        payload: { fields: ['addresses'] },
        headers: { aggregateType: 'User', aggregateVersion: 1, actor: { type: 'user', id: actor } },
      })),
    );
    const all = ['label', 'isDefault', 'recipient', 'line1', 'line2', 'city', 'region', 'postalCode', 'country'];
    expect(await audited(world)).toMatchObject([
      { action: 'addressSave', actor: people.support, details: { userId: people.viewer, fields: all } },
      { action: 'addressSave', actor: people.viewer, details: { userId: people.viewer, fields: ['line2'] } },
    ]);
  });

  test('is refused with everything that is wrong', async () => {
    const { payload } = await save(person('viewer'), { label: ' ', address: { ...address, city: '', country: 'ZZ' } });
    expect(payload!.userErrors).toHaveLength(3);
    expect(payload!.userErrors).toEqual(
      expect.arrayContaining([
        inputError('INVALID_INPUT', 'label'),
        inputError('INVALID_INPUT', 'address', 'city'),
        inputError('INVALID_INPUT', 'address', 'country'),
      ]),
    );
  });

  test('an address of somebody else as one of yours is refused as missing', async () => {
    const input = { id: fixtureId('AddressBookEntry'), userId: userId('buyer') };
    for (const caller of ['buyer', 'support'] as const)
      expect((await save(person(caller), input)).payload).toEqual(refused(inputError('NOT_FOUND', 'id')));
  });

  test('for a person who does not exist or was erased is refused', async () => {
    const missing = toGlobalId('User', '01920000-0000-7000-8000-00000000ffff');
    const { payload } = await save(person('admin'), { userId: missing });
    expect(payload).toEqual(refused(inputError('NOT_FOUND', 'userId')));
    await world.database.query(
      `UPDATE users.users SET status = 'ERASED', erased_at = now(), email = NULL, phone = NULL, support_notes = NULL
        WHERE id = $1`,
      [people.viewer],
    );
    expect((await save(person('admin'), {})).payload).toMatchObject(
      refused({ __typename: 'StateError', code: 'INVALID_STATE', field: ['input', 'userId'], currentState: 'ERASED' }),
    );
  });

  test('more than fifty addresses are refused, also when the last ones come at once', async () => {
    await world.database.query(
      `INSERT INTO users.addresses (id, user_id, label, recipient, line1, city, country)
        SELECT gen_random_uuid(), $1, 'Stored', 'Ada', 'Ring 1', 'Wien', 'AT' FROM generate_series(1, 47)`,
      [people.viewer],
    );
    const outcomes = await Promise.all(Array.from({ length: 4 }, () => save(person('viewer'), {})));
    const errors = outcomes.flatMap(({ payload }) => payload!.userErrors);
    expect(errors).toEqual([inputError('LIMIT_EXCEEDED'), inputError('LIMIT_EXCEEDED')]);
    expect((await addressBook()) as unknown[]).toHaveLength(50);
    // What is there can still be changed.
    expect((await save(person('viewer'), { id: fixtureId('AddressBookEntry') })).payload).toMatchObject({
      userErrors: [],
    });
  });
});

describe('removing', () => {
  test('takes the address and answers with its id; a second time it is missing', async () => {
    const id = fixtureId('AddressBookEntry');
    expect((await remove(person('viewer'), id)).payload).toEqual({ removedId: id, userErrors: [] });
    expect((await remove(person('viewer'), id)).payload).toEqual({
      removedId: null,
      userErrors: [inputError('NOT_FOUND', 'id')],
    });
    expect(await addressBook()).toEqual([]);
    expect(await published(world)).toMatchObject([{ type: 'user.updated', payload: { fields: ['addresses'] } }]);
  });

  test('the same address many times at once removes it once', async () => {
    const outcomes = await Promise.all(
      Array.from({ length: 10 }, () => remove(person('viewer'), fixtureId('AddressBookEntry'))),
    );
    expect(outcomes.filter(({ payload }) => payload!.removedId !== null)).toHaveLength(1);
    expect(await published(world)).toHaveLength(1);
  });
});

describe('reading', () => {
  test('address books of many people takes two statements', async () => {
    const { data, sql } = await world.ask(
      person('support'),
      'query ($all: [_Any!]!) { _entities(representations: $all) { ... on User { addresses { label } } } }',
      { all: Object.values(people).map((id) => ({ __typename: 'User', id: toGlobalId('User', id) })) },
    );
    expect((data as { _entities: { addresses: unknown[] }[] })._entities.flatMap(({ addresses }) => addresses)).toEqual(
      [{ label: 'Home' }],
    );
    expect(sql).toHaveLength(2);
  });

  test('the address book of a person is null to fellow members, owners and finance', async () => {
    for (const caller of ['organizationOwner', 'organizationBuyer', 'stranger', 'finance'] as const) {
      const { data, errors } = await world.ask(
        person(caller),
        'query ($id: ID!) { user(id: $id) { addresses { id } } }',
        {
          id: userId('viewer'),
        },
      );
      expect([data, errors]).toEqual([{ user: { addresses: null } }, []]);
    }
  });
});

describe('a stranger is kept out', () => {
  test.each([
    ['rules', { ...ALL_WALLS, rules: false }],
    ['row predicates', { ...ALL_WALLS, rows: false }],
  ])('of saving also with the %s taken down', async (_name, walls) => {
    await using weakened = await startUsersWorld({ walls });
    const input = { userId: userId('viewer'), label: 'Mine', address };
    const { payload, errors } = await mutate(weakened, person('stranger'), 'addressSave', input, 'entry { id }');
    expect([payload, errors]).toEqual([null, ['payload FORBIDDEN']]);
  });

  test('of removing with the rules taken down', async () => {
    await using weakened = await startUsersWorld({ walls: { ...ALL_WALLS, rules: false } });
    const input = { id: fixtureId('AddressBookEntry') };
    const { payload } = await mutate(weakened, person('stranger'), 'addressRemove', input, 'removedId');
    expect(payload).toEqual({ removedId: null, userErrors: [inputError('NOT_FOUND', 'id')] });
  });
});
