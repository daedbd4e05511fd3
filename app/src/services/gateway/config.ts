import type { JWK } from 'jose';

import { parsePrivateKey, readGatewayProcess } from '@tributary/gateway/config';
import type { GatewayProcessConfig } from '@tributary/gateway/config';
import type { Environment } from '@tributary/kit/config';

import { refuseDevelopmentIssuer, withDevelopmentIssuer } from '../../development/development-issuers.ts';
import { readStrictConfig } from '../../strict-config.ts';

/** Settings of this graph's gateway as a process of its own. */
export interface GraphGatewayConfig extends GatewayProcessConfig {
  /** The development issuer's key and audience; undefined: there is no such issuer. */
  development: { issuerKey: JWK; audience: string } | undefined;
  /** Whether `/` serves the explorer. */
  explorer: boolean;
  /** Where clients reach this process; undefined: at the address it listens on. */
  publicBaseUrl: string | undefined;
}

/** Throws one `ConfigError` naming every problem. */
export function readGraphGatewayConfig(environment: Environment = process.env): Readonly<GraphGatewayConfig> {
  return readStrictConfig(environment, (reader) => {
    const { gateway, ...rest } = readGatewayProcess(reader);
    const { production, issuers } = gateway;
    const audience = reader.text('OIDC_AUDIENCE', 'tributary');
    const issuerKey = reader.secret('DEVELOPMENT_ISSUER_KEY', parsePrivateKey);
    if (production && issuerKey) reader.problem('DEVELOPMENT_ISSUER_KEY must not be set in production: remove it.');
    return {
      ...rest,
      gateway: {
        ...gateway,
        issuers: issuerKey ? withDevelopmentIssuer(issuers, audience) : refuseDevelopmentIssuer(reader, issuers),
      },
      development: issuerKey && { issuerKey, audience },
      explorer: reader.flag('EXPLORER', !production),
      publicBaseUrl: reader.optionalUrl('PUBLIC_BASE_URL', ['http:', 'https:']),
    };
  });
}
