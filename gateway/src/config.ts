import type { JWK } from 'jose';

import { MINUTE, SECOND } from '@tributary/kit/clock';
import { readConfig } from '@tributary/kit/config';
import type { ConfigReader, Environment } from '@tributary/kit/config';
import { LOG_LEVELS } from '@tributary/kit/logger';
import type { LogLevel } from '@tributary/kit/logger';

import { issuerProblems } from './auth/issuer-config.ts';
import type { IssuerConfig } from './auth/issuer-config.ts';
import type { AuthorizationMode } from './authorization/rejection.ts';
import { defaultStreamLimits } from './subscriptions/limits.ts';
import type { StreamLimits } from './subscriptions/limits.ts';
import { DEFAULT_GUARDS } from './transport/guarded-transport.ts';
import type { TransportGuards } from './transport/guarded-transport.ts';

/** What one request may cost. */
export interface GatewayLimits {
  /** Bytes of a request body. */
  bodyBytes: number;
  /** Tokens of an operation's text. */
  tokens: number;
  /** Levels of nested fields, fragments spread out. */
  depth: number;
  /** Fields an operation selects, fragments spread out at every place that uses them. */
  selections: number;
  /** Points an operation may cost, by who calls: without a token. Infinity: not limited, and not counted. */
  costAnonymous: number;
  /** The same for people. */
  cost: number;
  /** The same for staff and API clients. */
  costPrivileged: number;
  /** Time from the first byte to the answer. */
  deadlineMs: number;
}

/** How the gateway behaves, however it is started. Plain data: tests and the all-in-one process build it themselves. */
export interface GatewayConfig {
  host: string;
  /** 0 takes any free port. */
  port: number;
  /** Hides schema details in errors and names no subgraph to anyone but staff. */
  production: boolean;
  introspection: boolean;
  /** Web pages of these origins may call the gateway from a browser. */
  corsOrigins: readonly string[];
  /** Whose access tokens are accepted. Without any, every token is refused. */
  issuers: readonly IssuerConfig[];
  /** What happens to an operation of which the caller may not have everything. */
  authorization: { mode: AuthorizationMode };
  limits: GatewayLimits;
  /** What subscriptions, and operations over WebSockets, may take. */
  streams: StreamLimits;
  /** Headers of the client that transports may pass on, in lower case. */
  forwardHeaders: readonly string[];
  /** Query plans kept. */
  planCacheSize: number;
  /** Time for planning them anew before another supergraph takes over. */
  warmUpMs: number;
  /** How long a role that was taken away may still work; 30 seconds at most. */
  principalCacheMs: number;
  /** Time between "not ready" and the refusal of new connections, for a load balancer to notice. */
  drainDelayMs: number;
  /** Requests in flight get this long to be answered when the gateway stops. */
  drainTimeoutMs: number;
}

/** Settings of a gateway that runs as a process of its own. */
export interface GatewayProcessConfig {
  gateway: GatewayConfig;
  logLevel: LogLevel;
  /** A supergraph to use in place of the project's own. */
  supergraphFile: string | undefined;
  /** Base URLs of the subgraphs' servers. */
  subgraphUrls: Readonly<Record<'users' | 'orders' | 'billing', string>>;
  /** What holds for each of them by itself. */
  guards: TransportGuards;
  /** Ed25519 private key that signs the internal tokens. */
  internalTokenKey: JWK;
}

/** Where Apollo Sandbox calls from. */
export const SANDBOX_ORIGIN = 'https://studio.apollographql.com';
const MAX_PRINCIPAL_CACHE_SECONDS = 30;
export const MAX_COST_LIMIT = 100_000_000; // below the number at which counting stops
const HTTP = ['http:', 'https:'];

