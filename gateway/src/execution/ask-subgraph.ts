import type { FetchNode } from '@apollo/query-planner';

import { invariant } from '@tributary/kit/invariant';

import type { OperationKind, SubgraphAnswer, SubgraphTransport } from '../transport/subgraph-transport.ts';
import type { ExecutionState } from './execution-state.ts';
import type { FetchObserver } from './plan-executor.ts';
import type { JsonObject } from './response-data.ts';

/** Asks the subgraph, or takes the answer that the same question has had in this run. */
export type AskSubgraph = (state: ExecutionState, variables: JsonObject) => Promise<SubgraphAnswer>;

export interface AskDeps {
  transports: ReadonlyMap<string, SubgraphTransport>;
  onFetch: FetchObserver | undefined;
  /** Numbers of the questions that the plan asks, one for all fetches with the same. */
  questions: Map<string, number>;
}

export function compileAsk(node: FetchNode, { transports, onFetch, questions }: AskDeps): AskSubgraph {
  const { serviceName: subgraph, operation: query, operationName } = node;
  const operationKind: OperationKind = node.operationKind;
  const transport = transports.get(subgraph);
  invariant(transport, `The plan asks subgraph "${subgraph}", which no transport leads to.`);
  const kind = node.requires ? 'entities' : 'root';
  const named = operationName === undefined ? '' : `"operationName":${JSON.stringify(operationName)},`;
  const bodyStart = `{"query":${JSON.stringify(query)},${named}"variables":`;
  const text = `${subgraph} ${withoutName(query)}`;
  const question = questions.get(text) ?? questions.size;
  questions.set(text, question);

  const send = (state: ExecutionState, variables: JsonObject, variablesText: string) => {
    onFetch?.({ subgraph, kind, operationKind, requestId: state.call.requestId });
    const request = { query, variables, ...(operationName !== undefined && { operationName }) };
    return transport.execute({ ...request, body: `${bodyStart}${variablesText}}` }, state.call, operationKind);
  };
  return (state, variables) => {
    const variablesText = JSON.stringify(variables);
    if (operationKind !== 'query') return send(state, variables, variablesText);
    const key = `${question} ${variablesText}`;
    let answer = state.answers.get(key);
    if (!answer) state.answers.set(key, (answer = send(state, variables, variablesText)));
    return answer;
  };
}

// The planner numbers the operations of one plan, so the same question has another name at each place.
function withoutName(operation: string): string {
  return operation.replace(/^(query|mutation|subscription) \w+/, '$1');
}
