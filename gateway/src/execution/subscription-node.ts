import type { SubscriptionNode } from '@apollo/query-planner';

import { invariant } from '@tributary/kit/invariant';

import { subgraphUnavailable } from '../errors.ts';
import { failedAnswer } from '../transport/check-answer.ts';
import { FetchFailure, SubscriptionLost } from '../transport/subgraph-transport.ts';
import type { SubgraphAnswer } from '../transport/subgraph-transport.ts';
import { beginState } from './execution-state.ts';
import type { ExecutionState } from './execution-state.ts';
import { compilePrimary } from './fetch-node.ts';
import type { FetchDeps } from './fetch-node.ts';
import { SubscriptionBroken } from './plan-executor.ts';
import type { PlanResult, SubscribeRequest } from './plan-executor.ts';

// A subscription: the primary fetch asks one subgraph for a stream, and every event of it is executed like an operation whose first
// answer is there already.

export interface EventDeps extends FetchDeps {
  /** Runs what is left of the plan and shapes the result. Never rejects. */
  finish: (state: ExecutionState) => Promise<PlanResult>;
}

export function compileSubscription(
  { primary }: SubscriptionNode,
  deps: EventDeps,
): (request: SubscribeRequest) => Promise<AsyncIterable<PlanResult> | PlanResult> {
  const { serviceName: subgraph } = primary;
  const transport = deps.transports.get(subgraph);
  invariant(transport, `The plan asks subgraph "${subgraph}", which no transport leads to.`);
  const { requestOf, receive } = compilePrimary(primary, deps);

  /** Errors that are about the subscription as a whole, with paths of the client. */
  const errorsOf = (request: SubscribeRequest, { errors }: Pick<SubgraphAnswer, 'errors'>) => {
    const state = beginState(request);
    receive(state, { data: null, errors });
    return state.errors?.collected() ?? [];
  };

  async function* run(request: SubscribeRequest, events: AsyncIterable<SubgraphAnswer>): AsyncGenerator<PlanResult> {
    try {
      for await (const answer of events) {
        const state = beginState({ ...request, call: request.eventCall() });
        receive(state, answer);
        yield await deps.finish(state);
      }
    } catch (error) {
      const lost = error instanceof SubscriptionLost ? error : failedAnswer(subgraphUnavailable(), FetchFailure.broken);
      throw new SubscriptionBroken(errorsOf(request, lost), { cause: error });
    }
  }

  return async (request) => {
    const { call, variables } = request;
    deps.onFetch?.({ subgraph, kind: 'root', operationKind: 'subscription', requestId: call.requestId });
    const answer = await transport.subscribe(requestOf(variables), call);
    return 'errors' in answer ? { errors: errorsOf(request, answer) } : run(request, answer);
  };
}
