import type { InternalTokenSigner } from '@tributary/kit/internal-token';

import { createInternalCallHeaders } from './call-headers.ts';
import { createHttpTransport } from './http.ts';
import type { HttpTransportOptions } from './http.ts';
import type { SubgraphTransport } from './subgraph-transport.ts';

export interface OwnSubgraphOptions extends Omit<HttpTransportOptions, 'headers' | 'readyPath'> {
  signer: InternalTokenSigner;
}

/** Calls a subgraph of this project: GraphQL is at `/graphql`, readiness at `/readyz` below the server's base `url`. */
export function createOwnSubgraphTransport({ signer, url, ...options }: OwnSubgraphOptions): SubgraphTransport {
  const { origin, pathname } = new URL(url);
  const base = pathname.replace(/\/$/, '');
  return createHttpTransport({
    ...options,
    url: `${origin}${base}/graphql`,
    readyPath: `${base}/readyz`,
    headers: createInternalCallHeaders({ signer, subgraph: options.name, clock: options.clock }),
  });
}
