import { decodeJwt, decodeProtectedHeader, errors, jwtVerify } from 'jose';
import type { JWTPayload } from 'jose';

import type { Clock } from '@tributary/kit/clock';
import { DAY, SECOND } from '@tributary/kit/clock';
import type { PrincipalQuery } from '@tributary/kit/principal-record';

import { createIssuerKeys } from './issuer-keys.ts';
import type { IssuerConfig } from './issuer-config.ts';
import { TokenRefused } from './token-errors.ts';

/** What a verified access token says. */
export interface AccessToken {
  subject: PrincipalQuery;
  /** Scopes of the token; null when it does not limit any. */
  scopes: readonly string[] | null;
  authTime: number | null;
  amr: readonly string[];
  /** In milliseconds since 1970. */
  expiresAt: number;
}

export interface TokenVerifier {
  /** Throws `TokenRefused`, or `AuthenticationUnavailable` when the issuer's keys cannot be had. */
  verify(token: string): Promise<AccessToken>;
}

// Asymmetric only: with a shared-secret algorithm anyone who knows a public key could sign.
const ALGORITHMS = ['RS256', 'PS256', 'ES256', 'EdDSA'];
const CLOCK_TOLERANCE_SECONDS = 5;
const MAX_LIFETIME_SECONDS = DAY / SECOND;
const ACCESS_TOKEN_TYPES = [undefined, 'jwt', 'at+jwt', 'application/at+jwt', 'application/jwt'];
// Claims that only OpenID Connect ID tokens have: they tell a client who signed in and are no key to an API.
const ID_TOKEN_CLAIMS = ['nonce', 'at_hash', 'c_hash', 's_hash'];

export interface TokenVerifierDeps {
  issuers: readonly IssuerConfig[];
  clock: Clock;
  ownUrl: () => string;
}

export function createTokenVerifier({ issuers, clock, ownUrl }: TokenVerifierDeps): TokenVerifier {
  const known = new Map(issuers.map((issuer) => [issuer.issuer, { issuer, keys: createIssuerKeys(issuer, ownUrl) }]));
  return {
    async verify(token) {
      const { issuer, keys } = findIssuer(token, known);
      const now = clock.now();
      try {
        const { payload, protectedHeader } = await jwtVerify(token, keys, {
          algorithms: ALGORITHMS,
          issuer: issuer.issuer,
          audience: issuer.audience,
          requiredClaims: ['exp', 'sub'],
          clockTolerance: CLOCK_TOLERANCE_SECONDS,
          currentDate: now,
        });
        refuseOtherTokens(payload, protectedHeader.typ);
        refuseImpossibleTimes(payload, now.getTime() / SECOND);
        return readClaims(payload, issuer);
      } catch (error) {
        if (error instanceof errors.JOSEError) throw new TokenRefused(error.message, { cause: error });
        throw error;
      }
    },
  };
}

// The claim is not trusted yet: it only picks the keys, and it is checked again with the signature.
function findIssuer<T>(token: string, known: ReadonlyMap<string, T>): T {
  let named: unknown;
  try {
    decodeProtectedHeader(token);
    named = decodeJwt(token).iss;
  } catch (error) {
    throw new TokenRefused('The token is not a JWT.', { cause: error });
  }
  const issuer = typeof named === 'string' ? known.get(named) : undefined;
  if (!issuer) throw new TokenRefused('The token is from an unknown issuer.');
  return issuer;
}

function refuseOtherTokens(payload: JWTPayload, typ: string | undefined): void {
  if (!ACCESS_TOKEN_TYPES.includes(typ?.toLowerCase())) throw new TokenRefused('The token is of another type.');
  // Keycloak writes the kind of a token into `typ`, Cognito into `token_use`.
  const kind = payload.typ ?? payload.token_use ?? 'access';
  if (typeof kind !== 'string' || !['access', 'bearer'].includes(kind.toLowerCase()))
    throw new TokenRefused('The token is no access token.');
  if (ID_TOKEN_CLAIMS.some((claim) => claim in payload)) throw new TokenRefused('The token is an ID token.');
}

function refuseImpossibleTimes({ exp = 0, iat }: JWTPayload, now: number): void {
  if (exp > now + MAX_LIFETIME_SECONDS) throw new TokenRefused('The token lives too long.');
  if (iat !== undefined && iat > now + CLOCK_TOLERANCE_SECONDS) throw new TokenRefused('The token is from the future.');
}

function readClaims(payload: JWTPayload, { issuer, scopesClaim }: IssuerConfig): AccessToken {
  const { sub: subject, client_id: clientId, auth_time: authTime, amr, exp = 0 } = payload;
  if (typeof subject !== 'string' || subject === '') throw new TokenRefused('The token names nobody.');
  return {
    // RFC 9068, section 2.2: with the client credentials grant the subject is the client itself.
    subject: clientId === subject ? { clientId: subject } : { issuer, subject },
    scopes: scopesClaim === undefined ? scopesOf(payload.scope) : listedScopesOf(payload[scopesClaim]),
    authTime: typeof authTime === 'number' ? authTime : null,
    amr: Array.isArray(amr) ? amr.filter((method) => typeof method === 'string') : [],
    expiresAt: exp * SECOND,
  };
}

function scopesOf(claim: unknown): readonly string[] | null {
  if (claim === undefined) return null;
  if (typeof claim !== 'string') throw new TokenRefused('The scopes are no text.');
  return claim.split(' ').filter((scope) => scope !== '');
}

function listedScopesOf(claim: unknown): readonly string[] | null {
  if (!Array.isArray(claim)) return scopesOf(claim);
  if (claim.every((scope) => typeof scope === 'string')) return claim;
  throw new TokenRefused('The scopes are neither text nor a list of it.');
}
