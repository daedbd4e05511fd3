import { buildSubgraphSchema } from '@apollo/subgraph';
import { composeServices } from '@apollo/composition';
import { execute, GraphQLScalarType, parse } from 'graphql';
import type { ExecutionResult } from 'graphql';

import type { SubgraphRequest } from '@tributary/kit/subgraph';

// A supergraph of three tiny subgraphs that need each other in every direction: `people`, `goods`, and `orders` between them.

const link = `extend schema @link(
  url: "https://specs.apollo.dev/federation/v2.9",
  import: ["@key", "@external", "@requires"]
)`;

const sdls = {
  people: `${link}
    scalar JSON
    type Query { person(id: ID!): Person  people: [Person!] }
    type Mutation { rename(id: ID!, name: String!): Person }
    type Person @key(fields: "id") {
      id: ID!
      name: String!
      email: String
      profile: JSON
      tags: [String!]
      friends: [Person!]!
    }`,
  goods: `${link}
    type Query { product(id: ID!): Product  products: [Product!]!  search: [Found!] }
    union Found = Product | Voucher
    enum Kind { TOY BOOK }
    type Product @key(fields: "id") { id: ID!  title: String!  price: Float  kind: Kind  maker: Person }
    type Voucher { code: String!  worth: Int }
    type Person @key(fields: "id", resolvable: false) { id: ID! }`,
  orders: `${link}
    type Query { orders: [Order!]  latest: Order }
    type Order @key(fields: "id") { id: ID!  total: Int!  isPaid: Boolean  buyer: Person!  lines: [Line!] }
    type Line { count: Int!  product: Product! }
    type Person @key(fields: "id") { id: ID!  orders: [Order!]  level: Int }
    type Product @key(fields: "id") {
      id: ID!
      title: String! @external
      sold: Int!
      label: String @requires(fields: "title")
    }`,
} as const;

export type MarketSubgraph = keyof typeof sdls;
export const marketSubgraphs = Object.keys(sdls) as MarketSubgraph[];

interface Reference {
  __typename?: string;
  id: string;
  title?: string;
}

const people: Readonly<Record<string, object>> = {
  p1: { id: 'p1', name: 'Ada', email: 'ada@example.com', profile: { likes: ['tea'] }, tags: ['a', 'b'], knows: 'p2' },
  p2: { id: 'p2', name: 'Bob', email: null, profile: null, tags: [], knows: 'p1' },
};
const products = [
  { __typename: 'Product', id: 'g1', title: 'Kite', price: 9.5, kind: 'TOY', maker: { id: 'p1' } },
  { __typename: 'Product', id: 'g2', title: 'Emma', price: 20, kind: 'BOOK', maker: { id: 'p2' } },
];
const orders = [
  { id: 'o1', total: 29, isPaid: true, buyer: { id: 'p1' }, lines: [{ count: 2, product: { id: 'g1' } }] },
  { id: 'o2', total: 20, isPaid: false, buyer: { id: 'p2' }, lines: [{ count: 1, product: { id: 'g2' } }] },
];
const findPerson = ({ id }: Reference) => people[checked(id)] ?? null;
const findProduct = ({ id }: Reference) => products.find((each) => each.id === checked(id)) ?? null;
// What a reference says comes from another subgraph, and a subgraph that is well does not believe everything.
const known = (reference: Reference) => ({ ...reference, id: checked(reference.id) });

function checked(value: unknown): string {
  if (typeof value !== 'string') throw new Error('A reference is not usable.');
  return value;
}

const resolvers = {
  people: {
    JSON: new GraphQLScalarType({ name: 'JSON' }),
    Query: { person: (_: unknown, args: Reference) => findPerson(args), people: () => Object.values(people) },
    Mutation: { rename: (_: unknown, { id, name }: { id: string; name: string }) => ({ ...people[id], name }) },
    Person: {
      __resolveReference: findPerson,
      friends: ({ knows }: { knows: string }) => [people[knows]],
    },
  },
  goods: {
    Query: {
      product: (_: unknown, args: Reference) => findProduct(args),
      products: () => products,
      search: () => [products[0], { __typename: 'Voucher', code: 'SPRING', worth: 5 }],
    },
    Product: { __resolveReference: findProduct },
  },
  orders: {
    Query: { orders: () => orders, latest: () => orders[1] },
    Order: { __resolveReference: ({ id }: Reference) => orders.find((each) => each.id === id) ?? null },
    Person: {
      __resolveReference: known,
      orders: ({ id }: Reference) => orders.filter(({ buyer }) => buyer.id === id),
      level: () => 3,
    },
    Product: {
      __resolveReference: known,
      sold: () => 7,
      label: ({ id, title }: Reference) => `${id}: ${checked(title)}`,
    },
  },
};

export function composeMarket(): string {
  const services = marketSubgraphs.map((name) => ({
    name,
    url: `http://${name}.invalid/graphql`,
    typeDefs: parse(sdls[name]),
  }));
  const { supergraphSdl, errors } = composeServices(services);
  if (supergraphSdl === undefined) throw new AggregateError(errors ?? [], String(errors));
  return supergraphSdl;
}

/** What a subgraph of the market answers when it is well. */
export function createMarketSubgraph(name: MarketSubgraph): (request: SubgraphRequest) => Promise<ExecutionResult> {
  const schema = buildSubgraphSchema({ typeDefs: parse(sdls[name]), resolvers: resolvers[name] });
  return async ({ query, variables }) => execute({ schema, document: parse(query), variableValues: variables ?? null });
}
