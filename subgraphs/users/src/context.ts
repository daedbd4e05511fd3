import type { OrganizationRole, Principal, RequestContext } from '@tributary/kit';

import { createAddressByIdLoader, createAddressesByUserIdLoader } from './address/address.loaders.ts';
import { createAddressRepository } from './address/address.repository.ts';
import { createApiClientByIdLoader, createSecretHintByApiClientIdLoader } from './api-client/api-client.loaders.ts';
import { createApiClientRepository } from './api-client/api-client.repository.ts';
import {
  createMembershipByIdLoader,
  createSharedOrganizationsByUserIdLoader,
} from './membership/membership.loaders.ts';
import { createMembershipRepository } from './membership/membership.repository.ts';
import { createOrganizationByIdLoader } from './organization/organization.loaders.ts';
import { createOrganizationRepository } from './organization/organization.repository.ts';
import type { PrincipalChanges } from './principal/principal-changes.ts';
import { createRolesByUserIdLoader, createUserByIdLoader } from './user/user.loaders.ts';
import { createUserRepository } from './user/user.repository.ts';

/** The context of one request: its loaders hold rows as this caller may see them and live no longer than the request. */
export interface UsersContext extends RequestContext {
  readonly loaders: UsersLoaders;
  /**
   * A membership was changed, and that is committed. The rest of this request goes by it, and so does the next one: the principal it was
   * resolved to may be older than the change.
   */
  membershipChanged(userId: string, organizationId: string, role: OrganizationRole | null): void;
  /** Lets go of what was read so far, because it was changed. */
  forget(): void;
}

export type UsersLoaders = ReturnType<typeof createLoaders>;

export function createUsersContext(context: RequestContext, principals: PrincipalChanges): UsersContext {
  let { principal } = context;
  let era = 0;
  const current: RequestContext = {
    ...context,
    get principal() {
      return principal;
    },
    memo: (key, make) => context.memo(`${era}:${key}`, make),
  };
  const loaders = createLoaders(current);
  // The getter stays one: a copy would keep the first principal.
  return Object.assign(current, {
    loaders,
    membershipChanged(userId: string, organizationId: string, role: OrganizationRole | null) {
      principals.announce(userId);
      if (principal?.type === 'user' && principal.userId === userId)
        principal = withMembership(principal, organizationId, role);
    },
    forget() {
      era += 1;
      for (const loader of Object.values(loaders)) loader.clearAll();
    },
  });
}

type Person = Extract<Principal, { type: 'user' }>;

function withMembership(person: Person, organizationId: string, role: OrganizationRole | null): Person {
  const others = person.memberships.filter((membership) => membership.organizationId !== organizationId);
  return { ...person, memberships: role === null ? others : [...others, { organizationId, role }] };
}

function createLoaders(context: RequestContext) {
  const users = createUserRepository(context);
  const addresses = createAddressRepository(context);
  const memberships = createMembershipRepository(context);
  const apiClients = createApiClientRepository(context);
  return {
    userById: createUserByIdLoader(users),
    rolesByUserId: createRolesByUserIdLoader(users),
    addressById: createAddressByIdLoader(addresses),
    addressesByUserId: createAddressesByUserIdLoader(addresses),
    organizationById: createOrganizationByIdLoader(createOrganizationRepository(context)),
    membershipById: createMembershipByIdLoader(memberships),
    sharedOrganizationsByUserId: createSharedOrganizationsByUserIdLoader(memberships),
    apiClientById: createApiClientByIdLoader(apiClients),
    secretHintByApiClientId: createSecretHintByApiClientIdLoader(apiClients),
  };
}
