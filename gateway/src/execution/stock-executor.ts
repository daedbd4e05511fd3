import { buildOperationContext, executeQueryPlan } from '@apollo/gateway';
import type { GraphQLDataSource, ServiceMap } from '@apollo/gateway';
import type { QueryPlan } from '@apollo/query-planner';
import { GraphQLError, Kind, visit } from 'graphql';
import type { DocumentNode, FieldNode } from 'graphql';

import type { SubgraphCall } from '@tributary/kit/subgraph';

import {
  INTERNAL_MESSAGE,
  INTERNAL_SERVER_ERROR,
  operationNotSupported,
  subgraphMalformedResponse,
} from '../errors.ts';
import { beginShaping } from './build-object.ts';
import { denialErrors } from './denials.ts';
import { fetchErrorsOf } from './fetch-errors.ts';
import type { FetchErrors } from './fetch-errors.ts';
import { compileIntrospection } from './introspection.ts';
import { compileOperationShapes } from './operation-shapes.ts';
import type {
  PlanExecutor,
  PlanExecutorDeps,
  PlannedOperation,
  PlanRequest,
  PlanResult,
  PreparedOperation,
} from './plan-executor.ts';
import type { JsonObject, ResponsePath } from './response-data.ts';
import { sendFetch } from './send-fetch.ts';

// Runs plans with Apollo's executor. That executor loses track of error paths, drops errors about missing values as soon as
// there is any other error, and shows names and addresses of subgraphs. So it never sees an error: each fetch reports its errors
// to `FetchErrors`, which knows the client's paths, and hands the executor nothing but data.

type StockRequestContext = Parameters<typeof executeQueryPlan>[2];
type StockResult = Awaited<ReturnType<typeof executeQueryPlan>>;

const ignore = () => undefined;
const noLogger = { debug: ignore, info: ignore, warn: ignore, error: ignore };

export function createStockExecutor(deps: PlanExecutorDeps): PlanExecutor {
  return {
    prepare: (planned) => {
      const planOnly = (request: PlanRequest) => run(planned, request, deps);
      return {
        execute: planned.adapted ? adapt(planned, planOnly, deps) : planOnly,
        subscribe: async () => ({ errors: [unsupported()] }),
      };
    },
  };
}

// Apollo's executor throws on a plan for a subscription.
function unsupported(): GraphQLError {
  const { message, code } = operationNotSupported({ kind: 'subscription' });
  return new GraphQLError(message, { extensions: { code } });
}

type Execute = PreparedOperation['execute'];

// Apollo's executor knows only what was planned. What the client asked for is put together from its answer.
function adapt(planned: PlannedOperation, planOnly: Execute, { supergraph }: PlanExecutorDeps): Execute {
  const { apiSchema, fullSchema } = supergraph;
  const rootType = apiSchema.getRootType(planned.operation.operation);
  if (!rootType) return planOnly;
  const shapes = compileOperationShapes(planned, { schema: apiSchema, fullSchema, rootType });
  const introspect = compileIntrospection(planned, apiSchema);
  return async (request) => {
    const { call, variables } = request;
    try {
      const { shape, deniedRoot } = shapes.of(variables);
      if (deniedRoot.length > 0) return { data: null, errors: denialErrors(deniedRoot, call) };
      const result: PlanResult = planned.plan.node ? await planOnly(request) : { data: {} };
      if (!result.data) return result;
      const introspection = introspect === null ? null : introspect(variables);
      const shaping = beginShaping({ introspection });
      const data = shape(result.data, shaping, 0) ?? null; // what is unusable has been told by the run
      const errors = [...(result.errors ?? []), ...denialErrors(shaping.denied, call)];
      return errors.length === 0 ? { data } : { data, errors };
    } catch (error) {
      return { data: null, errors: [internalError(error)] };
    }
  };
}

async function run(planned: PlannedOperation, request: PlanRequest, deps: PlanExecutorDeps): Promise<PlanResult> {
  const { apiSchema, fullSchema, plannerApiSchema } = deps.supergraph;
  const { plan, adapted } = planned;
  const { document, operation } = adapted ?? planned;
  const errors = fetchErrorsOf(planned, fullSchema);
  const roots: JsonObject[] = [];
  try {
    const operationContext = buildOperationContext({
      schema: apiSchema,
      operationDocument: planned.adapted ? withTypenames(document) : document,
      ...(operation.name && { operationName: operation.name.value }),
    });
    const result = await executeQueryPlan(
      plan,
      createServiceMap(deps, { plan, call: request.call, errors, roots }),
      stockRequestContext(request),
      operationContext,
      fullSchema,
      plannerApiSchema,
    );
    return shapeResult(result, {
      errors,
      hidden: () => hiddenPlaces({ plan, document, operation }, { roots, request, deps }),
    });
  } catch (error) {
    return { data: null, errors: [...errors.collected(), internalError(error)] };
  }
}

