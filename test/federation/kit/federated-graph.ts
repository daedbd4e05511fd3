import { Writable } from 'node:stream';

import { composeServices } from '@apollo/composition';
import { parse } from 'graphql';
import pino from 'pino';

import {
  createForwardingCallHeaders,
  createHttpTransport,
  createInProcessTransport,
  defaultGatewayConfig,
  startGateway,
} from '@tributary/gateway';
import type { GatewayConfig, GatewayDependencies, SubgraphTransport } from '@tributary/gateway';
import type { Session } from '@tributary/gateway/auth/authenticate';
import { systemClock } from '@tributary/kit/clock';
import type { Principal } from '@tributary/kit/principal';
import type { Subgraph, SubgraphRequest } from '@tributary/kit/subgraph';

import { sendJson, startPeer } from '../../integration/gateway/peer.ts';
import type { Peer } from '../../integration/gateway/peer.ts';
import { createSubgraph, subgraphSdl } from './subgraph.ts';
import type { SentFetch, SubgraphDefinition } from './subgraph.ts';

// A gateway over the tiny subgraphs of one federation behavior, asked over HTTP as a client would.

export type TransportKind = 'in-process' | 'http';
export const transportKinds: readonly TransportKind[] = ['in-process', 'http'];

const noHeaders = createForwardingCallHeaders({ forward: [] });

export interface FederationOptions {
  subgraphs: readonly SubgraphDefinition[];
  transport?: TransportKind;
  config?: Partial<GatewayConfig>;
  deps?: Partial<GatewayDependencies>;
}

export interface Answer {
  data?: unknown;
  errors?: { message: string; path?: unknown; extensions: Record<string, unknown> }[];
}

export interface AskOptions {
  variables?: Readonly<Record<string, unknown>>;
  /** Scopes of the caller; left out: nobody has signed in. */
  scopes?: readonly string[];
  requestId?: string;
}

export interface FederatedGraph extends AsyncDisposable {
  /** Every fetch since the last question. */
  readonly sent: readonly SentFetch[];
  readonly logs: readonly Record<string, unknown>[];
  ask(query: string, options?: AskOptions): Promise<Answer>;
  /** The same with the HTTP status. */
  send(query: string, options?: AskOptions): Promise<{ status: number; body: Answer }>;
}

export function composeSubgraphs(subgraphs: readonly SubgraphDefinition[]): string {
  const { supergraphSdl, errors } = composeServices(
    subgraphs.map((each) => ({
      name: each.name,
      url: `http://${each.name}.invalid/graphql`,
      typeDefs: parse(subgraphSdl(each)),
    })),
  );
  if (supergraphSdl === undefined) throw new AggregateError(errors ?? [], String(errors));
  return supergraphSdl;
}

export async function startFederation(options: FederationOptions): Promise<FederatedGraph> {
  const sent: SentFetch[] = [];
  const logs: Record<string, unknown>[] = [];
  const logger = createTestLogger(logs);
  const peers: Peer[] = [];
  const transports: SubgraphTransport[] = [];
  for (const definition of options.subgraphs) {
    const subgraph = createSubgraph(definition, (fetch) => sent.push(fetch));
    if (options.transport !== 'http') {
      transports.push(createInProcessTransport(subgraph, { clock: systemClock }));
      continue;
    }
    const peer = await startPeer((request, response) => answer(subgraph, request as { text?: string }, response));
    peers.push(peer);
    transports.push(
      createHttpTransport({ name: definition.name, url: peer.url, headers: noHeaders, clock: systemClock, logger }),
    );
  }
  const gateway = await startGateway(
    { ...defaultGatewayConfig({ production: false }), port: 0, ...options.config },
    {
      supergraphSdl: composeSubgraphs(options.subgraphs),
      transports,
      authenticate: async ({ headersDistinct }) => sessionOf(callerWith(headersDistinct['x-scopes']?.[0])),
      logger,
      clock: systemClock,
      ...options.deps,
    },
  );

  async function send(query: string, { variables, scopes, requestId }: AskOptions = {}) {
    sent.length = 0;
    const response = await fetch(`${gateway.url}/graphql`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        ...(scopes && { 'x-scopes': scopes.join(' ') }),
        ...(requestId !== undefined && { 'x-request-id': requestId }),
      },
      body: JSON.stringify({ query, variables }),
    });
    return { status: response.status, body: (await response.json()) as Answer };
  }
  return {
    sent,
    logs,
    send,
    ask: async (query, asking) => (await send(query, asking)).body,
    async [Symbol.asyncDispose]() {
      await gateway.stop();
      for (const transport of transports) await transport.stop();
      for (const peer of peers) await peer[Symbol.asyncDispose]();
    },
  };
}

function answer(subgraph: Subgraph, { text = '' }: { text?: string }, response: Parameters<typeof sendJson>[0]): void {
  const call = { principal: null, requestId: 'over-http', deadline: Date.now() + 10_000 };
  void subgraph.execute(JSON.parse(text) as SubgraphRequest, call).then((result) => sendJson(response, result));
}

function sessionOf(principal: Principal | null): Session {
  return { principal, expiresAt: null, again: async () => principal };
}

function callerWith(scopes: string | undefined): Principal | null {
  if (scopes === undefined) return null;
  return {
    type: 'user',
    userId: 'u-1',
    memberships: [],
    roles: [],
    scopes: scopes.split(' ').filter((each) => each !== ''),
    authTime: null,
    amr: [],
  };
}

function createTestLogger(logs: Record<string, unknown>[]) {
  const stream = new Writable({
    write(line, _encoding, done) {
      logs.push(JSON.parse(String(line)) as Record<string, unknown>);
      done();
    },
  });
  return pino({ level: 'debug' }, stream);
}
