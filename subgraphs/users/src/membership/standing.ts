import { forbidden, inputError, notFoundError, refuse } from '@tributary/kit';
import type { InputPath, OrganizationRole, Principal, UserError } from '@tributary/kit';

import { administers } from '../organization/organization.access.ts';
import type { Membership } from './membership.ts';

// Decisions over the members of one organization, read behind its lock: all its owners and whoever else the change is about.

/** Whether a change, a removal when `role` is null, takes the last owner. */
export function takesLastOwner(
  standings: readonly Membership[],
  { id, role: current }: Membership,
  role: OrganizationRole | null,
): boolean {
  if (current !== 'OWNER' || role === 'OWNER') return false;
  return !standings.some((other) => other.id !== id && other.role === 'OWNER');
}

export const lastOwner = (field: InputPath): UserError =>
  inputError('LAST_OWNER', 'An organization must keep one owner.', field);

/**
 * The caller changes the organization by what stands in the table, not only by the principal. Somebody who has left it meanwhile does not
 * see it any more.
 */
export function assertStillManages(
  principal: Principal | null,
  standings: readonly Membership[],
  field: InputPath,
): void {
  if (administers(principal)) return;
  const own = standings.find(({ userId }) => principal?.type === 'user' && userId === principal.userId);
  if (!own) refuse(notFoundError(field));
  else if (own.role !== 'OWNER') throw forbidden();
}
