import {
  hasRole,
  hasScope,
  organizationsWhere,
  partnerOrganizationOf,
  tryParseGlobalId,
  userIdOf,
} from '@tributary/kit';
import type { Check, IdType, OrganizationRole, Role } from '@tributary/kit';

import type { AddressBookEntry } from './address/address.ts';
import type { ApiClient } from './api-client/api-client.ts';
import type { UsersContext } from './context.ts';
import type { Membership } from './membership/membership.ts';
import { mayCreateOrganization, mayTryToManage, mayTryToManageSome } from './organization/organization.access.ts';
import type { Organization, OrganizationKind } from './organization/organization.ts';
import { mayChangePerson } from './user/user.access.ts';
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

export const isOwnAddress: CheckOf<AddressBookEntry> = ({ principal }, { userId }) => userIdOf(principal) === userId;

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

// Of mutations: what the input alone tells. Whether the object is there, and whose it is, the use case finds out.

type MutationCheck = Check<UsersContext>;

const inputOf = <Input>(args: Readonly<Record<string, unknown>>) => args.input as Input;

/** An id that is none of a person belongs to nobody; whoever changes others is told what is wrong with it. */
export const changesPerson =
  (field: 'id' | 'userId'): MutationCheck =>
  ({ principal }, _root, args) => {
    const id = inputOf<Partial<Record<typeof field, string>>>(args)[field] ?? '';
    return mayChangePerson(principal, uuidOf('User', id) ?? '');
  };

export const isPerson: MutationCheck = ({ principal }) => principal?.type === 'user';

export const createsOrganization: MutationCheck = ({ principal }, _root, args) =>
  mayCreateOrganization(principal, inputOf<{ kind: OrganizationKind }>(args).kind);

export const managesOrganization =
  (field: 'id' | 'organizationId'): MutationCheck =>
  ({ principal }, _root, args) => {
    const id = inputOf<Partial<Record<typeof field, string>>>(args)[field] ?? '';
    return mayTryToManage(principal, uuidOf('Organization', id) ?? '');
  };

export const managesSomeOrganization: MutationCheck = ({ principal }) => mayTryToManageSome(principal);

function uuidOf(type: IdType, id: string): string | null {
  const parsed = tryParseGlobalId(id);
  return parsed?.type === type ? parsed.uuid : null;
}
