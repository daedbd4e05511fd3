import type { ApolloServerPlugin, BaseContext } from '@apollo/server';
import type { FastifyInstance } from 'fastify';

import { systemClock } from '@tributary/kit/clock';
import type { Clock } from '@tributary/kit/clock';
import { createLogger } from '@tributary/kit/logger';
import type { Logger } from '@tributary/kit/logger';
import type { Principal } from '@tributary/kit/principal';
import type { SubgraphCall } from '@tributary/kit/subgraph';

import type { AnswerTexts } from './answer-texts.ts';
import type { DecidePolicies } from './authorization/policy-decision.ts';
import type { AuthorizationMode } from './authorization/rejection.ts';
import { defaultGatewayConfig } from './config.ts';
import { createEngine } from './execution/engine.ts';
import { createTurns, runInTurn } from './execution/turns.ts';
import type { FetchObserver, PlanExecutor, PlanExecutorDeps } from './execution/plan-executor.ts';
import { createSupergraphGateway } from './gateway.ts';
import type { GatewayInterface, OperationContext } from './gateway.ts';
import { mountHealth } from './health.ts';
import { createIncrementalAnswers } from './incremental-answers.ts';
import type { DecideOverrides } from './planning/override-decision.ts';
import { createIncrementalDelivery } from './plugins/incremental-delivery.ts';
import type { FormatError } from './plugins/error-masking.ts';
import { createOperationLimits } from './plugins/operation-limits.ts';
import { newRequestId } from './request-records.ts';
import { mountForeignStreams } from './subscriptions/foreign-server.ts';
import type { ForeignStreams } from './subscriptions/foreign-server.ts';
import { createSharedRuns } from './shared-runs.ts';
import type { IdentityOf } from './shared-runs.ts';
import { fixedSupergraph } from './supergraph-sources/supergraph-source.ts';
import type { SupergraphSource } from './supergraph-sources/supergraph-source.ts';
import { SupergraphError } from './supergraph.ts';
import { traceparentOf } from './trace-context.ts';
import { createPlainSubgraphTransport } from './transport/plain-subgraph.ts';
import type { SubgraphTransport } from './transport/subgraph-transport.ts';
import { leaseGiven, leaseMade } from './transport/transport-leases.ts';
import type { CreateTransport } from './transport/transport-leases.ts';

export interface GatewayOptions {
  /** The composed whole: its text, or where it comes from while the gateway runs. */
  supergraphSdl: string | SupergraphSource;
  /**
   * How subgraphs are reached: one transport for each, which stay their maker's, or a function that makes one when it is needed. Left
   * out: over HTTP, at the URLs of the supergraph, with `forwardHeaders`.
   */
  transports?: readonly SubgraphTransport[] | CreateTransport;
  /** Headers of the client that go along to every subgraph. */
  forwardHeaders?: readonly string[];
  /**
   * What subgraphs get to know of a request. Left out: no principal, the caller's request id and trace context or new ones, a
   * deadline, and `forwardHeaders`.
   */
  callOf?: (requestContext: OperationContext) => SubgraphCall;
  /** Time a request may take, where `callOf` is left out. */
  deadlineMs?: number;
  /** Levels of nested fields an operation may have, fragments spread out; kept by `plugin`. */
  depthLimit?: number;
  /** Points an operation may cost, by who calls; not limited when left out. */
  costLimitOf?: (principal: Principal | null) => number;
  /** Sees what an operation costs, where that is limited. */
  onCost?: (requestContext: OperationContext, cost: number) => void;
  /**
   * What happens to an operation of which the caller may not have everything, by `@authenticated`, `@requiresScopes` and `@policy`:
   * without those fields it runs (`filter`, unless told otherwise), or not at all (`reject`).
   */
  authorization?: { mode: AuthorizationMode };
  /** Says which policies of `@policy` hold for a request; called once, with those that its operation needs. Left out: none holds. */
  policies?: DecidePolicies;
  /** Says which labels of `@override` hold for a request; `percent(n)` decides itself. Left out: none holds. */
  overrides?: DecideOverrides;
  /**
   * Requests for which it gives equal texts, and that ask the same at the same moment, share one run: it has to tell apart all that can
   * change an answer. No plugin may then write into a result. Left out: every request has a run of its own.
   */
  shareRuns?: IdentityOf;
  /**
   * An object that several places of an answer have alike is then one object in its `data`, for `answerTexts.textOf` to write once, as
   * `stringifyResult` of the same Apollo Server. No plugin may then write into a result.
   */
  answerTexts?: AnswerTexts;
  /** The `formatError` of the same Apollo Server, for the errors of deferred parts, which Apollo Server does not see. */
  formatError?: FormatError;
  /** Operations that are kept with their plans. */
  keptOperations?: number;
  /** Time for planning the kept operations anew before another supergraph takes over. */
  warmUpMs?: number;
  createExecutor?: (deps: PlanExecutorDeps) => PlanExecutor;
  /** Sees every fetch that is sent to a subgraph. */
  onFetch?: FetchObserver;
  logger?: Logger;
  clock?: Clock;
}

