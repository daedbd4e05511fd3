import { composeServices } from '@apollo/composition';
import { parse } from 'graphql';

// The four subgraphs of the benchmark, in the shape of the federation workload that gateways are usually compared on: a review leads to a
// product and an author, both lead to reviews again, and the price of shipping needs fields of another subgraph.

const LINK =
  'extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", "@external", "@provides", "@requires", "@shareable"])';

export const SUBGRAPHS = {
  accounts: `${LINK}
    type Query { users: [User] user(id: ID!): User }
    type User @key(fields: "id") { id: ID! name: String username: String @shareable birthday: Int }`,
  products: `${LINK}
    type Query { topProducts(first: Int = 5): [Product] }
    type Product @key(fields: "upc") { upc: String! name: String price: Int weight: Int }`,
  inventory: `${LINK}
    type Product @key(fields: "upc") {
      upc: String!
      price: Int @external
      weight: Int @external
      inStock: Boolean
      shippingEstimate: Int @requires(fields: "price weight")
    }`,
  reviews: `${LINK}
    type Review @key(fields: "id") { id: ID! body: String product: Product author: User @provides(fields: "username") }
    type User @key(fields: "id") { id: ID! username: String @external reviews: [Review] }
    type Product @key(fields: "upc") { upc: String! reviews: [Review] }`,
} as const;

export type SubgraphName = keyof typeof SUBGRAPHS;
export const SUBGRAPH_NAMES = Object.keys(SUBGRAPHS) as SubgraphName[];

/** The operation that is measured: from people to reviews to products and back, and from products the same way round. */
export const OPERATION = `
  fragment UserFields on User { id username name }
  fragment ReviewFields on Review { id body }
  fragment ProductFields on Product { inStock name price shippingEstimate upc weight }
  query Reviews {
    users {
      ...UserFields
      reviews {
        ...ReviewFields
        product {
          ...ProductFields
          reviews {
            ...ReviewFields
            author { ...UserFields reviews { ...ReviewFields product { ...ProductFields } } }
          }
        }
      }
    }
    topProducts(first: 5) {
      ...ProductFields
      reviews {
        ...ReviewFields
        author { ...UserFields reviews { ...ReviewFields product { ...ProductFields } } }
      }
    }
  }`.replaceAll(/\s+/g, ' ');

/** What stock Apollo does for the operation; a change of the planner, the schema or the data shows here first. */
export const EXPECTED = { requests: 16, steps: 4, answerBytes: { least: 84_000, most: 92_000 } } as const;

/** The token of the request that is looked at before anything is measured. */
export const OBSERVED_CALLER = 'caller-observed';

/** Composes the supergraph of subgraphs that answer at `<baseUrl>/<name>`. */
export function composeSupergraph(baseUrl: string): string {
  const services = SUBGRAPH_NAMES.map((name) => ({
    name,
    url: `${baseUrl}/${name}`,
    typeDefs: parse(SUBGRAPHS[name]),
  }));
  const composed = composeServices(services);
  if (composed.errors) throw new Error(composed.errors.map(({ message }) => message).join('\n'));
  return composed.supergraphSdl;
}
