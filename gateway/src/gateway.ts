import { operationFromDocument } from '@apollo/federation-internals';
import type { ApolloServerOptionsWithGateway } from '@apollo/server';
import { GraphQLError, OperationTypeNode } from 'graphql';
import type { DocumentNode, OperationDefinitionNode } from 'graphql';
import { LRUCache } from 'lru-cache';

import type { GatewayLimits } from './config.ts';
import type { GatewayContext } from './context.ts';
import { costLimitOf } from './cost/cost-limit.ts';
import { operationCost } from './cost/operation-cost.ts';
import { costLimit, operationNotSupported, refusal, subscriptionNeedsStream } from './errors.ts';
import type { PlanExecutor, PreparedOperation } from './execution/plan-executor.ts';
import type { Supergraph } from './supergraph.ts';
import { variableErrors } from './variables.ts';

// What Apollo Server calls in place of `ApolloGateway`: the same planner, our own supergraph loading and an executor that can be
// replaced. Nothing here opens a connection; the class it stands in for reports usage to its vendor.

export type GatewayInterface = ApolloServerOptionsWithGateway<GatewayContext>['gateway'];
type LoadResult = Awaited<ReturnType<GatewayInterface['load']>>;
type OperationContext = Parameters<NonNullable<LoadResult['executor']>>[0];
type OperationResult = Awaited<ReturnType<NonNullable<LoadResult['executor']>>>;

export interface GatewayDeps {
  supergraph: Supergraph;
  executor: PlanExecutor;
  planCacheSize: number;
  limits: Pick<GatewayLimits, 'costAnonymous' | 'cost' | 'costPrivileged'>;
}

/** Plans and runs operations for one supergraph. */
export function createGateway({ supergraph, executor, planCacheSize, limits }: GatewayDeps): GatewayInterface {
  const prepared = new LRUCache<string, PreparedOperation>({ max: planCacheSize });

  function prepare(queryHash: string, document: DocumentNode, operation: OperationDefinitionNode): PreparedOperation {
    const operationName = operation.name?.value;
    const key = operationName === undefined ? queryHash : `${queryHash} ${operationName}`;
    const known = prepared.get(key);
    if (known) return known;
    const plan = supergraph.planner.buildQueryPlan(
      operationFromDocument(
        supergraph.plannerApiSchema,
        document,
        operationName === undefined ? {} : { operationName },
      ),
    );
    const made = executor.prepare({ plan, document, operation });
    prepared.set(key, made);
    return made;
  }

  async function execute(requestContext: OperationContext): Promise<OperationResult> {
    const { document, operation, queryHash, request } = requestContext;
    // Apollo Server leaves the operation out when the name picks none, or none was given for several.
    if ((operation as typeof operation | undefined) === undefined)
      return { errors: [new GraphQLError('The document has no operation of that name.')] };
    // Validation lets an operation pass whose kind the schema does not have, and the planner fails on it.
    const isSupported = supergraph.apiSchema.getRootType(operation.operation) !== undefined;
    if (!isSupported) throw refusal(operationNotSupported({ kind: operation.operation }), { status: 400 });
    const { record, stream } = requestContext.context as GatewayContext;
    const isSubscription = operation.operation === OperationTypeNode.SUBSCRIPTION;
    if (isSubscription && !stream) throw refusal(subscriptionNeedsStream(), { status: 400 });
    const variables: Readonly<Record<string, unknown>> = request.variables ?? {};
    const errors = variableErrors(supergraph.apiSchema, operation, variables);
    if (errors.length > 0) return { errors };

    const cost = operationCost(
      { schema: supergraph.apiSchema, rules: supergraph.costs },
      { document, operation, variables },
    );
    record.cost = cost;
    const limit = costLimitOf(record.principal, limits);
    if (cost > limit) throw refusal(costLimit({ cost, limit }), { status: 400 });

    const prepared = prepare(queryHash, document, operation);
    const call = {
      principal: record.principal ?? null,
      requestId: record.requestId,
      traceparent: record.traceparent,
      deadline: record.deadline,
    };
    if (!stream || !isSubscription) return prepared.execute({ variables, call });
    stream.subscription = { prepared, variables, call };
    return {}; // Apollo Server answers once; whoever made room for a stream goes on from here
  }

  return {
    onSchemaLoadOrUpdate(callback) {
      callback({ apiSchema: supergraph.apiSchema, coreSupergraphSdl: supergraph.sdl });
      return () => undefined; // this supergraph never changes
    },
    load: async () => ({ executor: execute }),
    stop: async () => prepared.clear(),
  };
}
