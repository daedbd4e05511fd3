import { link } from '../../kit/subgraph-source.ts';
import type { SubgraphSources } from '../../kit/subgraph-source.ts';

// Money and addresses have no key: every subgraph answers its own.

export const subgraphs: SubgraphSources = {
  orders: {
    sdl: `${link}
      scalar Json
      type Query { order: Order, shared: Address @shareable }
      type Order @key(fields: "id") { id: ID!, total: Money!, parts: [[Money]!], to: Address, extra: Json }
      type Money @shareable { amount: Int!, currency: Currency! }
      enum Currency { EUR USD }
      type Address @shareable { street: String, city: City }
      type City @key(fields: "zip") { zip: ID! }`,
    resolvers: {
      Query: { order: () => ({ id: '1' }), shared: () => ({ street: 'shared', city: { zip: 'z2' } }) },
      Order: {
        total: () => ({ amount: 5, currency: 'EUR' }),
        parts: () => [[{ amount: 1, currency: 'EUR' }, null], []],
        to: () => ({ street: 'orders', city: { zip: 'z1' } }),
        extra: () => ({ __proto: 1, list: [1, { deep: null }], total: { amount: 'text' } }),
      },
    },
  },
  bills: {
    sdl: `${link}
      scalar Json
      type Query { shared: Address @shareable }
      type Order @key(fields: "id") { id: ID!, billed: Money, billTo: Address, raw: Json }
      type Money @shareable { amount: Int!, currency: Currency! }
      enum Currency { EUR USD }
      type Address @shareable { street: String, city: City }
      type City @key(fields: "zip") { zip: ID!, name: String }`,
    resolvers: {
      Query: { shared: () => ({ street: 'shared', city: { zip: 'z2' } }) },
      Order: {
        billed: () => ({ amount: 7, currency: 'USD' }),
        billTo: () => ({ street: 'bills', city: { zip: 'z3' } }),
        raw: () => [false, 0, '', null],
      },
      City: { name: ({ zip }: { zip: string }) => `city ${zip}` },
    },
  },
};