export function defaultGatewayConfig({ production }: { production: boolean }): GatewayConfig {
  return {
    host: '127.0.0.1',
    port: 4000,
    production,
    introspection: !production,
    corsOrigins: production ? [] : [SANDBOX_ORIGIN],
    issuers: [],
    authorization: { mode: 'filter' },
    limits: {
      bodyBytes: 256 * 1024,
      tokens: 15_000,
      depth: 30,
      selections: 20_000,
      costAnonymous: 2_000,
      cost: 5_000,
      costPrivileged: 20_000,
      deadlineMs: 10 * SECOND,
    },
    streams: defaultStreamLimits,
    forwardHeaders: [],
    planCacheSize: 1_000,
    warmUpMs: 10 * SECOND,
    principalCacheMs: MAX_PRINCIPAL_CACHE_SECONDS * SECOND,
    drainDelayMs: 0,
    drainTimeoutMs: 15 * SECOND,
  };
}

/** Reads the settings that every way of starting the gateway shares. `issuers` is left to the caller. */
export function readGatewayConfig(reader: ConfigReader, { production }: { production: boolean }): GatewayConfig {
  const defaults = defaultGatewayConfig({ production });
  const { limits, streams } = defaults;
  const whole = (name: string, fallback: number, min: number, max: number) =>
    reader.integer(name, fallback, { min, max });
  return {
    ...defaults,
    host: reader.text('HOST', defaults.host),
    port: whole('PORT', defaults.port, 0, 65_535),
    introspection: reader.flag('INTROSPECTION', defaults.introspection),
    corsOrigins: readOrigins(reader, defaults.corsOrigins),
    limits: {
      bodyBytes: whole('LIMIT_BODY_BYTES', limits.bodyBytes, 1_024, 16 * 1024 * 1024),
      tokens: whole('LIMIT_TOKENS', limits.tokens, 100, 1_000_000),
      depth: whole('LIMIT_DEPTH', limits.depth, 1, 1_000),
      selections: whole('LIMIT_SELECTIONS', limits.selections, 100, 10_000_000),
      costAnonymous: whole('LIMIT_COST_ANONYMOUS', limits.costAnonymous, 1, MAX_COST_LIMIT),
      cost: whole('LIMIT_COST', limits.cost, 1, MAX_COST_LIMIT),
      costPrivileged: whole('LIMIT_COST_PRIVILEGED', limits.costPrivileged, 1, MAX_COST_LIMIT),
      deadlineMs: whole('REQUEST_TIMEOUT_MS', limits.deadlineMs, 100, 5 * MINUTE),
    },
    streams: {
      ...streams,
      connections: whole('LIMIT_STREAMS', streams.connections, 1, 1_000_000),
      operationsPerConnection: whole('LIMIT_STREAM_OPERATIONS', streams.operationsPerConnection, 1, 10_000),
      queuedEvents: whole('LIMIT_STREAM_EVENTS', streams.queuedEvents, 1, 100_000),
      queuedBytes: whole('LIMIT_STREAM_BYTES', streams.queuedBytes, 1_024, 256 * 1024 * 1024),
      heartbeatMs: whole('STREAM_HEARTBEAT_MS', streams.heartbeatMs, 1_000, 5 * MINUTE),
    },
    planCacheSize: whole('PLAN_CACHE_SIZE', defaults.planCacheSize, 1, 1_000_000),
    principalCacheMs: whole('PRINCIPAL_CACHE_MS', defaults.principalCacheMs, 0, defaults.principalCacheMs),
    drainDelayMs: whole('DRAIN_DELAY_MS', defaults.drainDelayMs, 0, 2 * MINUTE),
    drainTimeoutMs: whole('DRAIN_TIMEOUT_MS', defaults.drainTimeoutMs, 0, 10 * MINUTE),
  };
}

/** Settings of the stand-alone gateway process. Throws one `ConfigError` naming every problem. */
export function readGatewayProcessConfig(environment: Environment = process.env): Readonly<GatewayProcessConfig> {
  return readConfig(environment, readGatewayProcess);
}

