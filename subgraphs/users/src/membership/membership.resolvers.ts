import { toGlobalId } from '@tributary/kit';

import type { UsersContext } from '../context.ts';
import { referenceResolver } from '../reference-resolver.ts';
import type { Membership } from './membership.ts';

export const membershipResolvers = {
  Membership: {
    __resolveReference: referenceResolver('Membership', ({ loaders }) => loaders.membershipById),
    id: ({ id }: Membership) => toGlobalId('Membership', id),
    user: ({ userId }: Membership, _args: object, { loaders }: UsersContext) => loaders.userById.load(userId),
    organization: ({ organizationId }: Membership, _args: object, { loaders }: UsersContext) =>
      loaders.organizationById.load(organizationId),
  },
};
