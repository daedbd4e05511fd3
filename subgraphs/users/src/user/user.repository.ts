import sql from 'sql-template-tag';

import { anyArm, columnsOf, visibleArms } from '@tributary/kit';
import type { RequestContext } from '@tributary/kit';

import { userEntity } from './user.entity.ts';
import type { User, UserRole } from './user.ts';
import { userVisibility } from './user.visibility.ts';

export interface UserRepository {
  /** The people among `ids` whom the caller may see, in no particular order. */
  findByIds(ids: readonly string[]): Promise<User[]>;
  /** Platform roles of people, each person's in alphabetical order. */
  findRoles(userIds: readonly string[]): Promise<Pick<UserRole, 'userId' | 'role'>[]>;
}

const columns = columnsOf(userEntity, 'u');

export function createUserRepository(context: RequestContext): UserRepository {
  return {
    findByIds(ids) {
      const visible = anyArm(visibleArms(context, () => userVisibility(context.principal)));
      return context.db.query<User>(
        sql`SELECT ${columns} FROM users.users u WHERE u.id = ANY(${ids}::uuid[]) AND ${visible}`,
      );
    },
    findRoles(userIds) {
      return context.db.query(
        sql`SELECT r.user_id AS "userId", r.role FROM users.user_roles r WHERE r.user_id = ANY(${userIds}::uuid[]) ORDER BY r.role`,
      );
    },
  };
}