/** The same, for a process that has settings besides. */
export function readGatewayProcess(reader: ConfigReader): GatewayProcessConfig {
  const production = reader.text('NODE_ENV', 'development') === 'production';
  reader.text('INTERNAL_TOKEN_PRIVATE_KEY'); // records that it is missing
  const internalTokenKey = reader.secret('INTERNAL_TOKEN_PRIVATE_KEY', parsePrivateKey);
  return {
    gateway: { ...readGatewayConfig(reader, { production }), issuers: readIssuers(reader, { production }) },
    logLevel: reader.oneOf('LOG_LEVEL', LOG_LEVELS, 'info'),
    supergraphFile: reader.optionalText('SUPERGRAPH_FILE'),
    subgraphUrls: {
      users: reader.url('USERS_URL', HTTP, 'http://127.0.0.1:4001'),
      orders: reader.url('ORDERS_URL', HTTP, 'http://127.0.0.1:4002'),
      billing: reader.url('BILLING_URL', HTTP, 'http://127.0.0.1:4003'),
    },
    guards: readTransportGuards(reader),
    internalTokenKey: internalTokenKey!, // undefined only with a problem, and then nobody gets to see it
  };
}

/** Reads how calls to subgraphs over HTTP are retried, broken off and bounded. */
export function readTransportGuards(reader: ConfigReader): TransportGuards {
  const { retries, breaker, concurrency } = DEFAULT_GUARDS;
  const whole = (name: string, fallback: number, min: number, max: number) =>
    reader.integer(name, fallback, { min, max });
  return {
    retries: {
      max: whole('SUBGRAPH_RETRIES', retries.max, 0, 5),
      timeouts: reader.flag('SUBGRAPH_RETRY_TIMEOUTS', retries.timeouts),
      budgetPercent: whole('SUBGRAPH_RETRY_PERCENT', retries.budgetPercent, 0, 100),
    },
    breaker: {
      failurePercent: whole('SUBGRAPH_BREAKER_PERCENT', breaker.failurePercent, 1, 100),
      minCalls: whole('SUBGRAPH_BREAKER_CALLS', breaker.minCalls, 1, 1_000_000),
      windowMs: whole('SUBGRAPH_BREAKER_WINDOW_MS', breaker.windowMs, 100, 10 * MINUTE),
      openMs: whole('SUBGRAPH_BREAKER_OPEN_MS', breaker.openMs, 100, 10 * MINUTE),
    },
    concurrency: {
      max: whole('SUBGRAPH_CONCURRENCY', concurrency.max, 1, 10_000),
      queue: whole('SUBGRAPH_QUEUE', concurrency.queue, 0, 1_000_000),
    },
  };
}

/** The issuer named by OIDC_ISSUER, OIDC_AUDIENCE and OIDC_JWKS_URL; none when OIDC_ISSUER is not set. */
export function readIssuers(reader: ConfigReader, { production }: { production: boolean }): readonly IssuerConfig[] {
  const issuer = reader.optionalUrl('OIDC_ISSUER', HTTP);
  const jwksUrl = reader.optionalUrl('OIDC_JWKS_URL', HTTP);
  if (issuer === undefined) {
    if (production) reader.problem('OIDC_ISSUER is required in production.');
    return [];
  }
  const issuers = [{ issuer, audience: reader.text('OIDC_AUDIENCE', 'tributary'), ...(jwksUrl && { jwksUrl }) }];
  for (const problem of issuerProblems(issuers, { production })) reader.problem(problem);
  return issuers;
}

function readOrigins(reader: ConfigReader, fallback: readonly string[]): readonly string[] {
  const text = reader.optionalText('CORS_ORIGINS');
  if (text === undefined) return fallback;
  const origins = text.split(',').map((origin) => origin.trim());
  for (const origin of origins)
    if (originProblem(origin) !== undefined)
      reader.problem(`CORS_ORIGINS must list origins such as https://shop.example.com, not "${origin}".`);
  return origins;
}

/** Why this is not the origin of web pages, as the end of a sentence; undefined when it is one. */
export function originProblem(origin: string): string | undefined {
  const isOrigin = URL.canParse(origin) && new URL(origin).origin === origin;
  return isOrigin ? undefined : 'must be an origin such as https://shop.example.com';
}

/** An Ed25519 private key, as JWK. */
export function parsePrivateKey(text: string): JWK {
  let key: JWK;
  try {
    key = JSON.parse(text) as JWK;
  } catch {
    throw new Error('it is not JSON');
  }
  if (key.kty !== 'OKP' || key.crv !== 'Ed25519' || typeof key.d !== 'string' || typeof key.x !== 'string')
    throw new Error('it is not an Ed25519 private key as JWK');
  return key;
}
