import { nestedConnection, parseGlobalId, toGlobalId, userIdOf } from '@tributary/kit';
import type { PageArguments, Transaction } from '@tributary/kit';

import { apiClientsByOrganization } from '../api-client/api-client.repository.ts';
import type { ApiClient } from '../api-client/api-client.ts';
import type { UsersContext } from '../context.ts';
import { createMembershipStore, findRole, membersByOrganization } from '../membership/membership.repository.ts';
import type { Membership } from '../membership/membership.ts';
import { change } from '../mutation.ts';
import { referenceResolver } from '../reference-resolver.ts';
import { createOrganization } from './create-organization.ts';
import type { OrganizationChangeInput, OrganizationCreateInput } from './organization-input.ts';
import { createOrganizationStore } from './organization.repository.ts';
import type { Organization } from './organization.ts';
import { updateOrganization } from './update-organization.ts';

export const organizationResolvers = {
  Query: {
    organization: (_root: unknown, { id }: { id: string }, { loaders }: UsersContext) =>
      loaders.organizationById.load(parseGlobalId('Organization', id)),
  },
  Organization: {
    __resolveReference: referenceResolver('Organization', ({ loaders }) => loaders.organizationById),
    id: ({ id }: Organization) => toGlobalId('Organization', id),
    members: ({ id }: Organization, args: PageArguments, context: UsersContext) =>
      nestedConnection<Membership>(context, 'Organization.members', id, args, () => membersByOrganization(context)),
    apiClients: ({ id }: Organization, args: PageArguments, context: UsersContext) =>
      nestedConnection<ApiClient>(context, 'Organization.apiClients', id, args, () =>
        apiClientsByOrganization(context),
      ),
  },
  Mutation: {
    async organizationCreate(
      _root: unknown,
      { input }: { input: OrganizationCreateInput & { idempotencyKey?: string | null } },
      context: UsersContext,
    ) {
      const caller = userIdOf(context.principal);
      const { result, replayed, userErrors } = await change(context, {
        operation: 'organizationCreate',
        input,
        work: (tx) => createOrganization(tx, dependenciesOf(tx, context), input),
        async reread({ organization: id }) {
          // As in the first call: the principal of this request may be older than the organization.
          if (caller !== null) context.membershipChanged(caller, id!, await findRole(context, id!, caller));
          return context.loaders.organizationById.load(id!);
        },
      });
      if (result && !replayed && caller !== null) context.membershipChanged(caller, result.id, 'OWNER');
      return { organization: result, userErrors };
    },
    async organizationUpdate(
      _root: unknown,
      { input: { id, ...input } }: { input: OrganizationChangeInput & { id: string; expectedVersion: number } },
      context: UsersContext,
    ) {
      const wish = { ...input, organizationId: parseGlobalId('Organization', id) };
      const { result, userErrors } = await change(context, {
        operation: 'organizationUpdate',
        work: (tx) => updateOrganization(tx, dependenciesOf(tx, context), wish),
      });
      return { organization: result, userErrors };
    },
  },
};

const dependenciesOf = (tx: Transaction, context: UsersContext) => ({
  organizations: createOrganizationStore(tx, context),
  memberships: createMembershipStore(tx, context),
  principal: context.principal,
});
