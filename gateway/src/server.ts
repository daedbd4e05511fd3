import { AsyncLocalStorage } from 'node:async_hooks';
import type { AddressInfo } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';

import Fastify from 'fastify';
import type { FastifyInstance } from 'fastify';

import type { Clock } from '@tributary/kit/clock';
import type { Handle } from '@tributary/kit/lifecycle';
import type { Logger } from '@tributary/kit/logger';
import type { FindPrincipal } from '@tributary/kit/principal-record';
import type { SubgraphCall } from '@tributary/kit/subgraph';

import { createAnswerTexts } from './answer-texts.ts';
import { createApollo } from './apollo.ts';
import { createAuthenticate } from './auth/authenticate.ts';
import type { Authenticate } from './auth/authenticate.ts';
import { cachePrincipals } from './auth/principal-cache.ts';
import { createTokenVerifier } from './auth/token-verifier.ts';
import type { DecidePolicies } from './authorization/policy-decision.ts';
import type { GatewayConfig } from './config.ts';
import type { GatewayContext, RequestRecord } from './context.ts';
import { costLimitOf } from './cost/cost-limit.ts';
import { createGateway } from './create-gateway.ts';
import type { FetchObserver, PlanExecutor, PlanExecutorDeps } from './execution/plan-executor.ts';
import { GRAPHQL_PATH, mountGraphQL } from './graphql-route.ts';
import { answerBrokenHttp, answerBrokenUrl, answerHttpErrors } from './http-errors.ts';
import type { DecideOverrides } from './planning/override-decision.ts';
import { createErrorMasking } from './plugins/error-masking.ts';
import { createRequestRecords, newRequestId } from './request-records.ts';
import type { IdentityOf } from './shared-runs.ts';
import { createSubscriptions } from './subscriptions/mount-subscriptions.ts';
import type { SupergraphSource } from './supergraph-sources/supergraph-source.ts';
import type { SubgraphTransport } from './transport/subgraph-transport.ts';
import type { CreateTransport } from './transport/transport-leases.ts';

/** Everything the gateway needs from outside. It stops none of it: who made it stops it, after the gateway. */
export interface GatewayDependencies {
  /** The composed whole, access directives included: its text, or where it comes from while the gateway runs. */
  supergraphSdl: string | SupergraphSource;
  /** One for each subgraph of the supergraph, or a function that makes one when it is needed; the gateway stops what that made. */
  transports: readonly SubgraphTransport[] | CreateTransport;
  findPrincipal?: FindPrincipal;
  /** How callers are identified; left out: by access tokens of the configured issuers and `findPrincipal`. */
  authenticate?: Authenticate;
  logger: Logger;
  clock: Clock;
  /** Mounts further routes, in a scope of their own, before the server listens. */
  routes?: (app: FastifyInstance) => void | Promise<void>;
  /** Says which policies of `@policy` hold for a request; left out: none does. */
  policies?: DecidePolicies;
  /** Says which labels of `@override` hold for a request, beside `percent(n)`; left out: none does. */
  overrides?: DecideOverrides;
  /** Requests of equal identities that ask the same at the same moment share one run; left out: none do. */
  shareRuns?: IdentityOf;
  /** Sees every fetch that is sent to a subgraph. */
  onFetch?: FetchObserver;
  /** Runs the plans; Apollo's executor unless told otherwise. */
  createExecutor?: (deps: PlanExecutorDeps) => PlanExecutor;
}

export interface GatewayServer extends Handle {
  /** Base URL; GraphQL is at `/graphql` below it. */
  readonly url: string;
}

/** The port is taken by another process. */
export class PortInUse extends Error {
  override name = 'PortInUse';
  readonly host: string;
  readonly port: number;
  constructor({ host, port }: { host: string; port: number }) {
    super(`Port ${port} of ${host} is in use by another process.`);
    this.host = host;
    this.port = port;
  }
}

const REQUEST_TIMEOUT_MS = 30_000;
const HEADERS_TIMEOUT_MS = 10_000;

/**
 * Listens when it resolves. Rejects with `SupergraphError` for a supergraph that cannot be served and with `PortInUse`. `stop()`
 * says "not ready", then takes no more connections, answers what is in flight, and closes what is left after the drain timeout.
 */
