import { link } from '../../kit/subgraph-source.ts';
import type { SubgraphSources } from '../../kit/subgraph-source.ts';

// A cart that two subgraphs write to. Every mutation answers how many there were before it, whoever did them.

let done = 0;
const next = () => ({ id: 'cart', turn: (done += 1) });

export const subgraphs: SubgraphSources = {
  carts: {
    sdl: `${link}
      type Query { cart: Cart }
      type Mutation { add(item: ID!): Cart!, reset: Int!, fail: Cart, must: Cart! }
      type Cart @key(fields: "id") { id: ID!, turn: Int! @shareable, items: [ID!]! }`,
    resolvers: {
      Query: { cart: () => ({ id: 'cart', turn: 0 }) },
      Mutation: {
        add: next,
        reset: () => (done = 0),
        fail: () => {
          done += 1;
          throw new Error('no');
        },
        must: () => null,
      },
      Cart: { items: () => ['i1'] },
    },
  },
  coupons: {
    sdl: `${link}
      type Mutation { redeem(coupon: ID!): Cart! }
      type Cart @key(fields: "id") { id: ID!, turn: Int! @shareable, coupons: Int! }`,
    resolvers: { Mutation: { redeem: next }, Cart: { coupons: () => done } },
  },
};
