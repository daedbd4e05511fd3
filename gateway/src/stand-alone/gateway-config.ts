import type { GatewayConfig } from '../config.ts';
import { defaultGatewayConfig } from '../config.ts';
import type { ConfigFile, SubgraphSettings } from './config-file.ts';
import type { SubscriptionOptions } from '../transport/http-subscriptions.ts';
import type { HeaderChoice } from '../transport/forwarded-headers.ts';

// From the settings of a config file to what the parts of the gateway take.

export function toGatewayConfig(settings: ConfigFile): GatewayConfig {
  const { limits, streams, timeouts, production, drain } = settings;
  const defaults = defaultGatewayConfig({ production });
  return {
    ...defaults,
    host: settings.host,
    port: settings.port,
    introspection: settings.introspection,
    corsOrigins: settings.corsOrigins ?? defaults.corsOrigins,
    authorization: settings.authorization,
    limits: {
      bodyBytes: limits.bodyBytes,
      tokens: limits.tokens,
      depth: limits.depth,
      selections: limits.selections,
      costAnonymous: limits.cost.anonymous ?? Infinity,
      cost: limits.cost.caller ?? Infinity,
      costPrivileged: limits.cost.caller ?? Infinity,
      deadlineMs: timeouts.requestMs,
    },
    streams: {
      ...defaults.streams,
      connections: streams.connections,
      operationsPerConnection: streams.operations,
      queuedEvents: streams.queuedEvents,
      queuedBytes: streams.queuedBytes,
      heartbeatMs: streams.heartbeatMs,
    },
    forwardHeaders: forwardedHeaders(settings),
    planCacheSize: settings.operations.kept,
    warmUpMs: settings.operations.warmUpMs,
    drainDelayMs: drain.delayMs,
    drainTimeoutMs: drain.timeoutMs,
  };
}

/** How one subgraph is subscribed to. */
export function subscriptionsOf({ subscriptions }: SubgraphSettings): SubscriptionOptions {
  const { url, protocol, idleTimeoutMs, eventBytes: maxEventBytes } = subscriptions;
  return { protocol, idleTimeoutMs, maxEventBytes, ...(url !== undefined && { url }) };
}

/** Headers of one subgraph. */
export function headersFor(settings: ConfigFile, subgraph: SubgraphSettings | undefined): HeaderChoice {
  return {
    forward: lowerCase([...settings.forwardHeaders, ...(subgraph?.forwardHeaders ?? [])]),
    fixed: toRecord([...settings.headers, ...(subgraph?.headers ?? [])]),
  };
}

/** Headers that any subgraph gets. */
function forwardedHeaders({ forwardHeaders, subgraphs }: ConfigFile): readonly string[] {
  return lowerCase([...forwardHeaders, ...[...subgraphs.values()].flatMap((each) => each.forwardHeaders)]);
}

export function toRecord(headers: Iterable<readonly [string, string]>): Readonly<Record<string, string>> {
  return Object.fromEntries([...headers].map(([name, value]) => [name.toLowerCase(), value]));
}

function lowerCase(names: readonly string[]): readonly string[] {
  return [...new Set(names.map((name) => name.toLowerCase()))];
}
