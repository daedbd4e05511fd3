import type { InternalTokenSigner } from '@tributary/kit/internal-token';

import { createInternalCallHeaders, createPrincipalIdentity } from './call-headers.ts';
import { DEFAULT_GUARDS, guardTransport } from './guarded-transport.ts';
import type { TransportGuards } from './guarded-transport.ts';
import { createHttpTransport } from './http.ts';
import type { HttpTransportOptions } from './http.ts';
import type { SubgraphTransport } from './subgraph-transport.ts';

export interface OwnSubgraphOptions extends Omit<HttpTransportOptions, 'headers' | 'readyPath' | 'maxConnections'> {
  signer: InternalTokenSigner;
  guards?: TransportGuards;
}

/** Calls a subgraph of this project: GraphQL is at `/graphql`, readiness at `/readyz` below the server's base `url`. */
export function createOwnSubgraphTransport({
  signer,
  url,
  guards = DEFAULT_GUARDS,
  ...options
}: OwnSubgraphOptions): SubgraphTransport {
  const { name, clock, logger } = options;
  const { origin, pathname } = new URL(url);
  const base = pathname.replace(/\/$/, '');
  const transport = createHttpTransport({
    ...options,
    url: `${origin}${base}/graphql`,
    readyPath: `${base}/readyz`,
    headers: createInternalCallHeaders({ signer, subgraph: name, clock }),
    maxConnections: guards.concurrency.max,
  });
  return guardTransport(transport, { guards, identityOf: createPrincipalIdentity(), clock, logger });
}
