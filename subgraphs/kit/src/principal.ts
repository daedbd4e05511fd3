// Who is calling. The gateway resolves a token to a principal once; subgraphs receive it through an internal token (HTTP) or
// as the same object (in-process) and never look at anything else of the caller.

export const ROLES = ['CUSTOMER', 'SUPPORT', 'FINANCE', 'ADMIN', 'PARTNER', 'SERVICE'] as const;
export type Role = (typeof ROLES)[number];

/** From the strongest to the weakest; each includes the ones after it. */
export const ORGANIZATION_ROLES = ['OWNER', 'BILLING_MANAGER', 'BUYER', 'VIEWER'] as const;
export type OrganizationRole = (typeof ORGANIZATION_ROLES)[number];

export interface PrincipalMembership {
  organizationId: string;
  role: OrganizationRole;
}

interface PrincipalBase {
  roles: readonly Role[];
  /** Effective scopes: those of the roles, cut down to the token's own `scope` where it has one. */
  scopes: readonly string[];
  /** Time of the sign-in, in seconds since 1970; null when the issuer does not tell. */
  authTime: number | null;
  /** Authentication methods (RFC 8176), for example `mfa`. */
  amr: readonly string[];
}

/** All ids are UUIDs. */
export type Principal =
  | (PrincipalBase & { type: 'user'; userId: string; memberships: readonly PrincipalMembership[] })
  | (PrincipalBase & { type: 'client'; clientId: string; organizationId: string })
  | (PrincipalBase & { type: 'service'; service: string });

export function hasRole(principal: Principal | null, ...roles: readonly Role[]): boolean {
  return principal?.roles.some((role) => roles.includes(role)) ?? false;
}

export function hasScope(principal: Principal | null, scope: string): boolean {
  return principal?.scopes.includes(scope) ?? false;
}

/** The user id of a person, or null for anonymous callers, clients and services. */
export function userIdOf(principal: Principal | null): string | null {
  return principal?.type === 'user' ? principal.userId : null;
}

/** Organizations in which the person holds `minimum` or a stronger role. Empty for everybody else. */
export function organizationsWhere(principal: Principal | null, minimum: OrganizationRole): readonly string[] {
  if (principal?.type !== 'user') return [];
  const enough = ORGANIZATION_ROLES.slice(0, ORGANIZATION_ROLES.indexOf(minimum) + 1);
  return principal.memberships.filter(({ role }) => enough.includes(role)).map(({ organizationId }) => organizationId);
}

/** The organization an API client acts for, or null. */
export function partnerOrganizationOf(principal: Principal | null): string | null {
  return principal?.type === 'client' ? principal.organizationId : null;
}
