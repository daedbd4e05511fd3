/** An issuer of access tokens. */
export interface IssuerConfig {
  /** Compared with the `iss` claim character by character. */
  issuer: string;
  /** Has to be among the token's `aud`. */
  audience: string;
  /**
   * Where its public keys are. Without it they are found by OIDC discovery below `issuer`. A path such as `/dev/jwks.json`
   * means this very server, at whatever port it listens.
   */
  jwksUrl?: string | undefined;
  /** The claim with the scopes, a list or text with spaces between them; left out: `scope`, which is text (RFC 9068). */
  scopesClaim?: string;
}

/** Why these issuers cannot be used; empty when they can. */
export function issuerProblems(
  issuers: readonly IssuerConfig[],
  { production }: { production: boolean },
): readonly string[] {
  const problems: string[] = [];
  for (const { issuer, audience, jwksUrl } of issuers) {
    if (audience === '') problems.push(`The issuer ${issuer} needs an audience.`);
    if (!production) continue;
    if (!issuer.startsWith('https://')) problems.push(`In production an issuer must start with https://: ${issuer}`);
    if (jwksUrl !== undefined && !jwksUrl.startsWith('https://'))
      problems.push(`In production the keys of an issuer must come over https://: ${jwksUrl}`);
  }
  return problems;
}
