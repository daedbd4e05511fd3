import type { QueryPlan } from '@apollo/query-planner';
import type { GraphQLSchema } from 'graphql';

import { invariant } from '@tributary/kit/invariant';
import type { SubgraphCall, SubgraphRequest } from '@tributary/kit/subgraph';

import { subgraphMalformedResponse } from '../errors.ts';
import type { SubgraphTransport } from '../transport/subgraph-transport.ts';
import { objectsAt, representedPaths } from './entity-positions.ts';
import type { FetchErrors } from './fetch-errors.ts';
import type { FetchObserver } from './plan-executor.ts';
import { findFetchNode } from './plan-index.ts';
import type { JsonObject, ResponsePath } from './response-data.ts';
import { compileRewrites } from './rewrites.ts';

/** A fetch as Apollo's executor hands it to a data source. */
export interface OutgoingFetch {
  path: ResponsePath;
  request: { query?: string; variables?: Record<string, unknown>; operationName?: string };
}

export interface SendFetchDeps {
  transport: SubgraphTransport;
  plan: QueryPlan;
  call: SubgraphCall;
  schema: GraphQLSchema;
  errors: FetchErrors;
  /** Answers of the root fetches, in which the positions of entities are found. */
  roots: JsonObject[];
  onFetch: FetchObserver | undefined;
}

/** Sends one fetch, reports its errors and returns what may be merged into the answer. */
export async function sendFetch(
  { path, request }: OutgoingFetch,
  { transport, plan, call, schema, errors, roots, onFetch }: SendFetchDeps,
): Promise<Record<string, unknown> | null> {
  const subgraph = transport.name;
  const operation = request.query ?? '';
  const node = findFetchNode(plan, { subgraph, operation, path });
  invariant(node, 'A fetch was sent that is not part of the plan.');
  const { operationKind } = node;
  onFetch?.({
    subgraph,
    kind: node.requires ? 'entities' : 'root',
    operationKind,
    requestId: call.requestId,
  });

  // Apollo's executor does not rename what is 0, false or empty.
  const rename = compileRewrites(node.inputRewrites, schema);
  if (rename) for (const each of (request.variables?.representations ?? []) as JsonObject[]) rename(each);
  const answer = await transport.execute(toSubgraphRequest(operation, request), call, operationKind);
  const from = { subgraph, node };
  if (node.requires) {
    const representations = request.variables?.representations as JsonObject[];
    const places = representedPaths(roots, path, node.requires, schema);
    const entities = representations.map(({ __typename }, index) => {
      const place = places[index];
      return { typename: String(__typename), places: place ? [place] : [] };
    });
    if (answer.errors.length > 0) errors.add({ ...from, entities }, answer.errors, answer.data);
    if (answer.data === null || hasOneEntityEach(answer.data, representations.length)) return answer.data;
    const { code, message } = subgraphMalformedResponse();
    errors.add({ ...from, entities }, [{ code, message }]);
    return null;
  }
  const parents = path.length === 0 ? [[]] : objectsAt(roots, path).map((each) => each.path);
  if (answer.errors.length > 0) errors.add({ ...from, parents }, answer.errors, answer.data);
  if (answer.data && path.length === 0) roots.push(answer.data);
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
