import { createRemoteJWKSet, customFetch, errors } from 'jose';
import type { JWTVerifyGetKey, RemoteJWKSetOptions } from 'jose';

import { MINUTE, SECOND } from '@tributary/kit/clock';

import { fetchSmallBody, fetchSmallJson } from './fetch-json.ts';
import type { IssuerConfig } from './issuer-config.ts';
import { AuthenticationUnavailable } from './token-errors.ts';

// The public keys of an issuer. They are kept for ten minutes; a token with an unknown key id makes them be fetched again, but not
// more than once in 30 seconds, so that made-up key ids cannot be used to flood the issuer.

const CACHE_MS = 10 * MINUTE;
const COOLDOWN_MS = 30 * SECOND;

/** `ownUrl` tells where this server listens, for issuers that it serves the keys of itself. */
export function createIssuerKeys(issuer: IssuerConfig, ownUrl: () => string): JWTVerifyGetKey {
  let keySet: Promise<JWTVerifyGetKey> | undefined;

  return async (header, token) => {
    try {
      keySet ??= findKeySet(issuer, ownUrl);
      const getKey = await keySet;
      return await getKey(header, token);
    } catch (error) {
      // These two are the token's fault; everything else is the issuer's or the network's.
      if (error instanceof errors.JWKSNoMatchingKey || error instanceof errors.JWKSMultipleMatchingKeys) throw error;
      throw new AuthenticationUnavailable(`The keys of ${issuer.issuer} cannot be read.`, { cause: error });
    }
  };

  async function findKeySet(config: IssuerConfig, base: () => string): Promise<JWTVerifyGetKey> {
    try {
      const { jwksUrl } = config;
      const url = jwksUrl === undefined ? await discoverKeys(config.issuer) : resolveUrl(jwksUrl, base);
      return createRemoteJWKSet(url, {
        cacheMaxAge: CACHE_MS,
        cooldownDuration: COOLDOWN_MS,
        [customFetch]: fetchKeys,
      });
    } catch (error) {
      keySet = undefined; // the next token tries again
      throw error;
    }
  }
}

function resolveUrl(url: string, base: () => string): URL {
  return url.startsWith('/') ? new URL(url, base()) : new URL(url);
}

// OpenID Connect Discovery 1.0, section 4: the document has to name the issuer it was asked for.
async function discoverKeys(issuer: string): Promise<URL> {
  const document = await fetchSmallJson(`${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`);
  const { issuer: named, jwks_uri: keys } = (document ?? {}) as { issuer?: unknown; jwks_uri?: unknown };
  if (named !== issuer) throw new Error('The discovery document is about another issuer.');
  if (typeof keys !== 'string') throw new Error('The discovery document names no keys.');
  const url = new URL(keys);
  if (issuer.startsWith('https:') && url.protocol !== 'https:') throw new Error('The keys are not behind https.');
  return url;
}

const fetchKeys: NonNullable<RemoteJWKSetOptions[typeof customFetch]> = async (url) =>
  new Response(await fetchSmallBody(url, { accept: 'application/jwk-set+json, application/json' }));
