import type { IssuerConfig } from '@tributary/gateway/auth/issuer-config';
import type { ConfigReader } from '@tributary/kit/config';

import { DEVELOPMENT_ISSUER } from '../seed/personas.ts';

// Where the development issuer stands among the issuers whose tokens are accepted: beside the others in development, nowhere in
// production.

/** The issuers, and the development issuer, whose keys the gateway's own server publishes. */
export function withDevelopmentIssuer(issuers: readonly IssuerConfig[], audience: string): readonly IssuerConfig[] {
  const development = { issuer: DEVELOPMENT_ISSUER, audience, jwksUrl: '/dev/jwks.json' };
  return [...issuers.filter((issuer) => !isDevelopmentIssuer(issuer)), development];
}

/** Returns the issuers; the development issuer among them is a problem. */
export function refuseDevelopmentIssuer(
  reader: ConfigReader,
  issuers: readonly IssuerConfig[],
): readonly IssuerConfig[] {
  if (issuers.some(isDevelopmentIssuer))
    reader.problem('OIDC_ISSUER must not be the development issuer in production: anybody gets its tokens.');
  return issuers;
}

function isDevelopmentIssuer({ issuer }: IssuerConfig): boolean {
  return URL.canParse(issuer) && new URL(issuer).host === new URL(DEVELOPMENT_ISSUER).host;
}
