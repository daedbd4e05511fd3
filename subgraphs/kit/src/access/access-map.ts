import { hasScope } from '../principal.ts';
import type { Principal } from '../principal.ts';

/** What the contract's `@authenticated` and `@requiresScopes` demand of one field. */
export interface AccessRequirement {
  authenticated: boolean;
  /** Any of the inner lists must be held completely. Empty: no scope is needed. */
  scopes: readonly (readonly string[])[];
}

/** Field coordinate (`Order.invoice`) -> requirement. Fields without one are not in it. */
export type AccessRequirements = Readonly<Record<string, AccessRequirement>>;

export function meetsRequirement(principal: Principal | null, { authenticated, scopes }: AccessRequirement): boolean {
  if ((authenticated || scopes.length > 0) && principal === null) return false;
  return scopes.length === 0 || scopes.some((all) => all.every((scope) => hasScope(principal, scope)));
}
