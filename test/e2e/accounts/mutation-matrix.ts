import { toGlobalId } from '@tributary/kit/ids';

import type { Caller } from '../../contract/access-matrix.ts';
import { fixtureId, organizations, people } from '../../kit/fixture.ts';

// Who may change what of accounts: one row per change, one cell per caller. Callers are named by their relation to the test world: the
// organization asked about is the one that buys, the person is its member `viewer`.

export type AccountMutation =
  | 'userUpdate'
  | 'addressSave'
  | 'addressRemove'
  | 'organizationCreate'
  | 'organizationUpdate'
  | 'membershipSet'
  | 'membershipRemove';

/** What of the payload tells that something was done. */
export const RESULTS: Readonly<Record<AccountMutation, string>> = {
  userUpdate: 'user { id }',
  addressSave: 'entry { id }',
  addressRemove: 'removedId',
  organizationCreate: 'organization { id }',
  organizationUpdate: 'organization { id }',
  membershipSet: 'membership { id }',
  membershipRemove: 'removedId',
};

/** Versions stored at the moment. */
export interface Versions {
  person: number;
  organization: number;
}

export interface MutationRow {
  /** Reads on from "may" and "may not". */
  does: string;
  mutation: AccountMutation;
  input: (versions: Versions) => Readonly<Record<string, unknown>>;
  allowed: readonly Caller[];
  /** To them the object does not exist: a user error at this path. Everybody else is refused with FORBIDDEN. */
  notFound?: { callers: readonly Caller[]; field: readonly string[] };
  /** What others are told when it is done. */
  events: readonly string[];
}

const customers = ['buyer', 'organizationOwner', 'billingManager', 'organizationBuyer', 'viewer', 'stranger'] as const;
const changersOfPerson = ['viewer', 'support', 'admin'] as const;
const managers = ['organizationOwner', 'admin'] as const;
const outsiders = ['buyer', 'stranger'] as const;

const person = fixtureId('User');
const organization = fixtureId('Organization');
const address = { recipient: 'Ada Viewer', line1: 'Hauptplatz 2', city: 'Graz', postalCode: '8010', country: 'AT' };
const newOrganization = { name: 'Nova', legalName: 'Nova GmbH', country: 'AT' };

export const MUTATION_MATRIX: readonly MutationRow[] = [
  {
    does: 'change the profile of the viewer',
    mutation: 'userUpdate',
    input: ({ person: expectedVersion }) => ({ id: person, expectedVersion, displayName: `Ada ${expectedVersion}` }),
    allowed: changersOfPerson,
    events: ['user.updated'],
  },
  {
    does: 'write support notes on the viewer',
    mutation: 'userUpdate',
    input: ({ person: expectedVersion }) => ({ id: person, expectedVersion, supportNotes: `Note ${expectedVersion}` }),
    allowed: ['support', 'admin'],
    events: ['user.updated'],
  },
  {
    does: 'add an address to the viewer',
    mutation: 'addressSave',
    input: () => ({ userId: person, label: 'Office', address }),
    allowed: changersOfPerson,
    events: ['user.updated'],
  },
  {
    does: 'change an address of the viewer',
    mutation: 'addressSave',
    input: () => ({ id: fixtureId('AddressBookEntry'), userId: person, label: 'Office', address }),
    allowed: changersOfPerson,
    events: ['user.updated'],
  },
  {
    does: 'remove an address of the viewer',
    mutation: 'addressRemove',
    input: () => ({ id: fixtureId('AddressBookEntry') }),
    allowed: changersOfPerson,
    notFound: {
      callers: ['buyer', 'organizationOwner', 'billingManager', 'organizationBuyer', 'stranger', 'finance'],
      field: ['input', 'id'],
    },
    events: ['user.updated'],
  },
  {
    does: 'found an organization that buys',
    mutation: 'organizationCreate',
    input: () => ({ ...newOrganization, kind: 'BUYER' }),
    allowed: [...customers, 'admin'],
    events: ['organization.created', 'membership.changed'],
  },
  {
    does: 'found an organization that sells through us',
    mutation: 'organizationCreate',
    input: () => ({ ...newOrganization, kind: 'PARTNER' }),
    allowed: ['admin'],
    events: ['organization.created', 'membership.changed'],
  },
  {
    does: 'change the organization',
    mutation: 'organizationUpdate',
    input: ({ organization: expectedVersion }) => ({
      id: organization,
      expectedVersion,
      name: `Nova ${expectedVersion}`,
    }),
    allowed: managers,
    notFound: { callers: outsiders, field: ['input', 'id'] },
    events: ['organization.updated'],
  },
  {
    does: 'add a member by id',
    mutation: 'membershipSet',
    input: () => ({ organizationId: organization, userId: toGlobalId('User', people.buyer), role: 'VIEWER' }),
    allowed: managers,
    notFound: { callers: outsiders, field: ['input', 'organizationId'] },
    events: ['membership.changed'],
  },
  {
    does: 'add a member by address',
    mutation: 'membershipSet',
    input: () => ({ organizationId: organization, email: 'Buyer@Example.com', role: 'OWNER' }),
    allowed: managers,
    notFound: { callers: outsiders, field: ['input', 'organizationId'] },
    events: ['membership.changed'],
  },
  {
    does: 'change the role of a member',
    mutation: 'membershipSet',
    input: () => ({ organizationId: organization, userId: person, role: 'BILLING_MANAGER' }),
    allowed: managers,
    notFound: { callers: outsiders, field: ['input', 'organizationId'] },
    events: ['membership.changed'],
  },
  {
    does: 'remove a member',
    mutation: 'membershipRemove',
    input: () => ({ id: fixtureId('Membership') }),
    allowed: managers,
    notFound: { callers: outsiders, field: ['input', 'id'] },
    events: ['membership.changed'],
  },
  {
    does: 'add a member to an organization that nobody in the world of the viewer belongs to',
    mutation: 'membershipSet',
    input: () => ({
      organizationId: toGlobalId('Organization', organizations.strangers),
      userId: person,
      role: 'VIEWER',
    }),
    allowed: ['stranger', 'admin'],
    notFound: {
      callers: ['buyer', 'organizationOwner', 'billingManager', 'organizationBuyer', 'viewer'],
      field: ['input', 'organizationId'],
    },
    events: ['membership.changed'],
  },
];
