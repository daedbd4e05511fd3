import { anyOf, asContract, fields, hiddenUnless, required, VALUE_TYPE } from '@tributary/kit';
import type { Permissions } from '@tributary/kit';

import {
  belongsTo,
  belongsToItsOrganization,
  changesPerson,
  createsOrganization,
  holds,
  isClientOf,
  isOwnAddress,
  isPerson,
  isSelf,
  isThatClient,
  managesOrganization,
  managesSomeOrganization,
  mayReadPersonalData,
  ownsSharedOrganization,
  sharesOrganization,
} from './permission-checks.ts';

// One rule for every field; what the contract itself demands (a caller, a scope) the kit adds to it. Rules on the fields of
// organizations, memberships and clients repeat what the row predicates say, so that neither is the only wall.

const knowsPerson = required(
  'self, a shared organization, staff or a service',
  anyOf(isSelf, holds('SUPPORT', 'FINANCE', 'ADMIN', 'SERVICE'), sharesOrganization),
);

const seesAddress = required(
  'its owner, support, administrators or a service for personal data',
  anyOf(isOwnAddress, mayReadPersonalData('SUPPORT', 'ADMIN', 'SERVICE')),
);

const seesOrganization = required(
  'a member, a client of the organization, staff or a service',
  anyOf(belongsTo('VIEWER'), isClientOf, holds('SUPPORT', 'FINANCE', 'ADMIN', 'SERVICE')),
);

const seesMembership = required(
  'a member of the organization or staff',
  anyOf(belongsToItsOrganization('VIEWER'), holds('SUPPORT', 'FINANCE', 'ADMIN')),
);

const seesApiClient = required(
  'an owner of the organization, the client itself or an administrator',
  anyOf(belongsToItsOrganization('OWNER'), isThatClient, holds('ADMIN')),
);

export const permissions: Permissions = {
  Query: fields(asContract, ['me', 'viewer', 'user', 'organization']),

  Mutation: {
    userUpdate: required('self, support or an administrator', changesPerson('id')),
    addressSave: required('self, support or an administrator', changesPerson('userId')),
    addressRemove: required('a person', isPerson),
    organizationCreate: required('a customer, for a buyer, or an administrator', createsOrganization),
    organizationUpdate: required('an owner or an administrator', managesOrganization('id')),
    membershipSet: required('an owner or an administrator', managesOrganization('organizationId')),
    membershipRemove: required('an owner or an administrator', managesSomeOrganization),
  },

  User: {
    ...fields(asContract, ['id', 'displayName', 'name', 'status']),
    ...fields(knowsPerson, ['locale', 'createdAt', 'updatedAt', 'version']),
    memberships: required(
      'self, a shared organization or staff',
      anyOf(isSelf, holds('SUPPORT', 'FINANCE', 'ADMIN'), sharesOrganization),
    ),
    email: hiddenUnless(
      'self, staff or a service for personal data, or an owner of a shared organization',
      anyOf(isSelf, mayReadPersonalData('SUPPORT', 'FINANCE', 'ADMIN', 'SERVICE'), ownsSharedOrganization),
    ),
    ...fields(
      hiddenUnless(
        'self, support, administrators or a service for personal data',
        anyOf(isSelf, mayReadPersonalData('SUPPORT', 'ADMIN', 'SERVICE')),
      ),
      ['emailVerified', 'phone', 'addresses'],
    ),
    roles: hiddenUnless('self or an administrator', anyOf(isSelf, holds('ADMIN'))),
    ...fields(hiddenUnless('self, support or an administrator', anyOf(isSelf, holds('SUPPORT', 'ADMIN'))), [
      'mfaEnabled',
      'lastSignInAt',
    ]),
    supportNotes: asContract,
    legacyCustomerNumber: required('a service', holds('SERVICE')),
  },

  AddressBookEntry: fields(seesAddress, ['id', 'label', 'isDefault', 'address']),

  Organization: {
    ...fields(seesOrganization, ['id', 'name', 'kind', 'country', 'createdAt', 'updatedAt', 'version']),
    legalName: hiddenUnless(
      'a billing manager, a client of the organization, staff or a service',
      anyOf(belongsTo('BILLING_MANAGER'), isClientOf, holds('SUPPORT', 'FINANCE', 'ADMIN', 'SERVICE')),
    ),
    taxId: hiddenUnless(
      'a billing manager, a client of the organization, finance, an administrator or a service',
      anyOf(belongsTo('BILLING_MANAGER'), isClientOf, holds('FINANCE', 'ADMIN', 'SERVICE')),
    ),
    members: hiddenUnless('a member or staff', anyOf(belongsTo('VIEWER'), holds('SUPPORT', 'FINANCE', 'ADMIN'))),
    apiClients: hiddenUnless('an owner or an administrator', anyOf(belongsTo('OWNER'), holds('ADMIN'))),
  },

  Membership: fields(seesMembership, ['id', 'user', 'organization', 'role', 'createdAt', 'version']),

  ApiClient: fields(seesApiClient, [
    'id',
    'name',
    'clientId',
    'scopes',
    'status',
    'organization',
    'secretHint',
    'rateLimitPoints',
    'lastUsedAt',
    'createdAt',
    'version',
  ]),

  Viewer: VALUE_TYPE, // everybody is their own viewer
  PageInfo: VALUE_TYPE,
  PostalAddress: VALUE_TYPE,
  MembershipConnection: VALUE_TYPE,
  MembershipEdge: VALUE_TYPE,
  ApiClientConnection: VALUE_TYPE,
  ApiClientEdge: VALUE_TYPE,

  // What a mutation answers holds objects with rules of their own.
  UserUpdatePayload: VALUE_TYPE,
  AddressSavePayload: VALUE_TYPE,
  AddressRemovePayload: VALUE_TYPE,
  OrganizationCreatePayload: VALUE_TYPE,
  OrganizationUpdatePayload: VALUE_TYPE,
  MembershipSetPayload: VALUE_TYPE,
  MembershipRemovePayload: VALUE_TYPE,
  InputError: VALUE_TYPE,
  VersionConflictError: VALUE_TYPE,
  StateError: VALUE_TYPE,
};