export async function startGateway(config: GatewayConfig, deps: GatewayDependencies): Promise<GatewayServer> {
  const { clock, logger } = deps;
  const { limits } = config;
  const currentRequest = new AsyncLocalStorage<RequestRecord>();
  const formatError = createErrorMasking({
    currentRequest: () => currentRequest.getStore(),
    limits,
    production: config.production,
    logger,
  });
  const answerTexts = createAnswerTexts();
  const { gateway, plugin, routes, load } = createGateway({
    ...{ formatError, answerTexts },
    supergraphSdl: deps.supergraphSdl,
    transports: deps.transports,
    callOf: ({ context }) => callOfRecord(recordIn(context)),
    authorization: config.authorization,
    ...(deps.policies && { policies: deps.policies }),
    ...(deps.overrides && { overrides: deps.overrides }),
    ...(deps.shareRuns && { shareRuns: deps.shareRuns }),
    depthLimit: limits.depth,
    costLimitOf: (principal) => costLimitOf(principal, limits),
    onCost: ({ context }, cost) => void (recordIn(context).cost = cost),
    keptOperations: config.planCacheSize,
    warmUpMs: config.warmUpMs,
    ...(deps.createExecutor && { createExecutor: deps.createExecutor }),
    ...(deps.onFetch && { onFetch: deps.onFetch }),
    logger,
    clock,
  });
  await load(); // Apollo Server would log a failure besides reporting it

  const apollo = createApollo({ config, gateway, plugin, formatError, answerTexts, logger });
  await apollo.start().catch(async (error: unknown) => {
    await gateway.stop?.();
    throw error;
  });

  let phase: 'serving' | 'draining' = 'serving';
  let url = '';
  const app = createApp(config);
  const records = createRequestRecords(app, {
    clock,
    deadlineMs: config.limits.deadlineMs,
    forwardHeaders: config.forwardHeaders,
  });
  app.addHook('onSend', async (_request, reply) => {
    // A kept-alive connection would be cut at the end of the drain, maybe in the middle of the next request.
    if (phase === 'draining') reply.header('connection', 'close');
  });
  answerHttpErrors(app, { recordOf: records.find, limits: config.limits, logger });
  routes(app, { isDraining: () => phase === 'draining' });
  const { findPrincipal = async () => null } = deps;
  const authenticate =
    deps.authenticate ??
    createAuthenticate({
      verifier: createTokenVerifier({ issuers: config.issuers, clock, ownUrl: () => url }),
      findPrincipal: cachePrincipals(findPrincipal, { ttlMs: config.principalCacheMs, clock }),
    });
  const subscriptions = createSubscriptions({
    path: GRAPHQL_PATH,
    apollo,
    contextOf: ({ record }) => ({ record }),
    run: (record, work) => currentRequest.run(record, work),
    recordOf: records.get,
    ...{ authenticate, formatError, clock, logger },
    corsOrigins: config.corsOrigins,
    forwardHeaders: config.forwardHeaders,
    limits: config.streams,
    deadlineMs: limits.deadlineMs,
    maxMessageBytes: limits.bodyBytes,
  });
  mountGraphQL(app, { config, apollo, records, currentRequest, authenticate, subscriptions, clock, logger });
  app.register(async (scope) => deps.routes?.(scope));

  let stopping: Promise<void> | undefined;
  async function stopOnce(): Promise<void> {
    phase = 'draining';
    await delay(config.drainDelayMs);
    const cut = setTimeout(() => {
      subscriptions.cut();
      app.server.closeAllConnections();
    }, config.drainTimeoutMs);
    try {
      await app.close();
    } finally {
      clearTimeout(cut);
      await apollo.stop();
    }
  }

  try {
    url = await listen(app, config);
  } catch (error) {
    await app.close();
    await apollo.stop();
    throw error;
  }
  return { url, stop: () => (stopping ??= stopOnce()) };
}

function createApp({ limits }: GatewayConfig): FastifyInstance {
  return Fastify({
    logger: false, // one line per operation is written from the request record
    genReqId: newRequestId,
    bodyLimit: limits.bodyBytes,
    requestTimeout: REQUEST_TIMEOUT_MS,
    http: { headersTimeout: HEADERS_TIMEOUT_MS },
    forceCloseConnections: 'idle',
    return503OnClosing: false, // what still arrives on an open connection is answered like anything in flight
    clientErrorHandler: answerBrokenHttp,
    frameworkErrors: answerBrokenUrl,
  });
}

async function listen(app: FastifyInstance, { host, port }: GatewayConfig): Promise<string> {
  try {
    await app.listen({ host, port });
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EADDRINUSE') throw new PortInUse({ host, port });
    throw error;
  }
  const address = app.server.address() as AddressInfo;
  const reachable = { '0.0.0.0': '127.0.0.1', '::': '[::1]' }[host] ?? (host.includes(':') ? `[${host}]` : host);
  return `http://${reachable}:${address.port}`;
}

function recordIn(context: object): RequestRecord {
  return (context as GatewayContext).record;
}

function callOfRecord({ principal, requestId, traceparent, deadline, signal, headers }: RequestRecord): SubgraphCall {
  return { principal: principal ?? null, requestId, traceparent, deadline, signal, headers };
}
