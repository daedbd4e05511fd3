import type { Principal } from '@tributary/kit/principal';

/** Whether the caller may still do all that it could do `before`. Rights that came in addition do no harm to what was begun. */
export function keepsRights(before: Principal | null, now: Principal | null): boolean {
  if (before === now || before === null) return true;
  if (now === null || idOf(before) !== idOf(now)) return false;
  return (
    before.roles.every((role) => now.roles.includes(role)) &&
    before.scopes.every((scope) => now.scopes.includes(scope)) &&
    keepsMemberships(before, now)
  );
}

// A weaker role in an organization is another role: what it still allows is for the next subscription to find out.
function keepsMemberships(before: Principal, now: Principal): boolean {
  if (before.type !== 'user' || now.type !== 'user') return before.type === now.type;
  return before.memberships.every(({ organizationId, role }) =>
    now.memberships.some((each) => each.organizationId === organizationId && each.role === role),
  );
}

function idOf(principal: Principal): string {
  switch (principal.type) {
    case 'user':
      return `user ${principal.userId}`;
    case 'client':
      return `client ${principal.clientId} ${principal.organizationId}`;
    case 'service':
      return `service ${principal.service}`;
  }
}
