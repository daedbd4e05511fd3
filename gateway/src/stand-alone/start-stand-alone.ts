import type { Clock } from '@tributary/kit/clock';
import type { Logger } from '@tributary/kit/logger';
import type { SubgraphCall } from '@tributary/kit/subgraph';

import type { Authenticate } from '../auth/authenticate.ts';
import { authenticateNobody, createTokenAuthenticate } from '../auth/token-principal.ts';
import { createTokenVerifier } from '../auth/token-verifier.ts';
import { assertHttpUrl } from '../create-gateway.ts';
import { createEngine } from '../execution/engine.ts';
import { createStockExecutor } from '../execution/stock-executor.ts';
import { startGateway } from '../server.ts';
import type { GatewayServer } from '../server.ts';
import { supergraphFile } from '../supergraph-sources/supergraph-file.ts';
import type { SupergraphSource } from '../supergraph-sources/supergraph-source.ts';
import { supergraphUrl } from '../supergraph-sources/supergraph-url.ts';
import { createPlainSubgraphTransport } from '../transport/plain-subgraph.ts';
import type { CreateTransport } from '../transport/transport-leases.ts';
import { isHttpUrl } from './config.ts';
import type { StandAloneConfig } from './config.ts';
import type { ConfigFile } from './config-file.ts';
import { headersFor, subscriptionsOf, toGatewayConfig, toRecord } from './gateway-config.ts';
import { toTransportGuards } from './guard-settings.ts';

interface StandAloneDeps {
  logger: Logger;
  clock: Clock;
}

/** A gateway in front of any Federation 2 supergraph. Listens when it resolves; `stop()` drains it. */
export async function startStandAlone(config: StandAloneConfig, deps: StandAloneDeps): Promise<GatewayServer> {
  const { settings, executor } = config;
  const known = new Set<string>();
  const gateway = await startGateway(toGatewayConfig(settings), {
    supergraphSdl: sourceOf(config),
    transports: createTransports(settings, { ...deps, onSubgraph: (name) => known.add(name) }),
    authenticate: createCallers(settings, deps),
    ...(settings.shareQueries && { shareRuns: callerIdentity }),
    overrides: () => Object.fromEntries(settings.overrideLabels.map((label) => [label, true])),
    createExecutor: executor === 'stock' ? createStockExecutor : createEngine,
    ...deps,
  });
  const unknown = [...settings.subgraphs.keys()].filter((name) => !known.has(name));
  // Not a reason to refuse the start: the supergraph that has them may be the next one, or the last.
  if (unknown.length > 0)
    deps.logger.warn({ subgraphs: unknown }, 'the config file names subgraphs that the supergraph does not have');
  return gateway;
}

// Which subgraph gets which of the headers does not matter: all of them are told apart.
function callerIdentity({ principal, headers }: SubgraphCall): string {
  return JSON.stringify([principal, headers ?? null]);
}

function sourceOf({ supergraph, settings }: StandAloneConfig): SupergraphSource {
  const { pollIntervalMs, headers } = settings.supergraph;
  return isHttpUrl(supergraph)
    ? supergraphUrl({ url: supergraph, pollIntervalMs, headers: toRecord(headers) })
    : supergraphFile({ path: supergraph, pollIntervalMs });
}

function createTransports(
  settings: ConfigFile,
  { onSubgraph, ...deps }: StandAloneDeps & { onSubgraph: (name: string) => void },
): CreateTransport {
  return (subgraph) => {
    const { name } = subgraph;
    onSubgraph(name);
    const own = settings.subgraphs.get(name);
    const url = own?.url ?? subgraph.url;
    assertHttpUrl(name, url);
    return createPlainSubgraphTransport({
      name,
      url,
      headers: headersFor(settings, own),
      sharesQueries: settings.shareQueries,
      timeoutMs: own?.timeoutMs ?? settings.timeouts.subgraphMs,
      maxAnswerBytes: own?.answerBytes ?? settings.limits.answerBytes,
      guards: toTransportGuards(settings.guards, own?.connections),
      ...(own && { subscriptions: subscriptionsOf(own) }),
      ...deps,
    });
  };
}

function createCallers({ jwt }: ConfigFile, { clock, logger }: StandAloneDeps): Authenticate {
  const { issuers, required } = jwt;
  if (issuers.length === 0) {
    logger.warn(
      'the gateway is open: no issuer of tokens is configured, everybody may call, and nobody has fields that ask for a caller',
    );
    return authenticateNobody;
  }
  const verifier = createTokenVerifier({ issuers, clock, ownUrl: () => '' });
  return createTokenAuthenticate({ verifier, required });
}
