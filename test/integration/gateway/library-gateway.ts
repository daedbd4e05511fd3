import {
  defaultGatewayConfig,
  createOwnSubgraphTransport,
  createInProcessTransport,
  startGateway,
} from '@tributary/gateway';
import type { GatewayConfig, GatewayDependencies, ObservedFetch, SubgraphTransport } from '@tributary/gateway';
import { systemClock } from '@tributary/kit/clock';
import { createInternalTokenSigner } from '@tributary/kit/internal-token';
import type { FindPrincipal } from '@tributary/kit/principal-record';

import { collectLogs } from '../../kit/collect-logs.ts';
import { internalKeys } from './keys.ts';
import { composeLibrary, createLibrarySubgraph } from './library.ts';
import type { LibrarySubgraph, Resolvers } from './library.ts';
import { startSubgraphPeer } from './peer.ts';
import type { Peer } from './peer.ts';

export type TransportKind = 'in-process' | 'http';
export const transportKinds: readonly TransportKind[] = ['in-process', 'http'];

export interface LibraryOptions {
  transport?: TransportKind;
  /** Changed resolvers, by subgraph. */
  resolvers?: Partial<Record<LibrarySubgraph, Resolvers>>;
  config?: Partial<Omit<GatewayConfig, 'limits'>> & { limits?: Partial<GatewayConfig['limits']> };
  deps?: Partial<GatewayDependencies>;
  findPrincipal?: FindPrincipal;
  /** Time that one call over HTTP may take, by subgraph. */
  timeoutMs?: Partial<Record<LibrarySubgraph, number>>;
}

export interface Answer {
  status: number;
  headers: Headers;
  body: { data?: unknown; errors?: { message: string; path?: unknown; extensions: Record<string, unknown> }[] };
}

export interface QueryOptions {
  variables?: unknown;
  operationName?: string;
  headers?: Record<string, string>;
}

export interface LibraryGateway extends AsyncDisposable {
  readonly url: string;
  readonly fetches: ObservedFetch[];
  /** Servers of the subgraphs; only with the HTTP transport. */
  readonly peers: Readonly<Record<LibrarySubgraph, Peer>>;
  /** Every line that was logged. */
  readonly logs: Record<string, unknown>[];
  query(query: string, options?: QueryOptions): Promise<Answer>;
  stop(): Promise<void>;
}

/** The library behind a gateway that listens on a free port. */
export async function startLibrary(options: LibraryOptions = {}): Promise<LibraryGateway> {
  const defaults = defaultGatewayConfig({ production: false });
  const config: GatewayConfig = {
    ...defaults,
    port: 0,
    ...options.config,
    limits: { ...defaults.limits, ...options.config?.limits },
  };
  const { logger, lines } = collectLogs({ level: 'debug' });
  const fetches: ObservedFetch[] = [];
  const names = ['books', 'reviews'] as const;
  const peers =
    options.transport === 'http'
      ? await Promise.all(
          names.map((name) => startSubgraphPeer(createLibrarySubgraph(name, options.resolvers?.[name]))),
        )
      : [];
  const clock = options.deps?.clock ?? systemClock;
  const signer = await createInternalTokenSigner((await internalKeys).privateKey, systemClock);
  const transports: SubgraphTransport[] = names.map((name, index) => {
    const subgraph = createLibrarySubgraph(name, options.resolvers?.[name]);
    const peer = peers[index];
    if (!peer) return createInProcessTransport(subgraph, { clock });
    const timeoutMs = options.timeoutMs?.[name];
    const limits = timeoutMs === undefined ? {} : { timeoutMs };
    return createOwnSubgraphTransport({ name, url: peer.url, signer, clock, logger, ...limits });
  });
  const gateway = await startGateway(config, {
    supergraphSdl: composeLibrary(),
    transports,
    findPrincipal: options.findPrincipal ?? (async () => null),
    logger,
    clock,
    onFetch: (fetch) => fetches.push(fetch),
    ...options.deps,
  });

  return {
    url: gateway.url,
    fetches,
    peers: Object.fromEntries(names.map((name, index) => [name, peers[index]])) as LibraryGateway['peers'],
    logs: lines,
    async query(query, { headers, ...rest } = {}) {
      const response = await fetch(`${gateway.url}/graphql`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...headers },
        body: JSON.stringify({ query, ...rest }),
      });
      return { status: response.status, headers: response.headers, body: (await response.json()) as Answer['body'] };
    },
    stop: () => gateway.stop(),
    async [Symbol.asyncDispose]() {
      await gateway.stop();
      for (const transport of transports) await transport.stop();
      for (const peer of peers) await peer[Symbol.asyncDispose]();
    },
  };
}
