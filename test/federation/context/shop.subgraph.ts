import { link } from '../../kit/subgraph-source.ts';
import type { SubgraphSource } from '../../kit/subgraph-source.ts';

// Orders and lines take arguments from what they lie in: from a person or a company, and from a cart of either kind.

const order = (id: string) => ({ __typename: 'Order', id });
const buyers = [
  { __typename: 'User', id: 'u1', currency: 'EUR', orders: [order('o1'), order('shared')], childId: 'u2' },
  { __typename: 'User', id: 'u2', currency: 'USD', orders: [order('shared'), null, order('o2')], childId: null },
  { __typename: 'Company', id: 'c1', currency: 'GBP', orders: [order('shared')] },
];
const buyerById = ({ id }: { id: string | null }) => buyers.find((each) => each.id === id) ?? null;

const carts = [
  { __typename: 'Basket', id: 'b1', note: 'urgent', lines: [{ id: 'l1' }, { id: 'l2' }] },
  { __typename: 'Wish', id: 'w1', note: null, lines: [{ id: 'l1' }] },
  { __typename: 'Basket', id: 'b2', note: 'later', lines: [] },
];

export const shop: SubgraphSource = {
  sdl: `${link}
    type Query { users: [User]! buyers: [Buyer!]! carts: [Cart!]! }
    union Buyer = User | Company
    type User @key(fields: "id") @context(name: "buyer") @context(name: "payer") {
      id: ID!
      name: String @external
      currency: String!
      orders: [Order]!
      child: User
    }
    type Company @key(fields: "id") @context(name: "buyer") @context(name: "payer") {
      id: ID!
      name: String @external
      currency: String!
      orders: [Order]!
    }
    interface Cart @context(name: "cart") { id: ID! note: String lines: [Line!]! }
    type Basket implements Cart @key(fields: "id") { id: ID! note: String lines: [Line!]! }
    type Wish implements Cart @key(fields: "id") { id: ID! note: String lines: [Line!]! }
    type Order @key(fields: "id") {
      id: ID!
      greeting(style: String = "dear", name: String @fromContext(field: "$buyer { name }")): String
      total(
        currency: String @fromContext(field: "$payer ... on User { currency } ... on Company { currency }")
      ): String
      both(
        name: String @fromContext(field: "$buyer { name }")
        currency: String @fromContext(field: "$payer { currency }")
      ): String
    }
    type Line @key(fields: "id") { id: ID! remark(note: String @fromContext(field: "$cart { note }")): String }
  `,
  resolvers: {
    Query: { users: () => [buyers[0], null, buyers[1]], buyers: () => buyers, carts: () => carts },
    User: {
      __resolveReference: buyerById,
      child: ({ childId }: { childId: string | null }) => buyerById({ id: childId }),
    },
    Company: { __resolveReference: buyerById },
    Basket: { __resolveReference: ({ id }: { id: string }) => carts.find((each) => each.id === id) },
    Wish: { __resolveReference: ({ id }: { id: string }) => carts.find((each) => each.id === id) },
    Order: {
      __resolveReference: ({ id }: { id: string }) => order(id),
      greeting: ({ id }: { id: string }, { style, name }: Record<string, string>) => `${style} ${name}, ${id}`,
      total: ({ id }: { id: string }, { currency }: Record<string, string>) => `${id} in ${currency}`,
      both: (_: unknown, { name, currency }: Record<string, string>) => `${name} pays ${currency}`,
    },
    Line: {
      __resolveReference: ({ id }: { id: string }) => ({ id }),
      remark: ({ id }: { id: string }, { note }: { note?: string | null }) => `${id}: ${note}`,
    },
  },
};
