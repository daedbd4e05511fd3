import type { IncomingMessage } from 'node:http';

import type { Principal } from '@tributary/kit/principal';
import type { FindPrincipal, PrincipalRecord } from '@tributary/kit/principal-record';

import { readBearerToken } from './bearer-token.ts';
import { scopesOf } from './role-scopes.ts';
import { AuthenticationUnavailable, TokenRefused } from './token-errors.ts';
import type { AccessToken, TokenVerifier } from './token-verifier.ts';

export type Authenticate = (request: Pick<IncomingMessage, 'headersDistinct' | 'url'>) => Promise<Principal | null>;

/**
 * From a request to its principal; null for a request without a token. Throws `TokenRefused` for a token that is wrong in any way
 * or whose subject is unknown or not active, and `AuthenticationUnavailable` when that cannot be told.
 */
export function createAuthenticate({
  verifier,
  findPrincipal,
}: {
  verifier: TokenVerifier;
  findPrincipal: FindPrincipal;
}): Authenticate {
  return async (request) => {
    const text = readBearerToken(request);
    if (text === null) return null;
    const token = await verifier.verify(text);
    const record = await findPrincipal(token.subject).catch((error: unknown) => {
      throw new AuthenticationUnavailable('The directory of subjects cannot be asked.', { cause: error });
    });
    if (!record) throw new TokenRefused('The subject is unknown.');
    // A person who was invited becomes active by accepting, a suspended one may come back; until then neither is let in.
    if (record.status !== 'ACTIVE') throw new TokenRefused('The subject is not active.');
    return toPrincipal(record, token);
  };
}

/** Frozen: subgraphs in this process get the very object. */
function toPrincipal(record: PrincipalRecord, token: AccessToken): Principal {
  const scopes = scopesOf(record).filter((scope) => token.scopes === null || token.scopes.includes(scope));
  const base = { scopes: Object.freeze(scopes), authTime: token.authTime, amr: Object.freeze([...token.amr]) };
  return Object.freeze(
    record.type === 'user'
      ? { ...base, type: 'user', userId: record.userId, roles: record.roles, memberships: record.memberships }
      : {
          ...base,
          type: 'client',
          clientId: record.clientId,
          organizationId: record.organizationId,
          roles: Object.freeze(['PARTNER'] as const),
        },
  );
}
