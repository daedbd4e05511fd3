import { link } from '../../kit/subgraph-source.ts';
import type { SubgraphSource } from '../../kit/subgraph-source.ts';

/** Where the fields come from: each value says who answered. */
export const old: SubgraphSource = {
  sdl: `${link}
    type Query { product: Product  parcel: Parcel  other: Int }
    type Product @key(fields: "id") { id: ID! price: String stock: String weight: String }
    type Parcel @key(fields: "id") { id: ID! size: String }
  `,
  resolvers: {
    Query: { product: () => ({ id: '1' }), parcel: () => ({ id: '2' }), other: () => 1 },
    Product: {
      __resolveReference: (reference: object) => reference,
      price: () => 'old price',
      stock: () => 'old stock',
      weight: () => 'old weight',
    },
    Parcel: { __resolveReference: (reference: object) => reference, size: () => 'old size' },
  },
};
