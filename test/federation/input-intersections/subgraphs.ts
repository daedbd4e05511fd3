import { link } from '../../kit/subgraph-source.ts';
import type { SubgraphSources } from '../../kit/subgraph-source.ts';

// `Filter` has other optional fields in each subgraph. Every subgraph answers with what arrived.

const echo = (_: unknown, args: unknown) => JSON.stringify(args);

export const subgraphs: SubgraphSources = {
  first: {
    sdl: `${link}
      type Query { first(filter: Filter!, page: Page = { size: 5 }): String, things(filter: Filter): [Thing!]! }
      input Filter { words: [String!], depth: Int = 2, inner: Filter, onlyFirst: Boolean }
      input Page { size: Int! = 10, after: ID }
      type Thing @key(fields: "id") { id: ID!, echo(filter: Filter): String }`,
    resolvers: {
      Query: { first: echo, things: () => [{ id: 't1' }] },
      Thing: { echo },
    },
  },
  second: {
    sdl: `${link}
      type Query { second(filter: Filter!): String }
      input Filter { words: [String!], depth: Int = 2, inner: Filter, onlySecond: String }
      input Page { size: Int! = 10, after: ID }
      type Thing @key(fields: "id") { id: ID!, second(filter: Filter, page: Page): String }`,
    resolvers: { Query: { second: echo }, Thing: { second: echo } },
  },
};
