import type { PrincipalRecord } from '@tributary/kit/principal-record';
import type { Role } from '@tributary/kit/principal';

// Which scopes a role brings. No role has both payouts:write and roles:write: nobody grants themselves the right to pay out.

const ROLE_SCOPES: Readonly<Record<Role, readonly string[]>> = {
  CUSTOMER: ['orders:read', 'orders:write', 'billing:read', 'billing:pay'],
  SUPPORT: [
    'orders:read',
    'orders:write',
    'orders:fulfill',
    'billing:read',
    'billing:refund',
    'users:read',
    'users:read_all',
    'users:read_pii',
    'support:read',
  ],
  FINANCE: [
    'users:read',
    'users:read_all',
    'users:read_pii',
    'orders:read',
    'billing:read',
    'billing:read_all',
    'billing:write',
    'billing:refund',
    'billing:approve',
    'ledger:read',
    'reports:read',
    'payouts:read',
    'payouts:write',
  ],
  ADMIN: [
    'users:read',
    'users:read_all',
    'users:read_pii',
    'users:write',
    'roles:write',
    'clients:write',
    'webhooks:write',
    'audit:read',
    'catalog:write',
    'support:read',
    'orders:read',
  ],
  // What an API client may be granted; which of these it has is written down with the client.
  PARTNER: ['orders:read', 'orders:write', 'billing:read', 'billing:pay', 'payouts:read', 'webhooks:write'],
  // Services do not sign in here: each has a scope set of its own.
  SERVICE: [],
};

/** On top of the roles, for whoever owns an organization. */
const OWNER_SCOPES = ['clients:write', 'webhooks:write'] as const;

/** The scopes a known subject has before its token narrows them. */
export function scopesOf(record: PrincipalRecord): readonly string[] {
  if (record.type === 'client') return record.scopes.filter((scope) => ROLE_SCOPES.PARTNER.includes(scope));
  const ownsOrganization = record.memberships.some(({ role }) => role === 'OWNER');
  const scopes = [...record.roles.flatMap((role) => ROLE_SCOPES[role]), ...(ownsOrganization ? OWNER_SCOPES : [])];
  return [...new Set(scopes)];
}
