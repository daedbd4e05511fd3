import { randomUUID } from 'node:crypto';

import { errors, importJWK, jwtVerify, SignJWT } from 'jose';
import type { CryptoKey, JWK } from 'jose';

import type { Clock } from './clock.ts';
import { SECOND } from './clock.ts';
import { invariant } from './invariant.ts';
import type { Principal } from './principal.ts';

// The only proof of identity a subgraph accepts: a token that the gateway signs for one principal and one subgraph, good for at
// most a minute. A user's own token never reaches a subgraph.

const ISSUER = 'tributary-gateway';
const ALGORITHM = 'EdDSA';
export const INTERNAL_TOKEN_LIFETIME_MS = 60 * SECOND;
const CLOCK_TOLERANCE_SECONDS = 5;

export interface InternalTokenSigner {
  /** A token for one principal (null: an anonymous caller) and one subgraph. Every call makes one with its own `jti`. */
  sign(principal: Principal | null, subgraph: string): Promise<string>;
}

export interface InternalTokenVerifier {
  /** The principal of a token made for `subgraph`; throws `InternalTokenError` for everything else. */
  verify(token: string): Promise<{ principal: Principal | null; tokenId: string }>;
}

export class InternalTokenError extends Error {
  override name = 'InternalTokenError';
}

/** `privateKey`: an Ed25519 private key as JWK. */
export async function createInternalTokenSigner(privateKey: JWK, clock: Clock): Promise<InternalTokenSigner> {
  const key = (await importJWK(privateKey, ALGORITHM)) as CryptoKey;
  return {
    sign(principal, subgraph) {
      const issuedAt = Math.floor(clock.now().getTime() / SECOND);
      return new SignJWT({ principal })
        .setProtectedHeader({ alg: ALGORITHM, typ: 'internal+jwt' })
        .setIssuer(ISSUER)
        .setAudience(subgraph)
        .setIssuedAt(issuedAt)
        .setExpirationTime(issuedAt + INTERNAL_TOKEN_LIFETIME_MS / SECOND)
        .setJti(randomUUID())
        .sign(key);
    },
  };
}

/** `publicKey`: the matching Ed25519 public key as JWK. Rejects when it is another kind of key. */
export async function createInternalTokenVerifier(
  publicKey: JWK,
  subgraph: string,
  clock: Clock,
): Promise<InternalTokenVerifier> {
  const key = (await importJWK(publicKey, ALGORITHM)) as CryptoKey;
  invariant(key.type === 'public', 'Internal tokens are verified with an Ed25519 public key.');
  return {
    async verify(token) {
      try {
        const { payload } = await jwtVerify(token, key, {
          algorithms: [ALGORITHM],
          typ: 'internal+jwt',
          issuer: ISSUER,
          audience: subgraph,
          requiredClaims: ['exp', 'iat', 'jti', 'principal'],
          // The tolerance forgives a signer whose clock is ahead; it must not lengthen the token's life.
          maxTokenAge: INTERNAL_TOKEN_LIFETIME_MS / SECOND - CLOCK_TOLERANCE_SECONDS,
          clockTolerance: CLOCK_TOLERANCE_SECONDS,
          currentDate: clock.now(),
        });
        return { principal: payload.principal as Principal | null, tokenId: payload.jti! };
      } catch (error) {
        if (error instanceof errors.JOSEError)
          throw new InternalTokenError('The internal token was refused.', { cause: error });
        throw error;
      }
    },
  };
}
