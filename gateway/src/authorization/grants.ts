import type { AccessRequirement } from './access-requirements.ts';

/** What a caller brings along. */
export interface Grants {
  isAuthenticated: boolean;
  scopes: readonly string[];
  /** Those of the policies asked about that hold for this request. */
  policies: ReadonlySet<string>;
}

export function meets({ isAuthenticated, scopes, policies }: Grants, requirement: AccessRequirement): boolean {
  if (requirement.authenticated && !isAuthenticated) return false;
  return (
    isOneHeld(requirement.scopes, (scope) => scopes.includes(scope)) &&
    isOneHeld(requirement.policies, (policy) => policies.has(policy))
  );
}

function isOneHeld(alternatives: readonly (readonly string[])[], isHeld: (name: string) => boolean): boolean {
  return alternatives.length === 0 || alternatives.some((all) => all.every(isHeld));
}