export interface Gateway {
  /** For Apollo Server 5, in place of an `ApolloGateway`. Apollo Server loads and stops it. */
  readonly gateway: GatewayInterface;
  /** For the plugins of the same Apollo Server: limits on nesting, names that cannot be used, answers in parts. */
  readonly plugin: ApolloServerPlugin<BaseContext>;
  /** Mounts `/livez` and `/readyz` on a Fastify server, and with `streams` subscriptions on the path of its Apollo Server. */
  readonly routes: (app: FastifyInstance, options?: RouteOptions) => void;
  /** Loads the supergraph before Apollo Server does. Rejects with `SupergraphError` or `SupergraphUnreadable`. */
  readonly load: () => Promise<void>;
}

export interface RouteOptions {
  /** Not ready for new requests any more. */
  isDraining?: () => boolean;
  /** Mount them before the route of Apollo Server, in the same scope. */
  streams?: ForeignStreams;
}

/** A gateway for any Apollo Server. Nothing is opened before it is loaded. */
export function createGateway(options: GatewayOptions): Gateway {
  const { clock = systemClock, logger = createLogger({ level: 'info', name: 'gateway' }) } = options;
  const { supergraphSdl, transports } = options;
  const { limits, planCacheSize, warmUpMs } = defaultGatewayConfig({ production: true });
  const deadlineMs = options.deadlineMs ?? limits.deadlineMs;
  const forwardHeaders = (options.forwardHeaders ?? []).map((name) => name.toLowerCase());
  const leases =
    typeof transports === 'object'
      ? leaseGiven(transports)
      : leaseMade(transports ?? createDefaultTransports({ forwardHeaders, deadlineMs, clock, logger }));

  const { createExecutor = createEngine } = options;
  const inTurn = createTurns({ clock });
  const answers = createIncrementalAnswers();
  const supergraphGateway = createSupergraphGateway({
    answers,
    source: typeof supergraphSdl === 'string' ? fixedSupergraph(supergraphSdl) : supergraphSdl,
    leases,
    createExecutor: (deps) => runInTurn(createExecutor({ ...deps, answerTexts: options.answerTexts }), inTurn),
    onFetch: options.onFetch,
    authorizationMode: options.authorization?.mode ?? 'filter',
    policies: options.policies,
    overrides: options.overrides,
    keptOperations: options.keptOperations ?? planCacheSize,
    warmUpMs: options.warmUpMs ?? warmUpMs,
    shareRuns: options.shareRuns && createSharedRuns(options.shareRuns),
    callOf: options.callOf ?? createCallOf({ forwardHeaders, deadlineMs, clock }),
    costLimitOf: options.costLimitOf ?? (() => Infinity),
    ...(options.onCost && { onCost: options.onCost }),
    clock,
    logger,
  });
  return {
    gateway: supergraphGateway.gateway,
    plugin: inOne(
      createOperationLimits({ depth: options.depthLimit ?? limits.depth }),
      createIncrementalDelivery({ answers, formatError: options.formatError ?? ((formatted) => formatted) }),
    ),
    routes(app, { isDraining = () => false, streams } = {}) {
      const transportsInUse = () => supergraphGateway.served()?.transports.values() ?? null;
      mountHealth(app, { transports: transportsInUse, isDraining, clock });
      if (streams) mountForeignStreams(app, streams, { forwardHeaders, deadlineMs, clock, logger });
    },
    load: supergraphGateway.load,
  };
}

/** Two plugins that listen to different moments of a request. */
function inOne(
  one: ApolloServerPlugin<BaseContext>,
  other: ApolloServerPlugin<BaseContext>,
): ApolloServerPlugin<BaseContext> {
  return {
    requestDidStart: async (request) => ({
      ...(await one.requestDidStart?.(request)),
      ...(await other.requestDidStart?.(request)),
    }),
  };
}

function createDefaultTransports({
  forwardHeaders,
  deadlineMs,
  clock,
  logger,
}: {
  forwardHeaders: readonly string[];
  deadlineMs: number;
  clock: Clock;
  logger: Logger;
}): CreateTransport {
  return ({ name, url }) => {
    assertHttpUrl(name, url);
    return createPlainSubgraphTransport({
      name,
      url,
      headers: { forward: forwardHeaders },
      timeoutMs: deadlineMs,
      clock,
      logger,
    });
  };
}

/** Throws a `SupergraphError` where a subgraph cannot be called. */
export function assertHttpUrl(name: string, url: string): void {
  if (!URL.canParse(url) || !['http:', 'https:'].includes(new URL(url).protocol))
    throw new SupergraphError(`The subgraph ${name} has no URL that starts with http:// or https://.`);
}

// Apollo Server hands out the headers of a request in lower case, and no socket: who leaves early is not noticed here.
function createCallOf({
  forwardHeaders,
  deadlineMs,
  clock,
}: {
  forwardHeaders: readonly string[];
  deadlineMs: number;
  clock: Clock;
}): NonNullable<GatewayOptions['callOf']> {
  return ({ request }) => {
    const header = (name: string) => request.http?.headers.get(name) ?? undefined;
    const headers: Record<string, string> = {};
    for (const name of forwardHeaders) {
      const value = header(name);
      if (value !== undefined) headers[name] = value;
    }
    return {
      principal: null,
      requestId: newRequestId({ headers: { 'x-request-id': header('x-request-id') } }),
      traceparent: traceparentOf(header('traceparent')),
      deadline: clock.now().getTime() + deadlineMs,
      headers,
    };
  };
}
