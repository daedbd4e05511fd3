import { buildOperationContext, executeQueryPlan } from '@apollo/gateway';
import type { GraphQLDataSource, ServiceMap } from '@apollo/gateway';
import { GraphQLError } from 'graphql';

import { INTERNAL_MESSAGE, INTERNAL_SERVER_ERROR, subgraphMalformedResponse } from '../errors.ts';
import { createFetchErrors } from './fetch-errors.ts';
import type { FetchErrors } from './fetch-errors.ts';
import type { PlanExecution, PlanExecutor, PlanExecutorDeps, PlanResult } from './plan-executor.ts';
import { sendFetch } from './send-fetch.ts';

// Runs plans with Apollo's executor. That executor loses track of error paths, drops errors about missing values as soon as
// there is any other error, and shows names and addresses of subgraphs. So it never sees an error: each fetch reports its errors
// to `FetchErrors`, which knows the client's paths, and hands the executor nothing but data.

type StockRequestContext = Parameters<typeof executeQueryPlan>[2];
type StockResult = Awaited<ReturnType<typeof executeQueryPlan>>;

const ignore = () => undefined;
const noLogger = { debug: ignore, info: ignore, warn: ignore, error: ignore };

export function createStockExecutor(deps: PlanExecutorDeps): PlanExecutor {
  const { supergraph } = deps;
  return {
    async execute(execution): Promise<PlanResult> {
      const errors = createFetchErrors(supergraph.fullSchema, execution);
      try {
        const operationContext = buildOperationContext({
          schema: supergraph.apiSchema,
          operationDocument: execution.document,
          ...(execution.operationName !== undefined && { operationName: execution.operationName }),
        });
        const result = await executeQueryPlan(
          execution.plan,
          createServiceMap(deps, execution, errors),
          stockRequestContext(execution),
          operationContext,
          supergraph.fullSchema,
          supergraph.plannerApiSchema,
        );
        return shapeResult(result, errors);
      } catch (error) {
        return { data: null, errors: [...errors.collected(), internalError(error)] };
      }
    },
  };
}

function createServiceMap(deps: PlanExecutorDeps, execution: PlanExecution, errors: FetchErrors): ServiceMap {
  const services: Record<string, GraphQLDataSource> = Object.create(null) as Record<string, GraphQLDataSource>;
  for (const [name, transport] of deps.transports) {
    services[name] = {
      process: async (options) => {
        const path = 'pathInIncomingRequest' in options ? (options.pathInIncomingRequest ?? []) : [];
        const fetch = { path, request: options.request };
        return { data: await sendFetch(fetch, { transport, execution, errors, onFetch: deps.onFetch }) };
      },
    };
  }
  return services;
}

// The executor reads no more than this of the large context it asks for; traces are made only when `metrics` asks for them.
function stockRequestContext({ variables }: PlanExecution): StockRequestContext {
  return { request: { variables }, context: {}, metrics: {}, logger: noLogger } as unknown as StockRequestContext;
}

function shapeResult(result: StockResult, errors: FetchErrors): PlanResult {
  // With `data` left out the executor could not shape the answer at all: a subgraph sent a value of another kind than its schema says.
  if (result.data === undefined) return { data: null, errors: [...errors.collected(), malformed(undefined)] };
  const missing = missingValues(result).filter(({ path }) => !errors.explain(path ?? []));
  const all = [
    ...errors.collected(),
    ...(result.errors ?? []).map(internalError),
    ...missing.map(({ path }) => malformed(path)),
  ];
  return all.length === 0 ? { data: result.data } : { data: result.data, errors: all };
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
