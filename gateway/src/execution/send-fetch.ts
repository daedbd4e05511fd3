import { invariant } from '@tributary/kit/invariant';
import type { SubgraphRequest } from '@tributary/kit/subgraph';

import { subgraphMalformedResponse } from '../errors.ts';
import type { SubgraphTransport } from '../transport/subgraph-transport.ts';
import type { FetchErrors } from './fetch-errors.ts';
import type { FetchObserver, PlanExecution } from './plan-executor.ts';
import { findFetchNode } from './plan-index.ts';
import type { ResponsePath } from './plan-index.ts';

/** A fetch as Apollo's executor hands it to a data source. */
export interface OutgoingFetch {
  path: ResponsePath;
  request: { query?: string; variables?: Record<string, unknown>; operationName?: string };
}

export interface SendFetchDeps {
  transport: SubgraphTransport;
  execution: PlanExecution;
  errors: FetchErrors;
  onFetch: FetchObserver | undefined;
}

/** Sends one fetch, reports its errors and returns what may be merged into the answer. */
export async function sendFetch(
  { path, request }: OutgoingFetch,
  { transport, execution, errors, onFetch }: SendFetchDeps,
): Promise<Record<string, unknown> | null> {
  const subgraph = transport.name;
  const operation = request.query ?? '';
  const node = findFetchNode(execution.plan, { subgraph, operation, path });
  invariant(node, 'A fetch was sent that is not part of the plan.');
  const { operationKind } = node;
  onFetch?.({
    subgraph,
    kind: node.requires ? 'entities' : 'root',
    operationKind,
    requestId: execution.call.requestId,
  });

  const answer = await transport.execute(toSubgraphRequest(operation, request), execution.call, operationKind);
  const representations = node.requires ? (request.variables?.representations as Record<string, unknown>[]) : [];
  const fetch = { subgraph, node, path, representations };
  if (answer.errors.length > 0) errors.add(fetch, answer.errors, answer.data);

  if (node.requires) {
    if (answer.data === null || hasOneEntityEach(answer.data, representations.length)) return answer.data;
    const { code, message } = subgraphMalformedResponse();
    errors.add(fetch, [{ code, message }]);
    return null;
  }
  if (answer.data && path.length === 0) errors.recordRoot(answer.data);
  return answer.data;
}

function toSubgraphRequest(query: string, { variables, operationName }: OutgoingFetch['request']): SubgraphRequest {
  return { query, ...(variables && { variables }), ...(operationName !== undefined && { operationName }) };
}

function hasOneEntityEach({ _entities }: Record<string, unknown>, count: number): boolean {
  return Array.isArray(_entities) && _entities.length === count && _entities.every(isObjectOrNull);
}

function isObjectOrNull(value: unknown): boolean {
  return typeof value === 'object' && !Array.isArray(value);
}
