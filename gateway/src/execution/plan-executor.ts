import type { QueryPlan } from '@apollo/query-planner';
import type { DocumentNode, GraphQLError } from 'graphql';

import type { SubgraphCall } from '@tributary/kit/subgraph';

import type { Supergraph } from '../supergraph.ts';
import type { OperationKind, SubgraphTransport } from '../transport/subgraph-transport.ts';

// The seam between planning and execution: a plan and the transports go in, a result comes out. Whatever sits behind it may be
// replaced without touching the rest of the gateway.

/** One operation, ready to run. Variables have been checked against the API schema. */
export interface PlanExecution {
  plan: QueryPlan;
  document: DocumentNode;
  operationName: string | undefined;
  variables: Readonly<Record<string, unknown>>;
  /** Identity, request id and deadline, handed on to every subgraph. */
  call: SubgraphCall;
}

export interface PlanResult {
  data?: Record<string, unknown> | null;
  /** Each has `extensions.code`; those of subgraphs also `extensions.subgraph`, and a path in terms of the client's operation. */
  errors?: readonly GraphQLError[];
}

export interface PlanExecutor {
  /** Never rejects: what goes wrong is collected, and costs the fields it belongs to. */
  execute(execution: PlanExecution): Promise<PlanResult>;
}

export interface PlanExecutorDeps {
  supergraph: Supergraph;
  /** By subgraph name; every subgraph of the supergraph has one. */
  transports: ReadonlyMap<string, SubgraphTransport>;
  onFetch?: FetchObserver | undefined;
}

/** A fetch as it is sent to a subgraph. */
export interface ObservedFetch {
  subgraph: string;
  /** `entities`: completes objects that another subgraph named by their keys. */
  kind: 'root' | 'entities';
  operationKind: OperationKind;
  requestId: string;
}

export type FetchObserver = (fetch: ObservedFetch) => void;
