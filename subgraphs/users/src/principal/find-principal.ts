import type { FindPrincipal, PrincipalQuery } from '@tributary/kit';

import type { PrincipalChanges } from './principal-changes.ts';
import type { PrincipalRepository } from './principal.repository.ts';

/**
 * Looks up the subject of a token that somebody else has verified. Suspended people and revoked clients are found too: their status
 * tells the gateway to refuse them.
 */
export function createFindPrincipal(principals: PrincipalRepository, changes: PrincipalChanges): FindPrincipal {
  const find = async (query: PrincipalQuery) => {
    // PostgreSQL cannot store NUL in text and fails on it, so nobody has such a name.
    if (Object.values(query).some((name: string) => name.includes('\0'))) return null;
    return 'clientId' in query
      ? principals.findClient(query.clientId)
      : principals.findPerson(query.issuer, query.subject);
  };
  return Object.assign(find, { onChange: changes.listen });
}
