import { addressResolvers } from './address/address.resolvers.ts';
import { apiClientResolvers } from './api-client/api-client.resolvers.ts';
import { membershipResolvers } from './membership/membership.resolvers.ts';
import { organizationResolvers } from './organization/organization.resolvers.ts';
import { viewerResolvers } from './principal/viewer.resolvers.ts';
import { userResolvers } from './user/user.resolvers.ts';

export const resolvers = {
  ...userResolvers,
  ...addressResolvers,
  ...organizationResolvers,
  ...membershipResolvers,
  ...apiClientResolvers,
  ...viewerResolvers,
  Query: { ...userResolvers.Query, ...organizationResolvers.Query, ...viewerResolvers.Query },
  Mutation: {
    ...userResolvers.Mutation,
    ...addressResolvers.Mutation,
    ...organizationResolvers.Mutation,
    ...membershipResolvers.Mutation,
  },
};
