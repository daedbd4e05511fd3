import { notFoundError, refuse } from '@tributary/kit';
import type { Kept, Principal, WriteTransaction } from '@tributary/kit';

import { membershipRemoved } from '../events.ts';
import { assertMayTryToManage } from '../organization/organization.access.ts';
import type { OrganizationStore } from '../organization/organization.repository.ts';
import type { MembershipStore } from './membership.repository.ts';
import type { Membership } from './membership.ts';
import { assertStillManages, lastOwner, takesLastOwner } from './standing.ts';

interface RemoveMembershipDeps {
  organizations: OrganizationStore;
  memberships: MembershipStore;
  principal: Principal | null;
}

/** Removes a member. */
export async function removeMembership(
  tx: WriteTransaction,
  { organizations, memberships, principal }: RemoveMembershipDeps,
  id: string,
): Promise<Kept<Membership>> {
  const field = ['input', 'id'];
  const found = await memberships.find(id);
  if (!found) return refuse(notFoundError(field));
  const { organizationId } = found;
  assertMayTryToManage(principal, organizationId);
  if (!(await organizations.lock(organizationId))) return refuse(notFoundError(field));
  const standings = await memberships.findStandings(organizationId, found.userId, principal);
  // Somebody else may have removed it while this transaction waited for the lock.
  const membership = standings.find((standing) => standing.id === id);
  if (!membership) return refuse(notFoundError(field));
  if (takesLastOwner(standings, membership, null)) refuse(lastOwner(field));
  assertStillManages(principal, standings, field);

  await memberships.remove(id);
  tx.publish(membershipRemoved(membership));
  tx.audit({
    action: 'membershipRemove',
    object: { type: 'Membership', id },
    details: { organizationId, userId: membership.userId, role: { from: membership.role, to: null } },
  });
  return { result: membership, ids: { membership: id } };
}
