import type { ApolloServerOptionsWithGateway } from '@apollo/server';
import { GraphQLError, OperationTypeNode } from 'graphql';

import { invariant } from '@tributary/kit/invariant';
import type { Handle } from '@tributary/kit/lifecycle';
import type { Principal } from '@tributary/kit/principal';
import type { SubgraphCall } from '@tributary/kit/subgraph';

import { policiesIn } from './authorization/access-requirements.ts';
import { costLimit, operationNotSupported, refusal, subscriptionNeedsStream } from './errors.ts';
import { keepsPolicies, variantFor } from './planning/operation-variants.ts';
import type { VariantDeps } from './planning/operation-variants.ts';
import { runSupergraph } from './running-supergraph.ts';
import type { RunningSupergraph, RunningSupergraphDeps } from './running-supergraph.ts';
import type { IncrementalAnswers } from './incremental-answers.ts';
import type { ServedSupergraph } from './served-supergraph.ts';
import { STREAM } from './subscriptions/stream-request.ts';
import type { StreamContext } from './subscriptions/stream-request.ts';
import { variableErrors } from './variables.ts';

// What Apollo Server calls in place of `ApolloGateway`: the same planner, our own supergraph loading and an executor that can be
// replaced. Nothing here reports to anybody; the class it stands in for reports usage to its vendor.

export type GatewayInterface = ApolloServerOptionsWithGateway<object>['gateway'];
type LoadResult = Awaited<ReturnType<GatewayInterface['load']>>;
/** What Apollo Server tells about an operation. */
export type OperationContext = Parameters<NonNullable<LoadResult['executor']>>[0];
type OperationResult = Awaited<ReturnType<NonNullable<LoadResult['executor']>>>;
type SchemaListener = Parameters<NonNullable<GatewayInterface['onSchemaLoadOrUpdate']>>[0];

export interface GatewayDeps extends Omit<RunningSupergraphDeps, 'onServed'>, Omit<VariantDeps, 'logger'> {
  /** What subgraphs get to know of the request. */
  callOf: (requestContext: OperationContext) => SubgraphCall;
  /** Points an operation of this caller may cost. Infinity: not limited, and not counted. */
  costLimitOf: (principal: Principal | null) => number;
  /** Sees what an operation costs. */
  onCost?: (requestContext: OperationContext, cost: number) => void;
  /** Where the rest of an answer in parts goes. */
  answers: IncrementalAnswers;
}

export interface SupergraphGateway extends Handle {
  /** For Apollo Server. */
  readonly gateway: GatewayInterface;
  /** Loads the supergraph; Apollo Server does it, too. Rejects when it cannot be had or served. All calls share one promise. */
  readonly load: () => Promise<void>;
  /** The supergraph that serves; null before it is loaded. */
  served(): ServedSupergraph | null;
}

/** Plans and runs operations for a supergraph that may change while it runs. */
export function createSupergraphGateway(deps: GatewayDeps): SupergraphGateway {
  const { callOf, costLimitOf, onCost, answers } = deps;
  const listeners = new Set<SchemaListener>();
  let loading: Promise<RunningSupergraph> | undefined;
  let running: RunningSupergraph | null = null;
  let stopping: Promise<void> | undefined;

  async function load(): Promise<void> {
    running = await (loading ??= runSupergraph({
      ...deps,
      onServed: (served) => {
        warnOfPolicies(served);
        for (const listener of listeners) tell(listener, served);
      },
    }));
  }

  function warnOfPolicies({ supergraph: { access } }: ServedSupergraph): void {
    const names = policiesIn(access);
    if (names.length > 0 && !deps.policies)
      deps.logger.warn({ policies: names }, 'nobody decides about the policies of the supergraph: every one is denied');
  }

  async function execute(requestContext: OperationContext): Promise<OperationResult> {
    const { schema, document, operation, queryHash, request } = requestContext;
    invariant(running, 'An operation was sent before the gateway was loaded.');
    const served = running.servedFor(schema);
    const { apiSchema, costOf } = served.supergraph;
    // Apollo Server leaves the operation out when the name picks none, or none was given for several.
    if ((operation as typeof operation | undefined) === undefined)
      return { errors: [new GraphQLError('The document has no operation of that name.')] };
    // Validation lets an operation pass whose kind the schema does not have, and the planner fails on it.
    const isSupported = apiSchema.getRootType(operation.operation) !== undefined;
    if (!isSupported) throw refusal(operationNotSupported({ kind: operation.operation }), { status: 400 });
    const stream = (requestContext.context as StreamContext)[STREAM];
    const isSubscription = operation.operation === OperationTypeNode.SUBSCRIPTION;
    if (isSubscription && !stream) throw refusal(subscriptionNeedsStream(), { status: 400 });
    const variables: Readonly<Record<string, unknown>> = request.variables ?? {};
    const errors = variableErrors(apiSchema, operation, variables);
    if (errors.length > 0) return { errors };

    const call = callOf(requestContext);
    const limit = costLimitOf(call.principal);
    if (limit !== Infinity) {
      const cost = costOf({ document, operation, variables });
      onCost?.(requestContext, cost);
      if (cost > limit) throw refusal(costLimit({ cost, limit }), { status: 400 });
    }

    const { operations } = served;
    const leave = served.hold();
    let settled: Promise<void> | null = null;
    try {
      const known = { hash: queryHash, document, operation };
      const facts = operations.facts(known);
      const { inParts } = facts;
      const { context } = requestContext;
      if (inParts?.isDeferring(variables) && answers.isExpected(context)) {
        const variant = { ...(await variantFor(inParts, { variables, call }, deps)), inParts: true };
        const result = await operations.prepare(known, variant).executeIncrementally!({ variables, call });
        if (!('later' in result)) return result;
        settled = result.settled;
        answers.put(context, result);
        return result.initial;
      }
      const variant = await variantFor(facts, { variables, call }, deps);
      const prepared = operations.prepare(known, variant);
      if (!stream || !isSubscription) return await prepared.execute({ variables, call });
      const isStillAllowed = (principal: Principal | null) =>
        keepsPolicies(facts, variant, { ...call, principal }, deps);
      stream.subscription = { prepared, variables, call, retired: served.retired, isStillAllowed };
      return {}; // Apollo Server answers once; whoever made room for a stream goes on from here
    } finally {
      if (settled) void settled.then(leave);
      else leave();
    }
  }

  async function stopOnce(): Promise<void> {
    // A load that failed has been told to whoever asked for it, and has nothing to stop.
    await (await loading?.catch(() => undefined))?.stop();
  }
  const stop = () => (stopping ??= stopOnce());

  return {
    load,
    stop,
    served: () => running?.current() ?? null,
    gateway: {
      onSchemaLoadOrUpdate(listener) {
        listeners.add(listener);
        if (running) tell(listener, running.current());
        return () => void listeners.delete(listener);
      },
      async load() {
        await load();
        return { executor: execute };
      },
      stop,
    },
  };
}

function tell(listener: SchemaListener, { supergraph }: ServedSupergraph): void {
  listener({ apiSchema: supergraph.apiSchema, coreSupergraphSdl: supergraph.sdl });
}
