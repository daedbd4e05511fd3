import type { QueryPlan } from '@apollo/query-planner';
import type { DocumentNode, FieldNode, GraphQLError, OperationDefinitionNode } from 'graphql';

import type { SubgraphCall } from '@tributary/kit/subgraph';

import type { AnswerTexts } from '../answer-texts.ts';
import type { Supergraph } from '../supergraph.ts';
import type { OperationKind, SubgraphTransport } from '../transport/subgraph-transport.ts';
import type { ResponsePath } from './response-data.ts';

// The seam between planning and execution: a planned operation is prepared once and executed often. Whatever sits behind it may be
// replaced without touching the rest of the gateway.

/** An operation and its plan. `operation` is the one of `document` that the answer is shaped by. */
export interface PlannedOperation {
  plan: QueryPlan;
  document: DocumentNode;
  operation: OperationDefinitionNode;
  /** Absent where exactly that was planned. */
  adapted?: AdaptedOperation | undefined;
  /** Where the plan has deferred parts: from the label of each, which is its own, to the one that the client gave it. */
  partLabels?: ReadonlyMap<string, string | undefined> | undefined;
}

/** How what was planned differs from the client's operation. */
export interface AdaptedOperation {
  document: DocumentNode;
  operation: OperationDefinitionNode;
  /** Fields of the client's operation that the caller may not have: null, with an error, and not part of the plan. */
  denied: ReadonlySet<FieldNode>;
  /** From a response name of the client's operation to the one it has in the data. */
  names: ReadonlyMap<string, string>;
}

/** One run of a prepared operation. Variables have been checked against the API schema. */
export interface PlanRequest {
  variables: Readonly<Record<string, unknown>>;
  /** Identity, request id and deadline, handed on to every subgraph. */
  call: SubgraphCall;
}

export interface PlanResult {
  data?: Record<string, unknown> | null;
  /** Each has `extensions.code`; those of subgraphs also `extensions.subgraph`, and a path in terms of the client's operation. */
  errors?: readonly GraphQLError[];
}

/** What belongs to one object that a deferred fragment applies to. */
export interface DeferredPayload {
  /** Of the object, in the client's answer. */
  path: ResponsePath;
  /** As the client wrote it. */
  label: string | undefined;
  /** Null when a value is missing that must not be. */
  data: Record<string, unknown> | null;
  errors?: readonly GraphQLError[];
}

export interface LaterResult {
  incremental: readonly DeferredPayload[];
  hasNext: boolean;
}

/** An answer in parts. */
export interface IncrementalResult {
  /** Everything that is not deferred. */
  initial: PlanResult;
  /** The rest, as it comes; for one reader. Never throws, and ends early when the client leaves. Who stops reading cancels what is left. */
  later: AsyncIterableIterator<LaterResult, undefined, undefined>;
  /** Resolves when nothing more will be fetched, read or not. */
  settled: Promise<void>;
}

/** One run of a prepared subscription. */
export interface SubscribeRequest extends PlanRequest {
  /** For the fetches of one event: a deadline of its own. `call` itself is for the start; its signal ends the subscription. */
  eventCall: () => SubgraphCall;
}

/** A subscription broke: events may have been missed. `errors` are as in a `PlanResult`. */
export class SubscriptionBroken extends Error {
  override name = 'SubscriptionBroken';
  readonly errors: readonly GraphQLError[];
  constructor(errors: readonly GraphQLError[], options?: ErrorOptions) {
    super('A subscription broke.', options);
    this.errors = errors;
  }
}

export interface PreparedOperation {
  /** Never rejects: what goes wrong is collected, and costs the fields it belongs to. */
  execute(request: PlanRequest): Promise<PlanResult>;
  /** The same in parts, for a plan that has deferred ones; a single result when none of them applies to anything. */
  executeIncrementally?(request: PlanRequest): Promise<PlanResult | IncrementalResult>;
  /**
   * For operations of kind subscription. Never rejects: a result in place of a stream is a refusal. The stream has one result for each
   * event, in their order, ends when the subgraph completes it, and throws `SubscriptionBroken`.
   */
  subscribe(request: SubscribeRequest): Promise<AsyncIterable<PlanResult> | PlanResult>;
}

export interface PlanExecutor {
  /** Does everything about an operation that does not depend on a single request. */
  prepare(planned: PlannedOperation): PreparedOperation;
  /** Takes plans with deferred parts. */
  readonly isIncremental?: boolean;
}

export interface PlanExecutorDeps {
  supergraph: Supergraph;
  /** By subgraph name; every subgraph of the supergraph has one. */
  transports: ReadonlyMap<string, SubgraphTransport>;
  onFetch?: FetchObserver | undefined;
  /** Where given, an object that several places of an answer have alike is one object in `data`, and told here. */
  answerTexts?: AnswerTexts | undefined;
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
