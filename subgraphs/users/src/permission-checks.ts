import { hasRole, hasScope, organizationsWhere, partnerOrganizationOf, userIdOf } from '@tributary/kit';
import type { Check, OrganizationRole, Role } from '@tributary/kit';

import type { ApiClient } from './api-client/api-client.ts';
import type { UsersContext } from './context.ts';
import type { Membership } from './membership/membership.ts';
import type { Organization } from './organization/organization.ts';
import type { User } from './user/user.ts';

// What `permissions.ts` asks of a caller, one question each. Questions that need no SQL come first in every rule.

type CheckOf<Parent> = Check<UsersContext, Parent>;

export const holds =
  (...roles: readonly Role[]): CheckOf<unknown> =>
  ({ principal }) =>
    hasRole(principal, ...roles);

/** One of the roles, with the scope that personal data of others takes. */
export const mayReadPersonalData =
  (...roles: readonly Role[]): CheckOf<unknown> =>
  ({ principal }) =>
    hasRole(principal, ...roles) && hasScope(principal, 'users:read_pii');

export const isSelf: CheckOf<User> = ({ principal }, user) => userIdOf(principal) === user.id;

/** The caller and the person are members of the same organization. */
export const sharesOrganization: CheckOf<User> = async ({ loaders }, user) =>
  (await loaders.sharedOrganizationsByUserId.load(user.id)).length > 0;

/** The person is a member of an organization that the caller owns. */
export const ownsSharedOrganization: CheckOf<User> = async ({ principal, loaders }, user) => {
  const owned = organizationsWhere(principal, 'OWNER');
  if (owned.length === 0) return false;
  const shared = await loaders.sharedOrganizationsByUserId.load(user.id);
  return shared.some((organizationId) => owned.includes(organizationId));
};

export const belongsTo =
  (minimum: OrganizationRole): CheckOf<Organization> =>
  ({ principal }, organization) =>
    organizationsWhere(principal, minimum).includes(organization.id);

export const isClientOf: CheckOf<Organization> = ({ principal }, organization) =>
  partnerOrganizationOf(principal) === organization.id;

export const belongsToItsOrganization =
  (minimum: OrganizationRole): CheckOf<Membership | ApiClient> =>
  ({ principal }, { organizationId }) =>
    organizationsWhere(principal, minimum).includes(organizationId);

export const isThatClient: CheckOf<ApiClient> = ({ principal }, apiClient) =>
  principal?.type === 'client' && principal.clientId === apiClient.id;
