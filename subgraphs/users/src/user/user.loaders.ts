import DataLoader from 'dataloader';

import { groupedInKeyOrder, inKeyOrder } from '@tributary/kit';
import type { Role } from '@tributary/kit';

import type { UserRepository } from './user.repository.ts';
import type { User } from './user.ts';

export const createUserByIdLoader = (users: UserRepository) =>
  new DataLoader<string, User | null>(async (ids) => inKeyOrder(ids, await users.findByIds(ids), ({ id }) => id));

export const createRolesByUserIdLoader = (users: UserRepository) =>
  new DataLoader<string, Role[]>(async (userIds) => {
    const roles = await users.findRoles(userIds);
    return groupedInKeyOrder(userIds, roles, ({ userId }) => userId).map((held) => held.map(({ role }) => role));
  });
