import type { ExecutionResult, GraphQLSchema } from 'graphql';

import type { CancelSignal } from './cancellation.ts';
import type { Handle } from './lifecycle.ts';
import type { Principal } from './principal.ts';

/** One GraphQL operation addressed to a subgraph. */
export interface SubgraphRequest {
  query: string;
  variables?: Readonly<Record<string, unknown>>;
  operationName?: string;
}

/** Everything a subgraph learns about the request besides the operation. */
export interface SubgraphCall {
  principal: Principal | null;
  requestId: string;
  /** W3C trace context of the request. */
  traceparent?: string | undefined;
  /** Moment after which nobody waits for the answer, in milliseconds since 1970. */
  deadline: number;
  /** Aborted when nobody waits for the answer any more. */
  signal?: CancelSignal | undefined;
  /** Headers of the client that are passed on to the subgraph; the subgraphs of this project get none. */
  headers?: Readonly<Record<string, string>> | undefined;
}

/**
 * A running subgraph, however it is reached. `execute` never rejects: whatever goes wrong is an entry in `errors` with a
 * code. `isReady` tells whether its database answers.
 */
export interface Subgraph extends Handle {
  readonly name: string;
  readonly schema: GraphQLSchema;
  execute(request: SubgraphRequest, call: SubgraphCall): Promise<ExecutionResult>;
  /**
   * Starts a subscription: one result for each event, until `call.signal` is aborted or the iterator is returned. A refusal is a single
   * result with errors; an iterator that throws tells that events may have been missed. Absent when there is nothing to subscribe to.
   */
  subscribe?(request: SubgraphRequest, call: SubgraphCall): Promise<AsyncIterable<ExecutionResult> | ExecutionResult>;
  isReady(): Promise<boolean>;
}
