import { forbidden, hasRole, hasScope, organizationsWhere } from '@tributary/kit';
import type { Principal } from '@tributary/kit';

import { OrganizationKind } from './organization.ts';

// Who changes organizations and their members, going by the principal. It may be half a minute old, so whoever owns the organization
// is looked up again behind its lock (`assertStillManages`).

/** Administrators change every organization, with the scope for it. */
export const administers = (principal: Principal | null): boolean =>
  principal?.type === 'user' && hasRole(principal, 'ADMIN') && hasScope(principal, 'users:write');

/** Customers found companies that buy; what sells through us is set up by an administrator. */
export const mayCreateOrganization = (principal: Principal | null, kind: OrganizationKind): boolean =>
  administers(principal) ||
  (kind === OrganizationKind.buyer && principal?.type === 'user' && hasRole(principal, 'CUSTOMER'));

/**
 * False for those who know of the organization and do not own it, and for callers that are never owners. Strangers may try: to them it
 * is not there.
 */
export const mayTryToManage = (principal: Principal | null, organizationId: string): boolean =>
  principal?.type === 'user' &&
  (administers(principal) ||
    organizationsWhere(principal, 'OWNER').includes(organizationId) ||
    !seesOrganization(principal, organizationId));

/** The same for an organization that is not known yet. */
export const mayTryToManageSome = (principal: Principal | null): boolean =>
  principal?.type === 'user' &&
  (administers(principal) || organizationsWhere(principal, 'OWNER').length > 0 || !seesAll(principal));

export function assertMayTryToManage(principal: Principal | null, organizationId: string): void {
  if (!mayTryToManage(principal, organizationId)) throw forbidden();
}

const seesOrganization = (principal: Principal, organizationId: string): boolean =>
  seesAll(principal) || organizationsWhere(principal, 'VIEWER').includes(organizationId);

const seesAll = (principal: Principal): boolean => hasRole(principal, 'SUPPORT', 'FINANCE', 'ADMIN', 'SERVICE');
