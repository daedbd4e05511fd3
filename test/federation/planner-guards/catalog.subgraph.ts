import { link } from '../../kit/subgraph-source.ts';
import type { SubgraphSource } from '../../kit/subgraph-source.ts';

/** Knows the products, and answers calls with what they were called with. */
export const catalog = {
  sdl: `${link}
    type Query { product: Product media: [Media!]! }
    type Product @key(fields: "upc") @key(fields: "id") {
      id: ID!
      upc: ID!
      name: String
      price(currency: String = "EUR"): String
      items(limit: Int!): [Item!]
      size: Size
      trailer: Media
    }
    type Item @shareable { id: ID! }
    type Size { value(unit: Unit!): String }
    enum Unit { CM INCH }
    interface Media { id: ID! length(unit: Unit!): String }
    type Film implements Media @key(fields: "id") { id: ID! length(unit: Unit!): String }
    type Song implements Media @key(fields: "id") { id: ID! length(unit: Unit!): String }
  `,
  resolvers: {
    Query: {
      product: () => ({ id: '1', upc: 'u1' }),
      media: () => [
        { __typename: 'Film', id: 'f1' },
        { __typename: 'Song', id: 's1' },
      ],
    },
    Product: {
      __resolveReference: () => ({ id: '1', upc: 'u1' }),
      name: () => 'table',
      price: (_: unknown, { currency }: { currency: string }) => `10 ${currency}`,
      items: (_: unknown, { limit }: { limit: number }) =>
        Array.from({ length: limit }, (__, index) => ({ id: `i${index}` })),
      size: () => ({}),
      trailer: () => ({ __typename: 'Film', id: 'f2' }),
    },
    Size: { value: (_: unknown, { unit }: { unit: string }) => `80 ${unit}` },
    Film: { __resolveReference: (reference: object) => reference, length: lengthIn },
    Song: { __resolveReference: (reference: object) => reference, length: lengthIn },
  },
} satisfies SubgraphSource;

function lengthIn({ id }: { id: string }, { unit }: { unit: string }): string {
  return `${id} in ${unit}`;
}
