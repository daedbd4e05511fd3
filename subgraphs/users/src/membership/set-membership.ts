import { invalidInput, newUuid, notFoundError, refuse, stateError } from '@tributary/kit';
import type { Kept, OrganizationRole, Principal, WriteTransaction } from '@tributary/kit';

import { membershipSet } from '../events.ts';
import { assertMayTryToManage } from '../organization/organization.access.ts';
import type { OrganizationStore } from '../organization/organization.repository.ts';
import type { UserStore } from '../user/user.repository.ts';
import { UserStatus } from '../user/user.ts';
import type { User } from '../user/user.ts';
import type { MembershipStore } from './membership.repository.ts';
import type { Membership } from './membership.ts';
import { assertStillManages, lastOwner, takesLastOwner } from './standing.ts';

export interface SetMembership {
  organizationId: string;
  /** Exactly one of the two. */
  userId: string | null;
  email: string | null;
  role: OrganizationRole;
}

interface SetMembershipDeps {
  organizations: OrganizationStore;
  memberships: MembershipStore;
  users: UserStore;
  principal: Principal | null;
}

/** Adds a member or gives one another role. A person who has the role already is left alone. */
export async function setMembership(
  tx: WriteTransaction,
  { organizations, memberships, users, principal }: SetMembershipDeps,
  { organizationId, userId, email, role }: SetMembership,
): Promise<Kept<Membership>> {
  assertMayTryToManage(principal, organizationId);
  const name = nameOf(userId, email);
  const field = ['input', 'organizationId'];
  if (!(await organizations.lock(organizationId))) return refuse(notFoundError(field));
  const person = await users.find(name);
  const standings = await memberships.findStandings(organizationId, person?.id ?? null, principal);
  const current = standings.find((membership) => membership.userId === person?.id);
  if (current && takesLastOwner(standings, current, role)) refuse(lastOwner(['input', 'role']));
  assertStillManages(principal, standings, field);

  const membership = current
    ? await changeRole(current)
    : await memberships.add({ id: newUuid(tx.now), organizationId, userId: newMember(name, person), role });
  if (membership !== current) tx.publish(membershipSet(membership));
  tx.audit({
    action: 'membershipSet',
    object: { type: 'Membership', id: membership.id },
    details: { organizationId, userId: membership.userId, role: { from: current?.role ?? null, to: role } },
  });
  return { result: membership, ids: { membership: membership.id } };

  async function changeRole(stored: Membership): Promise<Membership> {
    return stored.role === role ? stored : memberships.storeRole(stored.id, role);
  }
}

type Name = { id: string } | { email: string };

function nameOf(userId: string | null, email: string | null): Name {
  if (userId !== null && email === null) return { id: userId };
  if (userId === null && email !== null) return { email };
  return refuse(
    invalidInput('Name the person by exactly one of "userId" and "email".', [
      'input',
      email === null ? 'userId' : 'email',
    ]),
  );
}

const JOINING: readonly UserStatus[] = [UserStatus.invited, UserStatus.active];

/** Whoever names a person by address learns nothing of an account that cannot join: it looks like none. */
function newMember(name: Name, person: Pick<User, 'id' | 'status'> | null): string {
  if (person && JOINING.includes(person.status)) return person.id;
  if ('email' in name) return refuse(notFoundError(['input', 'email']));
  if (!person) return refuse(notFoundError(['input', 'userId']));
  const reachable = person.status === UserStatus.suspended ? [UserStatus.active] : [];
  return refuse(stateError('This person cannot join an organization.', person.status, reachable, ['input', 'userId']));
}
