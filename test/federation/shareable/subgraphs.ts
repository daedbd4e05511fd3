import { link } from '../../kit/subgraph-source.ts';
import type { SubgraphSources } from '../../kit/subgraph-source.ts';

// Fields that several subgraphs answer alike, at the root, of entities, and of objects without a key. Each subgraph marks what it
// answered where that does no harm.

export const subgraphs: SubgraphSources = {
  names: {
    sdl: `${link}
      type Query { product: Product @shareable, products: [Product!]! @shareable, version(major: Int = 1): String! @shareable }
      type Product { id: ID! @shareable, name: Text @shareable }
      type Text @shareable { plain: String, html: String }`,
    resolvers: {
      Query: {
        product: () => ({ id: '1', name: { plain: 'names', html: '<b>names</b>' } }),
        products: () => [
          { id: '1', name: { plain: 'a' } },
          { id: '2', name: { plain: 'b' } },
        ],
        version: (_: unknown, { major }: { major: number }) => `${major}.0`,
      },
    },
  },
  prices: {
    sdl: `${link}
      type Query { product: Product @shareable, products: [Product!]! @shareable, version(major: Int = 1): String! @shareable }
      type Product { id: ID! @shareable, price: Price }
      type Price { amount: Int!, currency: String! }`,
    resolvers: {
      Query: {
        product: () => ({ id: '1', price: { amount: 5, currency: 'EUR' } }),
        products: () => [
          { id: '1', price: { amount: 1, currency: 'EUR' } },
          { id: '2', price: null },
        ],
        version: (_: unknown, { major }: { major: number }) => `${major}.0`,
      },
    },
  },
  stock: {
    sdl: `${link}
      type Query { product: Product @shareable, products: [Product!]! @shareable, thing: Thing }
      type Product { id: ID! @shareable, name: Text @shareable, left: Int! }
      type Text @shareable { plain: String, html: String }
      type Thing @key(fields: "id") { id: ID!, kind: String @shareable, left: Int }`,
    resolvers: {
      Query: {
        product: () => ({ id: '1', left: 3, name: { plain: 'stock', html: '<b>stock</b>' } }),
        products: () => [
          { id: '1', left: 4 },
          { id: '2', left: 5 },
        ],
        thing: () => ({ id: 't', kind: 'stock', left: 1 }),
      },
    },
  },
  kinds: {
    sdl: `${link}
      type Query { other: Thing }
      type Thing @key(fields: "id") { id: ID!, kind: String @shareable, color: String }`,
    resolvers: {
      Query: { other: () => ({ id: 'o' }) },
      Thing: { kind: () => 'kinds', color: () => 'red' },
    },
  },
};
