import { parseGlobalId, toGlobalId } from '@tributary/kit';
import type { OrganizationRole, Transaction } from '@tributary/kit';

import type { UsersContext } from '../context.ts';
import { change } from '../mutation.ts';
import { createOrganizationStore } from '../organization/organization.repository.ts';
import { referenceResolver } from '../reference-resolver.ts';
import { createUserStore } from '../user/user.repository.ts';
import { createMembershipStore } from './membership.repository.ts';
import type { Membership } from './membership.ts';
import { removeMembership } from './remove-membership.ts';
import { setMembership } from './set-membership.ts';

interface MembershipSetInput {
  organizationId: string;
  userId?: string | null;
  email?: string | null;
  role: OrganizationRole;
}

export const membershipResolvers = {
  Membership: {
    __resolveReference: referenceResolver('Membership', ({ loaders }) => loaders.membershipById),
    id: ({ id }: Membership) => toGlobalId('Membership', id),
    user: ({ userId }: Membership, _args: object, { loaders }: UsersContext) => loaders.userById.load(userId),
    organization: ({ organizationId }: Membership, _args: object, { loaders }: UsersContext) =>
      loaders.organizationById.load(organizationId),
  },
  Mutation: {
    async membershipSet(_root: unknown, { input }: { input: MembershipSetInput }, context: UsersContext) {
      const { userId, email = null, role } = input;
      const wish = {
        organizationId: parseGlobalId('Organization', input.organizationId),
        userId: userId === undefined || userId === null ? null : parseGlobalId('User', userId),
        email,
        role,
      };
      const { result, userErrors } = await change(context, {
        operation: 'membershipSet',
        work: (tx) => setMembership(tx, dependenciesOf(tx, context), wish),
      });
      if (result) context.membershipChanged(result.userId, result.organizationId, result.role);
      return { membership: result, userErrors };
    },
    async membershipRemove(_root: unknown, { input }: { input: { id: string } }, context: UsersContext) {
      const id = parseGlobalId('Membership', input.id);
      const { result, userErrors } = await change(context, {
        operation: 'membershipRemove',
        work: (tx) => removeMembership(tx, dependenciesOf(tx, context), id),
      });
      if (result) context.membershipChanged(result.userId, result.organizationId, null);
      return { removedId: result && toGlobalId('Membership', result.id), userErrors };
    },
  },
};

const dependenciesOf = (tx: Transaction, context: UsersContext) => ({
  organizations: createOrganizationStore(tx, context),
  memberships: createMembershipStore(tx, context),
  users: createUserStore(tx, context),
  principal: context.principal,
});
