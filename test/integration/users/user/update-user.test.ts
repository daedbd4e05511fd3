import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';

import { ALL_WALLS, toGlobalId } from '@tributary/kit';
import type { Principal } from '@tributary/kit';

import { fixtureId, people } from '../../../kit/fixture.ts';
import { audited, inputError, mutate, published, startMutableWorld } from '../mutations.ts';
import type { MutableWorld } from '../mutations.ts';
import { person, startUsersWorld } from '../users-world.ts';

let world: MutableWorld;
beforeAll(async () => (world = await startMutableWorld()));
beforeEach(() => world.restore());
afterAll(() => world[Symbol.asyncDispose]());

const id = fixtureId('User');
const update = (principal: Principal, input: object, selection = 'user { displayName phone locale version }') =>
  mutate(world, principal, 'userUpdate', { id, expectedVersion: 1, ...input }, selection);
const refused = (...userErrors: object[]) => ({ user: null, userErrors });
const storedVersion = async () =>
  (
    await world.database.query<{ version: number }>('SELECT version FROM users.users WHERE id = $1', [people.viewer])
  )[0]!.version;

test('what is given changes, what is left out stays, and the payload shows it, in four statements', async () => {
  const { payload, errors, statements } = await update(person('viewer'), { displayName: ' Ada ', locale: 'de-ch' });
  expect(errors).toEqual([]);
  expect(payload).toEqual({
    user: { displayName: 'Ada', phone: '+431234567', locale: 'de-CH', version: 2 },
    userErrors: [],
  });
  expect(statements).toBe(4); // lock, update, event, audit entry
});

test('others are told which fields changed, and the record holds no value', async () => {
  await update(person('support'), { displayName: 'Ada', locale: 'de-AT', phone: '+4915112345678', supportNotes: null });
  const fields = ['displayName', 'phone', 'supportNotes'];
  const actor = { type: 'user', id: people.support };
  expect(await published(world)).toEqual([
    {
      type: 'user.updated',
      key: people.viewer,
      payload: { status: 'ACTIVE', fields },
      headers: expect.objectContaining({ aggregateType: 'User', aggregateVersion: 2, actor }) as unknown,
    },
  ]);
  expect(await audited(world)).toEqual([
    {
      action: 'userUpdate',
      actor: people.support,
      object: `User ${people.viewer}`,
      allowed: true,
      details: { fields },
    },
  ]);
});

test('null clears the phone number and the notes', async () => {
  const { payload } = await update(
    person('support'),
    { phone: null, supportNotes: null },
    'user { displayName phone supportNotes }',
  );
  expect(payload).toEqual({ user: { displayName: 'The viewer', phone: null, supportNotes: null }, userErrors: [] });
});

test('values that are stored already count as a change of the version, and nobody is told', async () => {
  const { payload } = await update(person('viewer'), { displayName: 'The viewer' });
  expect(payload).toMatchObject({ user: { version: 2 }, userErrors: [] });
  expect(await published(world)).toEqual([]);
});

describe('refused, with nothing changed,', () => {
  test('is everything that is wrong with the input, at once', async () => {
    const { payload } = await update(person('viewer'), { displayName: 'a\u0007', locale: null });
    expect(payload).toEqual(refused(inputError('INVALID_INPUT', 'displayName'), inputError('INVALID_INPUT', 'locale')));
    expect(await storedVersion()).toBe(1);
  });

  test('is a version that is no longer stored, with the one that is', async () => {
    await update(person('viewer'), { displayName: 'Ada' });
    expect((await update(person('viewer'), { displayName: 'Bob' })).payload).toEqual(
      refused({
        __typename: 'VersionConflictError',
        code: 'VERSION_CONFLICT',
        field: ['input', 'expectedVersion'],
        currentVersion: 2,
      }),
    );
    expect(await storedVersion()).toBe(2);
  });

  test('is a person who does not exist, for those who change everybody', async () => {
    const missing = toGlobalId('User', '01920000-0000-7000-8000-00000000ffff');
    expect((await update(person('support'), { id: missing })).payload).toEqual(refused(inputError('NOT_FOUND', 'id')));
  });

  test('is a person who was erased', async () => {
    await world.database.query(
      `UPDATE users.users SET status = 'ERASED', erased_at = now(), email = NULL, phone = NULL, support_notes = NULL
        WHERE id = $1`,
      [people.viewer],
    );
    expect((await update(person('admin'), { displayName: 'Ada' })).payload).toEqual(
      refused({
        __typename: 'StateError',
        code: 'INVALID_STATE',
        field: ['input', 'id'],
        currentState: 'ERASED',
        allowedStates: [],
      }),
    );
  });

  test('are notes by somebody without the scope for them', async () => {
    expect((await update(person('viewer'), { supportNotes: 'nice' })).errors).toEqual(['payload FORBIDDEN']);
    const support = { ...person('support'), scopes: ['users:read_pii'] };
    expect((await update(support, { supportNotes: 'nice' })).errors).toEqual(['payload FORBIDDEN']);
    expect(await storedVersion()).toBe(1);
  });

  test('is a phone number of the wrong form, before anything is read', async () => {
    const { errors, statements } = await update(person('viewer'), { phone: '0151 123' });
    expect(errors).toEqual([' BAD_USER_INPUT']);
    expect(statements).toBe(0);
  });

  test('is the id of something else', async () => {
    expect((await update(person('support'), { id: fixtureId('Order') })).errors).toEqual(['payload INVALID_ID']);
  });
});

describe('a stranger is kept out', () => {
  test.each([
    ['rules', { ...ALL_WALLS, rules: false }],
    ['row predicates', { ...ALL_WALLS, rows: false }],
  ])('also with the %s taken down', async (_name, walls) => {
    await using weakened = await startUsersWorld({ walls });
    const input = { id, expectedVersion: 1, displayName: 'Mallory' };
    const { payload, errors } = await mutate(weakened, person('stranger'), 'userUpdate', input, 'user { id }');
    expect([payload, errors]).toEqual([null, ['payload FORBIDDEN']]);
    const [row] = await weakened.database.query('SELECT version FROM users.users WHERE id = $1', [people.viewer]);
    expect(row).toEqual({ version: 1 });
  });
});
