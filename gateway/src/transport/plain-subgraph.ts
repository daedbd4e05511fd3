import type { SubgraphCall } from '@tributary/kit/subgraph';

import { createForwardingCallHeaders } from './forwarded-headers.ts';
import type { HeaderChoice } from './forwarded-headers.ts';
import { DEFAULT_GUARDS, guardTransport } from './guarded-transport.ts';
import type { TransportGuards } from './guarded-transport.ts';
import { createHttpTransport } from './http.ts';
import type { HttpTransportOptions } from './http.ts';
import type { SubgraphTransport } from './subgraph-transport.ts';

export interface PlainSubgraphOptions extends Omit<HttpTransportOptions, 'headers' | 'readyPath' | 'maxConnections'> {
  /** Headers it gets, in lower case. */
  headers: HeaderChoice;
  /** One fetch for requests that ask the same at the same moment, with the same forwarded headers. */
  sharesQueries?: boolean;
  guards?: TransportGuards;
}

/** Calls a subgraph that knows nothing of this gateway: GraphQL over HTTP at `url`, and the headers that were chosen. */
export function createPlainSubgraphTransport({
  headers,
  sharesQueries = true,
  guards = DEFAULT_GUARDS,
  ...options
}: PlainSubgraphOptions): SubgraphTransport {
  const transport = createHttpTransport({
    ...options,
    headers: createForwardingCallHeaders(headers),
    maxConnections: guards.concurrency.max,
  });
  const { clock, logger } = options;
  return guardTransport(transport, {
    guards,
    identityOf: sharesQueries ? createHeaderIdentity(headers) : undefined,
    clock,
    logger,
  });
}

// Request id and trace context go along as well, but no answer depends on them.
function createHeaderIdentity({ forward = [] }: HeaderChoice): (call: SubgraphCall) => string {
  if (forward.length === 0) return () => '';
  return ({ headers }) => JSON.stringify(forward.map((name) => headers?.[name] ?? null));
}
