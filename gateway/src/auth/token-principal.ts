import type { Principal } from '@tributary/kit/principal';

import { ANONYMOUS } from './authenticate.ts';
import type { Authenticate } from './authenticate.ts';
import { readBearerToken } from './bearer-token.ts';
import { TokenRefused } from './token-errors.ts';
import type { TokenVerifier } from './token-verifier.ts';

/**
 * From a request to its principal where nothing but the token tells who calls: its subject, with the scopes that it lists. Throws as
 * `createAuthenticate` does.
 */
export function createTokenAuthenticate({
  verifier,
  required,
}: {
  verifier: TokenVerifier;
  /** Refuse requests without a token. */
  required: boolean;
}): Authenticate {
  return async (request) => {
    const text = readBearerToken(request);
    if (text === null) {
      if (required) throw new TokenRefused('There is no token.');
      return ANONYMOUS;
    }
    const { subject, scopes, authTime, amr, expiresAt } = await verifier.verify(text);
    const principal: Principal = {
      type: 'user',
      userId: 'clientId' in subject ? subject.clientId : subject.subject,
      memberships: [],
      roles: [],
      scopes: Object.freeze([...(scopes ?? [])]),
      authTime,
      amr: Object.freeze([...amr]),
    };
    Object.freeze(principal);
    return { principal, expiresAt, again: async () => principal };
  };
}

/** Takes every request as it comes and looks at no token. */
export const authenticateNobody: Authenticate = async () => ANONYMOUS;
