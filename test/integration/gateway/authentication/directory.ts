import type { PrincipalQuery, PrincipalRecord } from '@tributary/kit/principal-record';

import { startIssuer } from '../issuer.ts';
import type { Issuer } from '../issuer.ts';
import { startLibrary } from '../library-gateway.ts';
import type { LibraryGateway } from '../library-gateway.ts';

// Who is behind the tokens: people and clients in every state.

export const jane: PrincipalRecord = {
  type: 'user',
  userId: '01920000-0000-7000-8000-000000000001',
  status: 'ACTIVE',
  roles: ['CUSTOMER'],
  memberships: [{ organizationId: '01920000-0000-7000-8000-0000000000aa', role: 'OWNER' }],
};
const robot: PrincipalRecord = {
  type: 'client',
  clientId: '01920000-0000-7000-8000-000000000002',
  organizationId: '01920000-0000-7000-8000-0000000000bb',
  status: 'ACTIVE',
  scopes: ['orders:read', 'users:write'],
};
const people: Readonly<Record<string, PrincipalRecord>> = {
  jane,
  invited: { ...jane, status: 'INVITED' },
  suspended: { ...jane, status: 'SUSPENDED' },
  erased: { ...jane, status: 'ERASED' },
};
const clients: Readonly<Record<string, PrincipalRecord>> = { robot, revoked: { ...robot, status: 'REVOKED' } };

export interface AuthenticatedLibrary extends AsyncDisposable {
  issuer: Issuer;
  library: LibraryGateway;
  /** What the directory was asked, oldest first. */
  lookups: PrincipalQuery[];
  ask: (authorization?: string) => ReturnType<LibraryGateway['query']>;
}

/** The library behind a gateway that accepts the tokens of one issuer. */
export async function startAuthenticatedLibrary(): Promise<AuthenticatedLibrary> {
  const issuer = await startIssuer();
  const lookups: PrincipalQuery[] = [];
  const library = await startLibrary({
    config: { issuers: [issuer] },
    findPrincipal: async (query) => {
      lookups.push(query);
      return ('clientId' in query ? clients[query.clientId] : people[query.subject]) ?? null;
    },
  });
  return {
    issuer,
    library,
    lookups,
    ask: (authorization) =>
      library.query('{ whoami }', authorization === undefined ? {} : { headers: { authorization } }),
    async [Symbol.asyncDispose]() {
      await library[Symbol.asyncDispose]();
      await issuer[Symbol.asyncDispose]();
    },
  };
}
