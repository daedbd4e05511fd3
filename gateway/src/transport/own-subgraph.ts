import type { InternalTokenSigner } from '@tributary/kit/internal-token';

import { createInternalCallHeaders, createPrincipalIdentity } from './call-headers.ts';
import { createHttpTransport } from './http.ts';
import type { HttpTransportOptions } from './http.ts';
import { shareQueries } from './single-flight.ts';
import type { SubgraphTransport } from './subgraph-transport.ts';

export interface OwnSubgraphOptions extends Omit<HttpTransportOptions, 'headers' | 'readyPath'> {
  signer: InternalTokenSigner;
}

/** Calls a subgraph of this project: GraphQL is at `/graphql`, readiness at `/readyz` below the server's base `url`. */
export function createOwnSubgraphTransport({ signer, url, ...options }: OwnSubgraphOptions): SubgraphTransport {
  const { origin, pathname } = new URL(url);
  const base = pathname.replace(/\/$/, '');
  const transport = createHttpTransport({
    ...options,
    url: `${origin}${base}/graphql`,
    readyPath: `${base}/readyz`,
    headers: createInternalCallHeaders({ signer, subgraph: options.name, clock: options.clock }),
  });
  return shareQueries(transport, { identityOf: createPrincipalIdentity() });
}
