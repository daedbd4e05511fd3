import { link } from '../../kit/subgraph-source.ts';
import type { SubgraphSources } from '../../kit/subgraph-source.ts';

// Shipping is computed from what other subgraphs know of a thing. Every text says what its subgraph was told, so an answer shows what
// traveled.

interface Told {
  __typename: string;
  id: string;
}

const json = (value: unknown) => JSON.stringify(value);
const things = [
  { __typename: 'Book', id: 'b1', weight: 10, pages: 300 },
  { __typename: 'Lamp', id: 'l1', weight: 20, watts: 60 },
];

export const subgraphs: SubgraphSources = {
  catalog: {
    sdl: `${link}
      type Query { parcel(id: ID!): Parcel, parcels: [Parcel!]! }
      type Parcel @key(fields: "id") {
        id: ID!
        weight: Int
        size(unit: Unit = CM): Int!
        origin: Place!
        contents: [Thing!]!
        first: Item
        grid: [[Place!]]
      }
      enum Unit { CM MM }
      type Place { city: City!, gate: String }
      type City @key(fields: "id") { id: ID! }
      union Thing = Book | Lamp
      interface Item { id: ID!, weight: Int! }
      type Book implements Item @key(fields: "id") { id: ID!, weight: Int!, pages: Int! }
      type Lamp implements Item @key(fields: "id") { id: ID!, weight: Int!, watts: Int! }`,
    resolvers: {
      Query: { parcel: (_: unknown, { id }: { id: string }) => ({ id }), parcels: () => [{ id: '1' }, { id: '2' }] },
      Parcel: {
        __resolveReference: ({ id }: { id: string }) => ({ id }),
        weight: ({ id }: { id: string }) => (id === '2' ? null : Number(id) * 100),
        size: ({ id }: { id: string }, { unit }: { unit: string }) => Number(id) * (unit === 'MM' ? 10 : 1),
        origin: ({ id }: { id: string }) => ({ city: { id: `c${id}` }, gate: null }),
        contents: () => things,
        first: ({ id }: { id: string }) => things[Number(id) - 1] ?? null,
        grid: () => [[{ city: { id: 'c1' }, gate: 'x' }], null, []],
      },
    },
  },
  cities: {
    sdl: `${link}
      type City @key(fields: "id") { id: ID!, zone: Int! }`,
    resolvers: { City: { zone: ({ id }: { id: string }) => Number(id.slice(1)) } },
  },
  shipping: {
    sdl: `${link}
      type Parcel @key(fields: "id") {
        id: ID!
        weight: Int @external
        size(unit: Unit = CM): Int! @external
        origin: Place! @external
        contents: [Thing!]! @external
        first: Item @external
        grid: [[Place!]] @external
        price: String @requires(fields: "weight")
        box: String @requires(fields: "size(unit: MM)")
        route: String @requires(fields: "origin { city { zone } gate }")
        papers: String @requires(fields: "contents { __typename ... on Book { pages } ... on Lamp { watts } }")
        label: String @requires(fields: "first { __typename id ... on Lamp { watts } }")
        map: String @requires(fields: "grid { gate }")
      }
      enum Unit { CM MM }
      type Place @shareable { city: City! @external, gate: String @external }
      type City @key(fields: "id") { id: ID!, zone: Int! @external }
      union Thing = Book | Lamp
      interface Item { id: ID! }
      type Book implements Item @key(fields: "id") { id: ID!, pages: Int! @external }
      type Lamp implements Item @key(fields: "id") { id: ID!, watts: Int! @external }`,
    resolvers: {
      Parcel: {
        price: ({ weight }: Told & { weight: unknown }) => json({ weight }),
        box: ({ size }: Told & { size: unknown }) => json({ size }),
        route: ({ origin }: Told & { origin: unknown }) => json(origin),
        papers: ({ contents }: Told & { contents: unknown }) => json(contents),
        label: ({ first }: Told & { first: unknown }) => json(first),
        map: ({ grid }: Told & { grid: unknown }) => json(grid),
      },
      Thing: { __resolveType: ({ __typename }: Told) => __typename },
      Item: { __resolveType: ({ __typename }: Told) => __typename },
    },
  },
  insurance: {
    sdl: `${link}
      type Parcel @key(fields: "id") {
        id: ID!
        price: String @external
        premium: String @requires(fields: "price")
      }`,
    resolvers: { Parcel: { premium: ({ price }: Told & { price: unknown }) => `premium of ${String(price)}` } },
  },
  agents: {
    sdl: `${link}
      type Parcel @key(fields: "id") {
        id: ID!
        premium: String @external
        weight: Int @external
        fee: String @requires(fields: "weight premium")
      }`,
    resolvers: {
      Parcel: { fee: (told: Record<string, unknown>) => json({ weight: told.weight, premium: told.premium }) },
    },
  },
  rates: {
    sdl: `${link}
      type Query { contract: Contract }
      type Contract @key(fields: "id") {
        id: ID!
        years: Int! @external
        rate: Int! @requires(fields: "years")
        discount: Int!
      }`,
    resolvers: {
      Query: { contract: () => ({ id: 'k1' }) },
      Contract: { rate: ({ years }: { years: number }) => years * 10, discount: () => 3 },
    },
  },
  contracts: {
    sdl: `${link}
      type Contract @key(fields: "id") {
        id: ID!
        discount: Int! @external
        years: Int! @requires(fields: "discount")
      }`,
    resolvers: { Contract: { years: ({ discount }: { discount: number }) => discount + 1 } },
  },
};
