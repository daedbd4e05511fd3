import { createPlainSubgraphTransport, defaultGatewayConfig, startGateway } from '@tributary/gateway';
import type { TransportGuards } from '@tributary/gateway';
import { ANONYMOUS } from '@tributary/gateway/auth/authenticate';
import { systemClock } from '@tributary/kit/clock';
import { ReleaseStack } from '@tributary/kit/lifecycle';
import type { SubgraphRequest } from '@tributary/kit/subgraph';

import { collectLogs } from '../../../kit/collect-logs.ts';
import { sendJson, startPeer } from '../peer.ts';
import { startFaultProxy } from './fault-proxy.ts';
import type { Fault, FaultProxy } from './fault-proxy.ts';
import { composeMarket, createMarketSubgraph, marketSubgraphs } from './market.ts';
import type { MarketSubgraph } from './market.ts';
import type { MarketOperation } from './operations.ts';

/** The servers of the subgraphs, each behind a proxy that can misbehave. */
export interface Market extends AsyncDisposable {
  readonly proxies: Readonly<Record<MarketSubgraph, FaultProxy>>;
}

/** A request id of the form `<subgraph>.<number of the fault>.<anything>` asks that subgraph for that fault. */
export async function startMarket(faults: readonly Fault[] = []): Promise<Market> {
  const stack = new ReleaseStack();
  const proxies = await Promise.all(
    marketSubgraphs.map(async (name) => {
      const answer = createMarketSubgraph(name);
      const peer = await startPeer((request, response) => {
        const { text } = request as { text?: string };
        void answer(JSON.parse(text!) as SubgraphRequest).then((result) => sendJson(response, result));
      });
      stack.defer(async () => peer[Symbol.asyncDispose]());
      const faultOf = (requestId: string) => {
        const [subgraph, index] = requestId.split('.');
        return subgraph === name ? faults[Number(index)] : undefined;
      };
      const proxy = await startFaultProxy({ upstream: peer.url, faultOf });
      stack.defer(async () => proxy[Symbol.asyncDispose]());
      return [name, proxy] as const;
    }),
  );
  return { proxies: Object.fromEntries(proxies) as Market['proxies'], [Symbol.asyncDispose]: () => stack.stop() };
}

export interface MarketAnswer {
  status: number;
  text: string;
  body: { data?: unknown; errors?: readonly MarketError[] };
  durationMs: number;
}

export interface MarketError {
  message: string;
  path?: readonly (string | number)[];
  extensions: Readonly<Record<string, unknown>>;
}

export interface MarketGateway extends AsyncDisposable {
  readonly logs: readonly Record<string, unknown>[];
  query(operation: MarketOperation, headers?: Readonly<Record<string, string>>): Promise<MarketAnswer>;
}

export interface MarketGatewayOptions {
  guards: TransportGuards;
  deadlineMs?: number;
  /** One fetch, of all subgraphs or of one. */
  timeoutMs?: number | Partial<Record<MarketSubgraph, number>>;
}

const LONG_MS = 20_000; // a busy machine may take its time over an answer
const FORWARDED = ['authorization', 'x-tenant'];
const MAX_ANSWER_BYTES = 4 * 1024 * 1024;

/** A gateway in production that reaches the market over HTTP. */
export async function startMarketGateway(market: Market, options: MarketGatewayOptions): Promise<MarketGateway> {
  const { guards, deadlineMs = LONG_MS, timeoutMs = {} } = options;
  const stack = new ReleaseStack();
  const { logger, lines } = collectLogs();
  const clock = systemClock;
  const transports = marketSubgraphs.map((name) =>
    stack.use(
      createPlainSubgraphTransport({
        name,
        url: market.proxies[name].url,
        headers: { forward: FORWARDED },
        sharesQueries: false, // each request goes wrong by itself
        guards,
        maxAnswerBytes: MAX_ANSWER_BYTES,
        timeoutMs: (typeof timeoutMs === 'number' ? timeoutMs : timeoutMs[name]) ?? LONG_MS,
        clock,
        logger,
      }),
    ),
  );
  const defaults = defaultGatewayConfig({ production: true });
  const gateway = stack.use(
    await startGateway(
      {
        ...defaults,
        port: 0,
        forwardHeaders: FORWARDED,
        limits: { ...defaults.limits, deadlineMs },
      },
      { supergraphSdl: composeMarket(), transports, authenticate: async () => ANONYMOUS, logger, clock },
    ),
  );
  return {
    logs: lines,
    async query(operation, headers = {}) {
      const startedAt = performance.now();
      const response = await fetch(`${gateway.url}/graphql`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...headers },
        body: JSON.stringify(operation),
      });
      const text = await response.text();
      const durationMs = performance.now() - startedAt;
      return { status: response.status, text, body: JSON.parse(text) as MarketAnswer['body'], durationMs };
    },
    [Symbol.asyncDispose]: () => stack.stop(),
  };
}
