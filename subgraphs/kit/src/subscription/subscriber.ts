import { createSourceEventStream, getOperationAST, OperationTypeNode } from 'graphql';
import type { ExecutionResult, GraphQLSchema } from 'graphql';

import type { Clock } from '../clock.ts';
import { HOUR } from '../clock.ts';
import type { OwnedRequestContext, RequestContext } from '../context.ts';
import { unavailable } from '../errors.ts';
import type { PreparedOperations } from '../operations.ts';
import type { SubgraphCall, SubgraphRequest } from '../subgraph.ts';
import type { Change } from './change.ts';
import type { ChangeStream } from './change-stream.ts';
import { runSubscription } from './run-subscription.ts';

/** What the subscriptions of one process may take. */
export interface SubscriptionLimits {
  /** Open at a time. */
  streams: number;
  /** Changes that wait for one subscriber. */
  waitingChanges: number;
  /** After this a subscriber has to come again, with rights as they are then. */
  lifetimeMs: number;
}

export const SUBSCRIPTION_LIMITS: SubscriptionLimits = {
  streams: 10_000,
  waitingChanges: 100,
  lifetimeMs: 1 * HOUR,
};

export interface SubscriberDeps {
  schema: GraphQLSchema;
  operations: PreparedOperations;
  /** A context for one call, and the same with the parts of the subgraph. */
  contextOf: (call: SubgraphCall) => OwnedRequestContext;
  extendContext: (context: RequestContext) => RequestContext;
  /** Executes an operation once, `change` being what it is about. */
  execute: (request: SubgraphRequest, call: SubgraphCall, change?: Change) => Promise<ExecutionResult>;
  toPublic: (result: ExecutionResult, call: SubgraphCall) => ExecutionResult;
  limits: SubscriptionLimits;
  clock: Clock;
}

export type Subscribe = (
  request: SubgraphRequest,
  call: SubgraphCall,
) => Promise<AsyncIterableIterator<ExecutionResult> | ExecutionResult>;

/**
 * Starts subscriptions; what is none is answered once. Each event has a context and loaders of its own, so that it sees the rows as they are
 * then. Rejects with what keeps the operation from running, before it was made fit to be seen.
 */
export function createSubscriber({
  schema,
  operations,
  contextOf,
  extendContext,
  execute,
  toPublic,
  limits,
  clock,
}: SubscriberDeps): Subscribe {
  let streams = 0;

  async function start(request: SubgraphRequest, call: SubgraphCall): ReturnType<Subscribe> {
    const context = contextOf(call);
    let isStreaming = false;
    streams += 1;
    const leave = () => void (streams -= 1);
    try {
      const { query, variables, operationName } = request;
      const changes = await createSourceEventStream({
        schema,
        document: operations.prepare(query).document,
        contextValue: extendContext(context),
        variableValues: variables ?? null,
        operationName: operationName ?? null,
      });
      if (!(Symbol.asyncIterator in changes)) return toPublic(changes, call);
      isStreaming = true;
      return runSubscription({
        changes: changes as ChangeStream, // every `subscribe` of a subgraph returns what its context lets it follow
        call,
        execute: (change, callOfEvent) => execute(request, callOfEvent, change),
        toPublic: (result) => toPublic(result, call),
        clock,
        maxLifetimeMs: limits.lifetimeMs,
        onEnd: leave,
      });
    } finally {
      if (!isStreaming) leave();
      context.finish();
    }
  }

  return async (request, call) => {
    const { document, errors } = operations.prepare(request.query);
    const isSubscription =
      getOperationAST(document, request.operationName)?.operation === OperationTypeNode.SUBSCRIPTION;
    if (errors.length > 0 || !isSubscription) return toPublic(await execute(request, call), call);
    if (streams >= limits.streams) throw unavailable();
    return start(request, call);
  };
}
