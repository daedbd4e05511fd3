import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

import { composeServices } from '@apollo/composition';
import { buildSubgraphSchema } from '@apollo/subgraph';
import { execute, parse, validate } from 'graphql';
import type { ExecutionResult } from 'graphql';
import { afterAll, beforeAll, beforeEach, describe } from 'vitest';

import {
  createHttpTransport,
  createInProcessTransport,
  createStockExecutor,
  defaultGatewayConfig,
  startGateway,
} from '@tributary/gateway';
import type { GatewayDependencies, SubgraphTransport } from '@tributary/gateway';
import { createLogger, startWith, systemClock } from '@tributary/kit';
import { invariant } from '@tributary/kit/invariant';
import type { Subgraph, SubgraphRequest } from '@tributary/kit/subgraph';

// Tiny subgraphs, composed and behind a gateway that listens, reached in the same process or over plain HTTP servers of their own.

/** Imports everything that subgraphs of tests use. */
export const link = `extend schema @link(
  url: "https://specs.apollo.dev/federation/v2.9"
  import: [
    "@key", "@external", "@requires", "@provides", "@shareable", "@override", "@inaccessible", "@interfaceObject", "@tag", "@composeDirective"
  ]
)`;

export interface SubgraphSource {
  sdl: string;
  /** By type and field. */
  resolvers?: Readonly<Record<string, unknown>>;
  /** Answers in place of the resolvers, for subgraphs that do not keep to their schema. */
  answer?: (request: SubgraphRequest) => unknown;
}

export type SubgraphSources = Readonly<Record<string, SubgraphSource>>;

export interface FederationAnswer {
  data: unknown;
  errors?: { message: string; path?: unknown; code: unknown; subgraph?: unknown }[];
}

export interface SentFetch {
  subgraph: string;
  query: string;
  variables: Readonly<Record<string, unknown>>;
}

export interface Federation {
  ask(query: string, variables?: Record<string, unknown>, operationName?: string): Promise<FederationAnswer>;
  /** The same with the answer as it was sent. */
  askForText(query: string, variables?: Record<string, unknown>): Promise<string>;
  /** What the subgraphs were asked in this test, in the order in which it reached them. */
  readonly fetches: SentFetch[];
  /** GraphQL is at `/graphql` below it. */
  readonly url: string;
}

interface Way {
  name: string;
  transport: 'in-process' | 'http';
  deps?: Partial<GatewayDependencies>;
}

const BOTH_TRANSPORTS: readonly Way[] = (['in-process', 'http'] as const).map((transport) => ({
  name: `over the ${transport} transport`,
  transport,
}));
const STOCK_EXECUTOR: Way = {
  name: 'by the executor of Apollo',
  transport: 'in-process',
  deps: { createExecutor: createStockExecutor },
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
  describe.each(ways)('$name', ({ transport, deps }) => {
    let running: (Federation & AsyncDisposable) | undefined;
    beforeAll(async () => {
      running = await startFederation(subgraphs, transport, deps);
    });
    beforeEach(() => void (running!.fetches.length = 0));
    afterAll(() => running?.[Symbol.asyncDispose]());
    tests({
      ask: (...question) => running!.ask(...question),
      askForText: (...question) => running!.askForText(...question),
      get url() {
        return running!.url;
      },
      get fetches() {
        return running!.fetches;
      },
    });
  });
}

export function startFederation(
  sources: SubgraphSources,
  transport: 'in-process' | 'http',
  deps: Partial<GatewayDependencies> = {},
): Promise<Federation & AsyncDisposable> {
  return startWith(async (stack) => {
    const logger = createLogger({ level: 'silent', name: 'test' });
    const fetches: SentFetch[] = [];
    const transports: SubgraphTransport[] = [];
    for (const [name, source] of Object.entries(sources)) {
      const subgraph = createTestSubgraph(name, source, fetches);
      if (transport === 'in-process') transports.push(createInProcessTransport(subgraph, { clock: systemClock }));
      else {
        const server = await startServer(subgraph);
        stack.defer(server.stop);
        const { url } = server;
        transports.push(stack.use(createHttpTransport({ name, url, headers: () => ({}), clock: systemClock, logger })));
      }
    }
    const gateway = stack.use(
      await startGateway(
        { ...defaultGatewayConfig({ production: false }), port: 0, issuers: [] },
        {
          supergraphSdl: compose(sources),
          transports,
          findPrincipal: async () => null,
          logger,
          clock: systemClock,
          ...deps,
        },
      ),
    );

    const send = async (body: Record<string, unknown>) => {
      const response = await fetch(`${gateway.url}/graphql`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
      });
      return response.text();
    };
    return {
      fetches,
      url: gateway.url,
      askForText: (query, variables) => send({ query, variables }),
      async ask(query, variables, operationName) {
        const { data, errors } = JSON.parse(await send({ query, variables, operationName })) as RawAnswer;
        return { data, ...(errors && { errors: errors.map(factsOf) }) };
      },
      [Symbol.asyncDispose]: () => stack.stop(),
    };
  });
}

interface RawAnswer {
  data: unknown;
  errors?: { message: string; path?: unknown; extensions: Record<string, unknown> }[];
}

function factsOf({ message, path, extensions: { code, subgraph } }: NonNullable<RawAnswer['errors']>[number]) {
  return { message, ...(path !== undefined && { path }), code, ...(subgraph !== undefined && { subgraph }) };
}

export function compose(sources: SubgraphSources): string {
  const services = Object.entries(sources).map(([name, { sdl }]) => ({
    name,
    url: `http://${name}.invalid/`,
    typeDefs: parse(sdl),
  }));
  const { supergraphSdl, errors } = composeServices(services);
  invariant(supergraphSdl !== undefined, `The subgraphs cannot be composed: ${String(errors)}`);
  return supergraphSdl;
}

function createTestSubgraph(
  name: string,
  { sdl, resolvers = {}, answer }: SubgraphSource,
  fetches: SentFetch[],
): Subgraph {
  const schema = buildSubgraphSchema({ typeDefs: parse(sdl), resolvers: resolvers as never });
  return {
    name,
    schema,
    isReady: async () => true,
    stop: async () => undefined,
    async execute(request) {
      const { query, variables = {} } = request;
      fetches.push({ subgraph: name, query, variables });
      if (answer) return (await answer(request)) as ExecutionResult;
      const document = parse(query);
      const errors = validate(schema, document);
      if (errors.length > 0) return { errors };
      return execute({ schema, document, variableValues: variables });
    },
  };
}

async function startServer(subgraph: Subgraph): Promise<{ url: string; stop: () => Promise<void> }> {
  const server = createServer((request, response) => {
    void (async () => {
      const asked = JSON.parse(await text(request)) as SubgraphRequest;
      const result = await subgraph.execute(asked, { principal: null, requestId: '', deadline: Infinity });
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(result));
    })();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/graphql`,
    async stop() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
