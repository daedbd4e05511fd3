import { link } from '../../kit/subgraph-source.ts';
import type { SubgraphSource } from '../../kit/subgraph-source.ts';

/** Where the fields go: one for everybody, one for a part of the requests, one when its label holds. */
export const fresh: SubgraphSource = {
  sdl: `${link}
    type Product @key(fields: "id") {
      id: ID!
      price: String @override(from: "old", label: "percent(25)")
      stock: String @override(from: "old", label: "new-stock")
      weight: String @override(from: "old")
    }
    type Parcel @key(fields: "id") { id: ID! size: String @override(from: "old", label: "new-size") }
  `,
  resolvers: {
    Product: {
      __resolveReference: (reference: object) => reference,
      price: () => 'new price',
      stock: () => 'new stock',
      weight: () => 'new weight',
    },
    Parcel: { __resolveReference: (reference: object) => reference, size: () => 'new size' },
  },
};