// Whoever shapes the answer anew has to know what each object is.
function withTypenames(document: DocumentNode): DocumentNode {
  const typename: FieldNode = { kind: Kind.FIELD, name: { kind: Kind.NAME, value: '__typename' } };
  return visit(document, {
    Field: {
      leave: (field) =>
        field.selectionSet && {
          ...field,
          selectionSet: { ...field.selectionSet, selections: [typename, ...field.selectionSet.selections] },
        },
    },
  });
}

function createServiceMap(
  { supergraph, transports, onFetch }: PlanExecutorDeps,
  { plan, call, errors, roots }: { plan: QueryPlan; call: SubgraphCall; errors: FetchErrors; roots: JsonObject[] },
): ServiceMap {
  const services: Record<string, GraphQLDataSource> = Object.create(null) as Record<string, GraphQLDataSource>;
  const schema = supergraph.fullSchema;
  for (const [name, transport] of transports) {
    services[name] = {
      process: async (options) => {
        const path = 'pathInIncomingRequest' in options ? (options.pathInIncomingRequest ?? []) : [];
        const fetch = { path, request: options.request };
        return { data: await sendFetch(fetch, { transport, plan, call, schema, errors, roots, onFetch }) };
      },
    };
  }
  return services;
}

// The executor reads no more than this of the large context it asks for; traces are made only when `metrics` asks for them.
function stockRequestContext({ variables }: PlanRequest): StockRequestContext {
  return { request: { variables }, context: {}, metrics: {}, logger: noLogger } as unknown as StockRequestContext;
}

function shapeResult(
  result: StockResult,
  { errors, hidden }: { errors: FetchErrors; hidden: () => ReadonlySet<string> },
): PlanResult {
  // With `data` left out the executor could not shape the answer at all: a subgraph sent a value of another kind than its schema says.
  if (result.data === undefined) return { data: null, errors: [...errors.collected(), malformed(undefined)] };
  const unexplained = missingValues(result).filter(({ path }) => !errors.explain(path ?? []));
  const hiddenAt = unexplained.length > 0 ? hidden() : null;
  const all = [
    ...errors.collected(),
    ...(result.errors ?? []).map(internalError),
    ...unexplained.filter(({ path }) => !hiddenAt?.has(placeOf(path))).map(({ path }) => malformed(path)),
  ];
  return all.length === 0 ? { data: result.data } : { data: result.data, errors: all };
}

// The executor takes what clients cannot see for what exists nowhere, so the data is shaped once more.
function hiddenPlaces(
  planned: PlannedOperation,
  { roots, request, deps }: { roots: readonly JsonObject[]; request: PlanRequest; deps: PlanExecutorDeps },
): ReadonlySet<string> {
  const { apiSchema: schema, fullSchema } = deps.supergraph;
  const rootType = schema.getRootType(planned.operation.operation);
  if (!rootType) return new Set();
  const { shape } = compileOperationShapes(planned, { schema, fullSchema, rootType }).of(request.variables);
  const hidden: ResponsePath[] = [];
  // What the executor merges, it merges into the answer that came first.
  const data = Object.assign({}, ...roots.toReversed()) as JsonObject;
  shape(data, beginShaping({ hidden, introspection: {} }), 0);
  return new Set(hidden.map(placeOf));
}

function placeOf(path: ResponsePath | undefined): string {
  return JSON.stringify(path ?? []);
}

function missingValues(result: StockResult): readonly GraphQLError[] {
  return (result.extensions?.valueCompletion as readonly GraphQLError[] | undefined) ?? [];
}

function malformed(path: GraphQLError['path']): GraphQLError {
  const { message, code } = subgraphMalformedResponse();
  return new GraphQLError(message, { path: path ?? null, extensions: { code } });
}

function internalError(error: unknown): GraphQLError {
  return new GraphQLError(INTERNAL_MESSAGE, {
    originalError: error instanceof Error ? error : new Error('Something was thrown that is no Error.'),
    extensions: { code: INTERNAL_SERVER_ERROR },
  });
}
