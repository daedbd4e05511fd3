import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';

import { startOrdersWorld, uuid } from './orders-world.ts';
import type { OrdersWorld } from './orders-world.ts';
import { tellMember, tellOfUsers, tellUser } from './user-world.ts';

// What orders remember of people and memberships.

let world: OrdersWorld;
beforeAll(async () => {
  world = await startOrdersWorld();
});
afterAll(() => world[Symbol.asyncDispose]());
beforeEach(async () => {
  await world.database.query('TRUNCATE orders.user_copies, orders.membership_copies');
});

const users = () => world.database.query('SELECT id, status, version FROM orders.user_copies ORDER BY id');
const memberships = () =>
  world.database.query('SELECT id, role, version FROM orders.membership_copies ORDER BY id, version');
const person = (number: number, status: string, version: number) => ({ id: uuid('user', number), status, version });
const member = (number: number, role: string | null, version: number) => ({
  id: uuid('membership', number),
  role,
  version,
});

describe('of a person', () => {
  test.each(['user.registered', 'user.updated', 'user.suspended'])('%s tells the status', async (type) => {
    await tellOfUsers(world, { type, id: uuid('user', 1), version: 2, data: { status: 'SUSPENDED' } });
    expect(await users()).toEqual([person(1, 'SUSPENDED', 2)]);
  });

  test('a newer version counts, whatever comes after it', async () => {
    await tellUser(world, 1, 'INVITED', 1);
    await tellUser(world, 1, 'SUSPENDED', 3);
    await tellUser(world, 1, 'ACTIVE', 2);
    expect(await users()).toEqual([person(1, 'SUSPENDED', 3)]);
  });

  test('an event without a status, as earlier versions wrote it, changes nothing', async () => {
    await tellOfUsers(world, { type: 'user.updated', id: uuid('user', 1), version: 2, data: { fields: ['phone'] } });
    expect(await users()).toEqual([]);
  });

  test('a list adds those who are missing and passes over what is known better', async () => {
    await tellUser(world, 2, 'SUSPENDED', 5);
    await tellUser(world, 3, 'INVITED', 1);
    const listed = [person(1, 'ACTIVE', 1), person(2, 'ACTIVE', 4), person(3, 'ACTIVE', 2)];
    await tellOfUsers(world, { type: 'users.listed', id: uuid('user', 99), version: 1, data: { users: listed } });
    expect(await users()).toEqual([person(1, 'ACTIVE', 1), person(2, 'SUSPENDED', 5), person(3, 'ACTIVE', 2)]);
  });
});

describe('of a membership', () => {
  test('the role is that of the newest version, whatever comes after it', async () => {
    await tellMember(world, { user: 1, organization: 1, role: 'VIEWER' });
    await tellMember(world, { user: 1, organization: 1, role: 'OWNER', version: 3 });
    await tellMember(world, { user: 1, organization: 1, role: 'BUYER', version: 2 });
    expect(await memberships()).toEqual([member(1, 'OWNER', 3)]);
  });

  test('one that has ended is not brought back by older news, nor by a list from before', async () => {
    await tellMember(world, { user: 1, organization: 1, role: null, version: 2 });
    await tellMember(world, { user: 1, organization: 1, role: 'BUYER' });
    await listMemberships({ id: 1, user: 1, role: 'BUYER', version: 1 });
    expect(await memberships()).toEqual([member(1, null, 2)]);
  });

  test('somebody who comes back has another one, also when the end of the first is told later', async () => {
    await tellMember(world, { user: 1, organization: 1, role: 'BUYER' });
    await tellMember(world, { membership: 2, user: 1, organization: 1, role: 'VIEWER' });
    await tellMember(world, { user: 1, organization: 1, role: null, version: 2 });
    expect(await memberships()).toEqual([member(1, null, 2), member(2, 'VIEWER', 1)]);
  });

  test('a list adds those who are missing and passes over what is known better', async () => {
    await tellMember(world, { user: 2, organization: 1, role: 'OWNER', version: 4 });
    await listMemberships(
      { id: 1, user: 1, role: 'BUYER', version: 1 },
      { id: 2, user: 2, role: 'VIEWER', version: 3 },
    );
    expect(await memberships()).toEqual([member(1, 'BUYER', 1), member(2, 'OWNER', 4)]);
  });

  async function listMemberships(...rows: { id: number; user: number; role: string; version: number }[]) {
    const listed = rows.map(({ id, user, role, version }) => ({
      id: uuid('membership', id),
      organizationId: uuid('organization', 1),
      userId: uuid('user', user),
      role,
      version,
    }));
    const data = { memberships: listed };
    await tellOfUsers(world, { type: 'memberships.listed', id: uuid('user', 99), version: 1, data });
  }
});
