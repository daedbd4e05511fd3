import DataLoader from 'dataloader';

import { groupedInKeyOrder, inKeyOrder } from '@tributary/kit';

import type { MembershipRepository } from './membership.repository.ts';
import type { Membership } from './membership.ts';

export const createMembershipByIdLoader = (memberships: MembershipRepository) =>
  new DataLoader<string, Membership | null>(async (ids) =>
    inKeyOrder(ids, await memberships.findByIds(ids), ({ id }) => id),
  );

/** Ids of the organizations that a person shares with the caller. */
export const createSharedOrganizationsByUserIdLoader = (memberships: MembershipRepository) =>
  new DataLoader<string, string[]>(async (userIds) => {
    const shared = await memberships.findSharedOrganizations(userIds);
    return groupedInKeyOrder(userIds, shared, ({ userId }) => userId).map((rows) =>
      rows.map(({ organizationId }) => organizationId),
    );
  });
