import type { RequestContext } from '@tributary/kit';

import { createApiClientByIdLoader, createSecretHintByApiClientIdLoader } from './api-client/api-client.loaders.ts';
import { createApiClientRepository } from './api-client/api-client.repository.ts';
import {
  createMembershipByIdLoader,
  createSharedOrganizationsByUserIdLoader,
} from './membership/membership.loaders.ts';
import { createMembershipRepository } from './membership/membership.repository.ts';
import { createOrganizationByIdLoader } from './organization/organization.loaders.ts';
import { createOrganizationRepository } from './organization/organization.repository.ts';
import { createRolesByUserIdLoader, createUserByIdLoader } from './user/user.loaders.ts';
import { createUserRepository } from './user/user.repository.ts';

/** The context of one request: its loaders hold rows as this caller may see them and live no longer than the request. */
export interface UsersContext extends RequestContext {
  readonly loaders: UsersLoaders;
}

export type UsersLoaders = ReturnType<typeof createLoaders>;

export function createUsersContext(context: RequestContext): UsersContext {
  return { ...context, loaders: createLoaders(context) };
}

function createLoaders(context: RequestContext) {
  const users = createUserRepository(context);
  const memberships = createMembershipRepository(context);
  const apiClients = createApiClientRepository(context);
  return {
    userById: createUserByIdLoader(users),
    rolesByUserId: createRolesByUserIdLoader(users),
    organizationById: createOrganizationByIdLoader(createOrganizationRepository(context)),
    membershipById: createMembershipByIdLoader(memberships),
    sharedOrganizationsByUserId: createSharedOrganizationsByUserIdLoader(memberships),
    apiClientById: createApiClientByIdLoader(apiClients),
    secretHintByApiClientId: createSecretHintByApiClientIdLoader(apiClients),
  };
}
