import { buildSubgraphSchema } from '@apollo/subgraph';
import { execute, parse, validate } from 'graphql';

import type { Subgraph, SubgraphCall } from '@tributary/kit/subgraph';

/** Resolvers by type and field. */
export type Resolvers = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

/** A subgraph as small as a behavior needs it. */
export interface SubgraphDefinition {
  name: string;
  /** Without the link to the federation specification, which every subgraph here has. */
  sdl: string;
  resolvers: Resolvers;
}

/** A fetch as it came to a subgraph. */
export interface SentFetch {
  subgraph: string;
  query: string;
  variables: Readonly<Record<string, unknown>>;
}

const DIRECTIVES = [
  '@authenticated',
  '@context',
  '@external',
  '@fromContext',
  '@inaccessible',
  '@interfaceObject',
  '@key',
  '@override',
  '@policy',
  '@provides',
  '@requires',
  '@requiresScopes',
  '@shareable',
];

export function subgraphSdl({ sdl }: Pick<SubgraphDefinition, 'sdl'>): string {
  const imported = DIRECTIVES.map((name) => JSON.stringify(name)).join(', ');
  return `extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: [${imported}])\n${sdl}`;
}

/** Runs it, and tells of every fetch. */
export function createSubgraph(definition: SubgraphDefinition, onFetch: (fetch: SentFetch) => void): Subgraph {
  const { name, resolvers } = definition;
  const schema = buildSubgraphSchema({ typeDefs: parse(subgraphSdl(definition)), resolvers: resolvers as never });
  return {
    name,
    schema,
    async execute({ query, variables }, call: SubgraphCall) {
      onFetch({ subgraph: name, query, variables: variables ?? {} });
      const document = parse(query);
      const errors = validate(schema, document);
      if (errors.length > 0) return { errors };
      return execute({ schema, document, contextValue: call, variableValues: variables ?? null });
    },
    isReady: async () => true,
    stop: async () => undefined,
  };
}
