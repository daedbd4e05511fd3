import { nestedConnection, parseGlobalId, toGlobalId } from '@tributary/kit';
import type { PageArguments } from '@tributary/kit';

import { apiClientsByOrganization } from '../api-client/api-client.repository.ts';
import type { ApiClient } from '../api-client/api-client.ts';
import type { UsersContext } from '../context.ts';
import { membersByOrganization } from '../membership/membership.repository.ts';
import type { Membership } from '../membership/membership.ts';
import { referenceResolver } from '../reference-resolver.ts';
import type { Organization } from './organization.ts';

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
};
