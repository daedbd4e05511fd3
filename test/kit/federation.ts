import { afterAll, beforeAll, beforeEach, describe } from 'vitest';

import {
  createForwardingCallHeaders,
  createHttpTransport,
  createInProcessTransport,
  createStockExecutor,
  defaultGatewayConfig,
  startGateway,
} from '@tributary/gateway';
import type { GatewayConfig, GatewayDependencies, SubgraphTransport } from '@tributary/gateway';
import type { Session } from '@tributary/gateway/auth/authenticate';
import { startWith, systemClock } from '@tributary/kit';
import type { Principal } from '@tributary/kit';

import { collectLogs } from './collect-logs.ts';
import { compose, createSubgraph, serveSubgraph } from './subgraph-source.ts';
import type { SentFetch, SubgraphSources } from './subgraph-source.ts';

// Tiny subgraphs, composed and behind a gateway that listens, reached in the same process or over plain HTTP servers of their own.

export const TRANSPORTS = ['in-process', 'http'] as const;

export interface FederationOptions {
  transport?: (typeof TRANSPORTS)[number];
  config?: Partial<GatewayConfig>;
  deps?: Partial<GatewayDependencies>;
}

export interface Asking {
  variables?: Readonly<Record<string, unknown>>;
  /** Scopes of the caller; left out: nobody has signed in. */
  scopes?: readonly string[];
  requestId?: string;
}

export interface FederationAnswer {
  data?: unknown;
  /** With the extensions beside the message, but for the id of the request, and without locations. */
  errors?: { message: string; path?: unknown; code?: unknown; [extension: string]: unknown }[];
}

export interface Federation {
  ask(query: string, asking?: Asking): Promise<FederationAnswer>;
  /** The same with the HTTP status and with the answer as it was sent. */
  send(query: string, asking?: Asking): Promise<{ status: number; text: string; answer: FederationAnswer }>;
  /** What the subgraphs were asked in this test, in the order in which it reached them. */
  readonly fetches: SentFetch[];
  readonly logs: readonly Record<string, unknown>[];
  /** GraphQL is at `/graphql` below it. */
  readonly url: string;
}

interface Way {
  name: string;
  options: FederationOptions;
}

const BOTH_TRANSPORTS: readonly Way[] = TRANSPORTS.map((transport) => ({
  name: `over the ${transport} transport`,
  options: { transport },
}));
const STOCK_EXECUTOR: Way = {
  name: 'by the executor of Apollo',
  options: { deps: { createExecutor: createStockExecutor } },
};

/** Tests that run over both transports, each with a gateway of its own. */
export function describeFederation(subgraphs: SubgraphSources, tests: (graph: Federation) => void): void {
  describeWays(BOTH_TRANSPORTS, subgraphs, tests);
}

/** The same, and by the executor of Apollo as well. */
export function describeEveryExecutor(subgraphs: SubgraphSources, tests: (graph: Federation) => void): void {
  describeWays([...BOTH_TRANSPORTS, STOCK_EXECUTOR], subgraphs, tests);
}

function describeWays(ways: readonly Way[], subgraphs: SubgraphSources, tests: (graph: Federation) => void): void {
  describe.each(ways)('$name', ({ options }) => {
    let running: (Federation & AsyncDisposable) | undefined;
    beforeAll(async () => {
      running = await startFederation(subgraphs, options);
    });
    beforeEach(() => void (running!.fetches.length = 0));
    afterAll(() => running?.[Symbol.asyncDispose]());
    tests({
      ask: (...question) => running!.ask(...question),
      send: (...question) => running!.send(...question),
      get url() {
        return running!.url;
      },
      get fetches() {
        return running!.fetches;
      },
      get logs() {
        return running!.logs;
      },
    });
  });
}

export function startFederation(
  sources: SubgraphSources,
  { transport = 'in-process', config, deps }: FederationOptions = {},
): Promise<Federation & AsyncDisposable> {
  return startWith(async (stack) => {
    const { logger, lines } = collectLogs({ level: 'debug' });
    const fetches: SentFetch[] = [];
    const transports: SubgraphTransport[] = [];
    for (const [name, source] of Object.entries(sources)) {
      const subgraph = createSubgraph(name, source, fetches);
      if (transport === 'in-process') {
        transports.push(createInProcessTransport(subgraph, { clock: systemClock }));
        continue;
      }
      const { url, stop } = await serveSubgraph(subgraph);
      stack.defer(stop);
      const headers = createForwardingCallHeaders({});
      transports.push(stack.use(createHttpTransport({ name, url, headers, clock: systemClock, logger })));
    }
    const gateway = stack.use(
      await startGateway(
        { ...defaultGatewayConfig({ production: false }), port: 0, ...config },
        {
          supergraphSdl: compose(sources),
          transports,
          authenticate: async ({ headersDistinct }) => sessionOf(headersDistinct['x-scopes']?.[0]),
          logger,
          clock: systemClock,
          ...deps,
        },
      ),
    );

    async function send(query: string, { variables, scopes, requestId }: Asking = {}) {
      const response = await fetch(`${gateway.url}/graphql`, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          ...(scopes && { 'x-scopes': scopes.join(' ') }),
          ...(requestId !== undefined && { 'x-request-id': requestId }),
        },
        body: JSON.stringify({ query, variables }),
      });
      const text = await response.text();
      return { status: response.status, text, answer: answerOf(JSON.parse(text) as RawAnswer) };
    }
    return {
      fetches,
      logs: lines,
      url: gateway.url,
      send,
      ask: async (query, asking) => (await send(query, asking)).answer,
      [Symbol.asyncDispose]: () => stack.stop(),
    };
  });
}

interface RawAnswer extends Omit<FederationAnswer, 'errors'> {
  errors?: { message: string; path?: unknown; extensions: Record<string, unknown> }[];
}

function answerOf({ errors, ...rest }: RawAnswer): FederationAnswer {
  return { ...rest, ...(errors && { errors: errors.map(factsOf) }) };
}

function factsOf({ message, path, extensions }: NonNullable<RawAnswer['errors']>[number]) {
  const { requestId: _, ...facts } = extensions;
  return { message, ...(path !== undefined && { path }), ...facts };
}

function sessionOf(scopes: string | undefined): Session {
  const principal = scopes === undefined ? null : userWith(scopes.split(' ').filter((each) => each !== ''));
  return { principal, expiresAt: null, again: async () => principal };
}

function userWith(scopes: readonly string[]): Principal {
  return { type: 'user', userId: 'u-1', memberships: [], roles: [], scopes, authTime: null, amr: [] };
}
