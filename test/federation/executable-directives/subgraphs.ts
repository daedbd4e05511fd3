import { link } from '../../kit/subgraph-source.ts';
import type { SubgraphSources } from '../../kit/subgraph-source.ts';

// Two subgraphs share directives under a specification of their own and disagree about a default; `reviews` knows none of them.

const specification = `extend schema
  @link(url: "https://specs.example/access/v1.0", import: ["@access", "@traced", "@quietly", "@team"])
  @composeDirective(name: "@access")
  @composeDirective(name: "@traced")
  @composeDirective(name: "@quietly")
  @composeDirective(name: "@team")
directive @traced(with: Trace) on QUERY | MUTATION | VARIABLE_DEFINITION
directive @quietly on MUTATION | FRAGMENT_SPREAD
directive @team(name: String!) on OBJECT
enum Scope { PUBLIC STAFF }
input Trace { level: Int = 1, name: String }`;

export const subgraphs: SubgraphSources = {
  catalog: {
    sdl: `${link} ${specification}
      "Who may know of it."
      directive @access(scope: Scope!, reason: String) repeatable on FIELD | FIELD_DEFINITION | INLINE_FRAGMENT
      type Query { product: Product @access(scope: STAFF) }
      type Mutation { productRename(name: String!): Product }
      type Product @key(fields: "id") @team(name: "catalog") { id: ID!, name: String, title(short: Boolean): String }`,
    resolvers: {
      Query: { product: () => ({ id: 'p1', name: 'table' }) },
      Mutation: { productRename: (_: unknown, { name }: { name: string }) => ({ id: 'p1', name }) },
      Product: { title: (_: unknown, { short }: { short?: boolean }) => (short ? 'tab' : 'table') },
    },
  },
  store: {
    sdl: `${link} ${specification}
      "Who may know of it."
      directive @access(scope: Scope! = PUBLIC, reason: String) repeatable on FIELD | FIELD_DEFINITION | INLINE_FRAGMENT
      type Product @key(fields: "id") {
        id: ID!
        left(weighed: String): Int
        title(short: Boolean): String @external
        slogan: String @requires(fields: "title(short: true)")
      }`,
    resolvers: { Product: { left: () => 3, slogan: ({ title }: { title: string }) => `buy a ${title}` } },
  },
  reviews: {
    sdl: `${link}
      type Product @key(fields: "id") { id: ID!, rating: Int }
      enum Scope { PUBLIC STAFF }
      input Trace { level: Int = 1, name: String }`,
    resolvers: { Product: { rating: () => 5 } },
  },
};
