import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

import { exportJWK, generateKeyPair, SignJWT } from 'jose';

import { FIXTURE_ISSUER } from './fixture.ts';

// An OIDC provider as the gateway sees one: keys behind a URL, tokens signed with them.

export const TEST_AUDIENCE = 'tributary';

export interface TokenSubject {
  /** Subject of a person, or the client identifier of an API client. */
  subject: string;
  client?: boolean;
  /** Narrows what the token may do; without it the subject's own rights count. */
  scopes?: readonly string[];
}

export interface TestIssuer extends AsyncDisposable {
  issuer: string;
  jwksUrl: string;
  sign(subject: TokenSubject): Promise<string>;
}

export async function startTestIssuer(issuer = FIXTURE_ISSUER): Promise<TestIssuer> {
  const { privateKey, publicKey } = await generateKeyPair('ES256');
  const keys = JSON.stringify({ keys: [{ ...(await exportJWK(publicKey)), kid: 'test', alg: 'ES256', use: 'sig' }] });
  const server = createServer((_request, response) => {
    response.setHeader('content-type', 'application/json').end(keys);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    issuer,
    jwksUrl: `http://127.0.0.1:${port}/jwks.json`,
    sign({ subject, client = false, scopes }) {
      const claims = {
        ...(client && { client_id: subject }),
        ...(scopes && { scope: scopes.join(' ') }),
        amr: ['pwd', 'mfa'],
        auth_time: Math.floor(Date.now() / 1000),
      };
      return new SignJWT(claims)
        .setProtectedHeader({ alg: 'ES256', kid: 'test', typ: 'at+jwt' })
        .setIssuer(issuer)
        .setAudience(TEST_AUDIENCE)
        .setSubject(subject)
        .setIssuedAt()
        .setExpirationTime('1h')
        .sign(privateKey);
    },
    [Symbol.asyncDispose]: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
