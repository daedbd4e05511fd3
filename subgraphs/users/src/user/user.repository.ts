import sql from 'sql-template-tag';

import { anyArm, columnsOf, visibleArms } from '@tributary/kit';
import type { RequestContext, Transaction } from '@tributary/kit';

import { changeablePeople } from './user.access.ts';
import { userEntity } from './user.entity.ts';
import type { User, UserRole } from './user.ts';
import { userVisibility } from './user.visibility.ts';

export interface UserRepository {
  /** The people among `ids` whom the caller may see, in no particular order. */
  findByIds(ids: readonly string[]): Promise<User[]>;
  /** Platform roles of people, each person's in alphabetical order. */
  findRoles(userIds: readonly string[]): Promise<Pick<UserRole, 'userId' | 'role'>[]>;
}

/** People within one transaction. */
export interface UserStore {
  /** The person, if the caller may change them. Nobody else changes them, or what hangs on them, until the end of the transaction. */
  lock(id: string): Promise<User | null>;
  /** Writes the profile of a locked person and counts their version up. */
  store(user: User): Promise<User>;
  /** A person by one of their names, whoever asks. Erased people have no address. */
  find(by: { id: string } | { email: string }): Promise<Pick<User, 'id' | 'status'> | null>;
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

export function createUserStore(tx: Transaction, context: RequestContext): UserStore {
  return {
    async lock(id) {
      const changeable = anyArm(visibleArms(context, () => changeablePeople(context.principal, sql`u.id`)));
      // NO KEY: rows that refer to the person, such as a new membership, need not wait.
      const [user] = await tx.query<User>(
        sql`SELECT ${columns} FROM users.users u WHERE u.id = ${id}::uuid AND ${changeable} FOR NO KEY UPDATE`,
      );
      return user ?? null;
    },
    async store({ id, displayName, phone, locale, supportNotes }) {
      const [user] = await tx.query<User>(
        sql`UPDATE users.users u SET display_name = ${displayName}, phone = ${phone}, locale = ${locale},
            support_notes = ${supportNotes}, version = u.version + 1, updated_at = now()
          WHERE u.id = ${id}::uuid RETURNING ${columns}`,
      );
      return user!;
    },
    async find(by) {
      const named =
        'id' in by ? sql`u.id = ${by.id}::uuid` : sql`u.email = ${by.email}::public.citext AND u.erased_at IS NULL`;
      const [user] = await tx.query<Pick<User, 'id' | 'status'>>(
        sql`SELECT u.id, u.status FROM users.users u WHERE ${named}`,
      );
      return user ?? null;
    },
  };
}
