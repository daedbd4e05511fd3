import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

import { composeServices } from '@apollo/composition';
import { buildSubgraphSchema } from '@apollo/subgraph';
import { execute, parse, validate } from 'graphql';
import type { ExecutionResult } from 'graphql';

import { invariant } from '@tributary/kit/invariant';
import type { Subgraph, SubgraphRequest } from '@tributary/kit/subgraph';

// Subgraphs as small as a behavior needs them.

/** Imports everything that subgraphs of tests use. */
export const link = `extend schema @link(
  url: "https://specs.apollo.dev/federation/v2.9"
  import: [
    "@key", "@external", "@requires", "@provides", "@shareable", "@override", "@inaccessible", "@interfaceObject", "@tag", "@composeDirective",
    "@authenticated", "@requiresScopes", "@policy", "@context", "@fromContext"
  ]
)`;

export interface SubgraphSource {
  sdl: string;
  /** By type and field. */
  resolvers?: Readonly<Record<string, unknown>>;
  /** Answers in place of the resolvers, for subgraphs that do not keep to their schema. */
  answer?: (request: SubgraphRequest) => unknown;
}

/** By the name of the subgraph. */
export type SubgraphSources = Readonly<Record<string, SubgraphSource>>;

/** A fetch as it came to a subgraph. */
export interface SentFetch {
  subgraph: string;
  query: string;
  variables: Readonly<Record<string, unknown>>;
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

/** Runs it, and notes every fetch. */
export function createSubgraph(
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

/** Puts a subgraph behind a plain HTTP server. */
export async function serveSubgraph(subgraph: Subgraph): Promise<{ url: string; stop: () => Promise<void> }> {
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
