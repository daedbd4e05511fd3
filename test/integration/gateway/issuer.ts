import { importJWK, SignJWT } from 'jose';
import type { JWTHeaderParameters, JWTPayload } from 'jose';

import { makeKeys } from './keys.ts';
import type { TestKeys } from './keys.ts';
import { sendJson, startPeer } from './peer.ts';
import type { Peer } from './peer.ts';

/** An OpenID provider: discovery and keys over HTTP, tokens on demand. */
export interface Issuer extends AsyncDisposable {
  readonly issuer: string;
  readonly audience: string;
  readonly jwksUrl: string;
  readonly keys: TestKeys;
  readonly peer: Peer;
  /** Key ids that the key document names; the key behind all of them is the same. */
  keyIds: string[];
  /** A good access token, with some claims and header fields changed. Undefined removes a claim. */
  token(claims?: JWTPayload, header?: Partial<JWTHeaderParameters>, keys?: TestKeys): Promise<string>;
}

export async function startIssuer(algorithm = 'RS256'): Promise<Issuer> {
  const keys = await makeKeys(algorithm);
  const peer = await startPeer((request, response) => {
    if (request.url === '/.well-known/openid-configuration')
      return sendJson(response, { issuer: issuer.issuer, jwks_uri: issuer.jwksUrl });
    return sendJson(response, {
      keys: issuer.keyIds.map((kid) => ({ ...keys.publicKey, kid, alg: algorithm, use: 'sig' })),
    });
  });
  const issuer: Issuer = {
    issuer: peer.url,
    audience: 'library',
    jwksUrl: `${peer.url}/jwks.json`,
    keys,
    peer,
    keyIds: ['k1'],
    async token(claims = {}, header = {}, signWith = keys) {
      const now = Math.floor(Date.now() / 1_000);
      const payload = { iss: peer.url, aud: 'library', sub: 'jane', iat: now, exp: now + 300, ...claims };
      const { privateKey } = signWith;
      return new SignJWT(JSON.parse(JSON.stringify(payload)) as JWTPayload)
        .setProtectedHeader({ alg: algorithm, kid: 'k1', typ: 'at+jwt', ...header })
        .sign(await importJWK(privateKey, header.alg ?? algorithm));
    },
    [Symbol.asyncDispose]: () => peer[Symbol.asyncDispose](),
  };
  return issuer;
}
