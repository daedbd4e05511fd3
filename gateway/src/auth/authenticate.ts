import type { IncomingMessage } from 'node:http';

import type { Principal } from '@tributary/kit/principal';
import type { FindPrincipal, PrincipalRecord } from '@tributary/kit/principal-record';

import { readBearerToken } from './bearer-token.ts';
import { scopesOf } from './role-scopes.ts';
import { AuthenticationUnavailable, TokenRefused } from './token-errors.ts';
import type { AccessToken, TokenVerifier } from './token-verifier.ts';

/** One caller, for as long as the token lasts. */
export interface Session {
  /** As it was when the session began; null for a caller without a token. */
  readonly principal: Principal | null;
  /** Moment at which the token ends, in milliseconds since 1970; null without a token. */
  readonly expiresAt: number | null;
  /** The principal as of now, the same object while nothing has changed. Throws like the opening of the session; time is not looked at. */
  again(): Promise<Principal | null>;
}

/** Where a token is looked for. */
export type Credentials = Pick<IncomingMessage, 'headersDistinct' | 'url'>;

/**
 * From a request to its caller. Throws `TokenRefused` for a token that is wrong in any way or whose subject is unknown or not active,
 * and `AuthenticationUnavailable` when that cannot be told.
 */
export type Authenticate = (request: Credentials) => Promise<Session>;

/** Nobody, who never loses a right. */
export const ANONYMOUS: Session = { principal: null, expiresAt: null, again: async () => null };

export function createAuthenticate({
  verifier,
  findPrincipal,
}: {
  verifier: TokenVerifier;
  findPrincipal: FindPrincipal;
}): Authenticate {
  async function findRecord({ subject }: AccessToken): Promise<PrincipalRecord> {
    const record = await findPrincipal(subject).catch((error: unknown) => {
      throw new AuthenticationUnavailable('The directory of subjects cannot be asked.', { cause: error });
    });
    if (!record) throw new TokenRefused('The subject is unknown.');
    // A person who was invited becomes active by accepting, a suspended one may come back; until then neither is let in.
    if (record.status !== 'ACTIVE') throw new TokenRefused('The subject is not active.');
    return record;
  }

  return async (request) => {
    const text = readBearerToken(request);
    if (text === null) return ANONYMOUS;
    const token = await verifier.verify(text);
    const record = await findRecord(token);
    let latest = { record, principal: toPrincipal(record, token) };
    return {
      principal: latest.principal,
      expiresAt: token.expiresAt,
      async again() {
        const now = await findRecord(token);
        if (now !== latest.record) latest = { record: now, principal: toPrincipal(now, token) };
        return latest.principal;
      },
    };
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
