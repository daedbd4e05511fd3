import type { EventEnvelope, EventHandler, EventHandlers } from '@tributary/kit';

import type { MembershipChanged, MembershipsListed, UserFact, UsersListed } from '../events.ts';
import { copyMemberships, copyUsers } from './buyer-copy.repository.ts';

// What orders remember when users tell of people and memberships. Versions decide what is newer, not the order of arrival.

const copyUser: EventHandler = async (tx, event: EventEnvelope<UserFact>) => {
  const { aggregateId: id, aggregateVersion: version, data } = event;
  // Written by an earlier version, which also lists everybody as they are.
  if (data.status === undefined) return;
  await copyUsers(tx, [{ id, status: data.status, version }]);
};

export const userHandlers: EventHandlers = {
  'user.registered': copyUser,
  'user.updated': copyUser,
  'user.suspended': copyUser,
  'users.listed': (tx, { data }: EventEnvelope<UsersListed>) => copyUsers(tx, data.users),
  'membership.changed': (tx, event: EventEnvelope<MembershipChanged>) => {
    const { aggregateId: id, aggregateVersion: version, data } = event;
    return copyMemberships(tx, [{ id, version, ...data }]);
  },
  'memberships.listed': (tx, { data }: EventEnvelope<MembershipsListed>) => copyMemberships(tx, data.memberships),
};
