import type { NewEvent } from '@tributary/kit';

import type { Membership } from './membership/membership.ts';
import type { Organization } from './organization/organization.ts';
import type { User } from './user/user.ts';

// What this subgraph tells others. `fields` are names of fields of the graph that have changed; values are for those who may read them.
// Exceptions are who is there (the status of a person) and who belongs where (memberships): orders keep copies of both, and learn of them
// here only. What stood before they listened comes as `users.listed` and `memberships.listed`, from `users.publish_directory()`.

export const userUpdated = (
  { id, version, status }: Pick<User, 'id' | 'version' | 'status'>,
  fields: readonly string[],
): NewEvent => ({
  type: 'user.updated',
  aggregateType: 'User',
  aggregateId: id,
  aggregateVersion: version,
  data: { status, fields },
});

export const organizationCreated = ({ id, version, kind, country }: Organization, currency: string): NewEvent => ({
  type: 'organization.created',
  aggregateType: 'Organization',
  aggregateId: id,
  aggregateVersion: version,
  data: { kind, country, currency },
});

export const organizationUpdated = ({ id, version }: Organization, fields: readonly string[]): NewEvent => ({
  type: 'organization.updated',
  aggregateType: 'Organization',
  aggregateId: id,
  aggregateVersion: version,
  data: { fields },
});

/** A person joined an organization or got another role in it. */
export const membershipSet = (membership: Membership): NewEvent => membershipChanged(membership, membership.role);

/** A person left an organization. It is the last event of that membership. */
export const membershipRemoved = (membership: Membership): NewEvent =>
  membershipChanged({ ...membership, version: membership.version + 1 }, null);

const membershipChanged = (
  { id, version, organizationId, userId }: Membership,
  role: Membership['role'] | null,
): NewEvent => ({
  type: 'membership.changed',
  aggregateType: 'Membership',
  aggregateId: id,
  aggregateVersion: version,
  data: { organizationId, userId, role, fields: ['role'] },
});
