import { nestedConnection, parseGlobalId, toGlobalId, userIdOf } from '@tributary/kit';
import type { PageArguments } from '@tributary/kit';

import type { UsersContext } from '../context.ts';
import { membershipsByUser } from '../membership/membership.repository.ts';
import type { Membership } from '../membership/membership.ts';
import { change } from '../mutation.ts';
import { referenceResolver } from '../reference-resolver.ts';
import { notePersonalDataRead } from './personal-data-reads.ts';
import type { PersonalField } from './personal-data-reads.ts';
import type { ProfileInput } from './profile.ts';
import { updateUser } from './update-user.ts';
import { createUserStore } from './user.repository.ts';
import type { User } from './user.ts';

const personal =
  <Field extends Exclude<PersonalField, 'addresses'>>(field: Field) =>
  (user: User, _args: object, context: UsersContext): User[Field] => {
    notePersonalDataRead(context, field, user);
    return user[field];
  };

export const userResolvers = {
  Query: {
    me: (_root: unknown, _args: object, context: UsersContext) => loadCaller(context),
    user: (_root: unknown, { id }: { id: string }, { loaders }: UsersContext) =>
      loaders.userById.load(parseGlobalId('User', id)),
  },
  User: {
    __resolveReference: referenceResolver('User', ({ loaders }) => loaders.userById),
    id: ({ id }: User) => toGlobalId('User', id),
    name: ({ displayName }: User) => displayName,
    email: personal('email'),
    emailVerified: personal('emailVerified'),
    phone: personal('phone'),
    roles: ({ id }: User, _args: object, { loaders }: UsersContext) => loaders.rolesByUserId.load(id),
    addresses(user: User, _args: object, context: UsersContext) {
      notePersonalDataRead(context, 'addresses', user);
      return context.loaders.addressesByUserId.load(user.id);
    },
    memberships: ({ id }: User, args: PageArguments, context: UsersContext) =>
      nestedConnection<Membership>(context, 'User.memberships', id, args, () => membershipsByUser(context)),
  },
  Mutation: {
    async userUpdate(
      _root: unknown,
      { input: { id, ...input } }: { input: ProfileInput & { id: string; expectedVersion: number } },
      context: UsersContext,
    ) {
      const wish = { ...input, userId: parseGlobalId('User', id) };
      const { result, userErrors } = await change(context, {
        operation: 'userUpdate',
        work: (tx) => updateUser(tx, { users: createUserStore(tx, context), principal: context.principal }, wish),
      });
      return { user: result, userErrors };
    },
  },
};

/** The calling person; null for API clients and services. */
export async function loadCaller({ principal, loaders }: UsersContext): Promise<User | null> {
  const id = userIdOf(principal);
  return id === null ? null : loaders.userById.load(id);
}
