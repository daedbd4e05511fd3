import { link } from '../../kit/subgraph-source.ts';
import type { SubgraphSources } from '../../kit/subgraph-source.ts';

export const subgraphs: SubgraphSources = {
  shop: {
    sdl: `${link}
      type Query { item: Item, items: [Item!]!, other: Item }
      type Item @key(fields: "id") { id: ID!, price: Int!, sold: Boolean! }`,
    resolvers: {
      Query: { item: () => ({ id: '1' }), items: () => [{ id: '1' }, { id: '2' }], other: () => ({ id: '3' }) },
      Item: { price: ({ id }: { id: string }) => Number(id), sold: () => false },
    },
  },
  stock: {
    sdl: `${link}
      type Item @key(fields: "id") {
        id: ID!
        price: Int! @external
        left: Int!
        place: Place
        worth: Int! @requires(fields: "price")
      }
      type Place { hall: String, shelf: String }`,
    resolvers: {
      Item: {
        left: () => 5,
        place: () => ({ hall: 'north', shelf: 'top' }),
        worth: ({ price }: { price: number }) => price * 5,
      },
    },
  },
};
