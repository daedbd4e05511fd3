import type { Clock } from '@tributary/kit/clock';
import type { InternalTokenSigner } from '@tributary/kit/internal-token';
import type { Principal } from '@tributary/kit/principal';
import type { SubgraphCall } from '@tributary/kit/subgraph';

import { createInternalTokens } from './internal-tokens.ts';
import type { OperationKind } from './subgraph-transport.ts';

/** Headers of one fetch besides those of HTTP and GraphQL themselves. */
export type CallHeaders = (
  call: SubgraphCall,
  fetch: { operationKind: OperationKind; remainingMs: number },
) => Readonly<Record<string, string>> | Promise<Readonly<Record<string, string>>>;

/**
 * For subgraphs of this project: the principal in an internal token, the request id, the trace context and the time left. Nothing of
 * the client's own headers.
 */
export function createInternalCallHeaders({
  signer,
  subgraph,
  clock,
}: {
  signer: InternalTokenSigner;
  subgraph: string;
  clock: Clock;
}): CallHeaders {
  const tokens = createInternalTokens({ signer, subgraph, clock });
  return async (call, { operationKind, remainingMs }) => ({
    authorization: `Bearer ${await tokens.tokenFor(call, operationKind)}`,
    ...tracingHeaders(call),
    'x-request-timeout-ms': String(Math.ceil(remainingMs)),
  });
}

/** What ties the fetch to the client's request. */
export function tracingHeaders({ requestId, traceparent }: SubgraphCall): Readonly<Record<string, string>> {
  return { 'x-request-id': requestId, ...(traceparent !== undefined && { traceparent }) };
}

/** Tells callers of this project's subgraphs apart: all that the internal token says of them. */
export function createPrincipalIdentity(): (call: SubgraphCall) => string {
  const known = new WeakMap<Principal, string>();
  return ({ principal }) => {
    if (principal === null) return '';
    let identity = known.get(principal);
    if (identity === undefined) known.set(principal, (identity = JSON.stringify(principal)));
    return identity;
  };
}
