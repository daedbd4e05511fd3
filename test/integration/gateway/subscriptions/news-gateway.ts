import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';

import { createHandler } from 'graphql-sse/lib/use/http';
import { useServer } from 'graphql-ws/use/ws';
import { WebSocketServer } from 'ws';

import { createHttpTransport, createInProcessTransport, defaultGatewayConfig, startGateway } from '@tributary/gateway';
import type { GatewayConfig, GatewayDependencies, ObservedFetch, SubscriptionOptions } from '@tributary/gateway';
import { systemClock } from '@tributary/kit/clock';
import { createInternalTokenSigner, createInternalTokenVerifier } from '@tributary/kit/internal-token';
import type { FindPrincipal } from '@tributary/kit/principal-record';
import type { Subgraph, SubgraphCall, SubgraphRequest } from '@tributary/kit/subgraph';
import { createInternalCallHeaders } from '@tributary/gateway/transport/call-headers';

import { collectLogs } from '../../../kit/collect-logs.ts';
import { internalKeys } from '../keys.ts';
import { composeNews, createHub, createNewsSubgraph, newsSubgraphs } from './news.ts';
import type { Hub, NewsSubgraph, Resolvers } from './news.ts';

/** How the gateway reaches the subgraphs. The servers behind the last two are other people's implementations of the protocols. */
export type NewsTransport = 'in-process' | 'sse' | 'websocket';
export const newsTransports: readonly NewsTransport[] = ['in-process', 'sse', 'websocket'];

export interface NewsOptions {
  transport?: NewsTransport;
  resolvers?: Partial<Record<NewsSubgraph, Resolvers>>;
  config?: Partial<Omit<GatewayConfig, 'limits' | 'streams'>> & {
    limits?: Partial<GatewayConfig['limits']>;
    streams?: Partial<GatewayConfig['streams']>;
  };
  findPrincipal?: FindPrincipal;
  subscriptions?: SubscriptionOptions;
  deps?: Partial<GatewayDependencies>;
}

export interface NewsGateway extends AsyncDisposable {
  readonly url: string;
  readonly endpoint: string;
  /** Tells what happens in `books`. */
  readonly hub: Hub;
  readonly fetches: ObservedFetch[];
  readonly logs: Record<string, unknown>[];
  /** Cuts all connections of a subgraph's server. */
  cutSubgraph(name: NewsSubgraph): void;
  stop(): Promise<void>;
}

export async function startNews(options: NewsOptions = {}): Promise<NewsGateway> {
  const defaults = defaultGatewayConfig({ production: false });
  const config: GatewayConfig = {
    ...defaults,
    port: 0,
    ...options.config,
    limits: { ...defaults.limits, ...options.config?.limits },
    streams: { ...defaults.streams, ...options.config?.streams },
  };
  const { logger, lines } = collectLogs({ level: 'debug' });
  const { transport = 'in-process' } = options;
  const hub = createHub();
  const clock = systemClock;
  const signer = await createInternalTokenSigner((await internalKeys).privateKey, clock);
  const subgraphs = newsSubgraphs.map((name) => createNewsSubgraph(name, hub, options.resolvers?.[name]));
  const servers = new Map<NewsSubgraph, SubgraphServer>();
  const transports = await Promise.all(
    subgraphs.map(async (subgraph) => {
      if (transport === 'in-process') return createInProcessTransport(subgraph, { clock });
      const server = await startSubgraphServer(subgraph);
      servers.set(subgraph.name as NewsSubgraph, server);
      return createHttpTransport({
        ...{ name: subgraph.name, url: server.url, clock, logger },
        headers: createInternalCallHeaders({ signer, subgraph: subgraph.name, clock }),
        subscriptions: { protocol: transport, ...options.subscriptions },
      });
    }),
  );
  const fetches: ObservedFetch[] = [];
  const gateway = await startGateway(config, {
    supergraphSdl: composeNews(),
    transports,
    findPrincipal: options.findPrincipal ?? (async () => null),
    logger,
    clock,
    onFetch: (fetch) => fetches.push(fetch),
    ...options.deps,
  });
  return {
    url: gateway.url,
    endpoint: `${gateway.url}/graphql`,
    hub,
    fetches,
    logs: lines,
    cutSubgraph: (name) => servers.get(name)?.cut(),
    stop: () => gateway.stop(),
    async [Symbol.asyncDispose]() {
      await gateway.stop();
      for (const each of transports) await each.stop();
      for (const each of servers.values()) await each.stop();
    },
  };
}

interface SubgraphServer {
  url: string;
  cut(): void;
  stop(): Promise<void>;
}

/** A subgraph's server as any vendor might write it: queries as JSON, subscriptions by the reference implementations of both protocols. */
async function startSubgraphServer(subgraph: Subgraph): Promise<SubgraphServer> {
  const { publicKey } = await internalKeys;
  const verifier = await createInternalTokenVerifier(publicKey, subgraph.name, systemClock);
  const { schema } = subgraph;
  const callOf = async (authorization: unknown): Promise<SubgraphCall> => {
    const { principal } = await verifier.verify(String(authorization).replace('Bearer ', ''));
    return { principal, requestId: 'peer', deadline: Date.now() + 60_000 };
  };
  const sse = createHandler({ schema, context: ({ raw }) => callOf(raw.headers.authorization) as never });
  const server = createServer((request, response) => {
    const wantsEvents = request.headers.accept?.startsWith('text/event-stream') === true;
    const answer = wantsEvents ? sse(request, response) : answerJson(request, response, { subgraph, callOf });
    answer.catch(() => response.writeHead(401).end());
  });
  const sockets = new Set<Socket>();
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
  });
  useServer(
    { schema, context: ({ connectionParams }) => callOf(connectionParams?.authorization) },
    new WebSocketServer({ server }),
  );
  await listen(server);
  const cut = () => sockets.forEach((socket) => socket.destroy());
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/graphql`,
    cut,
    async stop() {
      cut();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function answerJson(
  request: IncomingMessage,
  response: ServerResponse,
  { subgraph, callOf }: { subgraph: Subgraph; callOf: (authorization: unknown) => Promise<SubgraphCall> },
): Promise<void> {
  const call = await callOf(request.headers.authorization);
  let body = '';
  for await (const chunk of request) body += String(chunk);
  const result = await subgraph.execute(JSON.parse(body) as SubgraphRequest, call);
  response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(result));
}

function listen(server: Server): Promise<void> {
  return new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
}
