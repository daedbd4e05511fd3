import { link } from '../../kit/subgraph-source.ts';
import type { SubgraphSources } from '../../kit/subgraph-source.ts';

// Vehicles of two kinds, whose interface has other fields in each subgraph.

const typeOf = ({ __typename }: { __typename: string }) => __typename;
const car = { __typename: 'Car', id: 'c1', plate: 'AA-1' };
const boat = { __typename: 'Boat', id: 'b1', name: 'Nau' };

export const subgraphs: SubgraphSources = {
  registry: {
    sdl: `${link}
      type Query { vehicles: [Vehicle!]!, vehicle(id: ID!): Vehicle, anything: Anything, node(id: ID!): Node }
      interface Node { id: ID! }
      interface Vehicle implements Node { id: ID!, owner: Person, next: Vehicle }
      union Anything = Car | Boat | Person
      type Car implements Node & Vehicle @key(fields: "id") { id: ID!, plate: String, owner: Person, next: Vehicle }
      type Boat implements Node & Vehicle @key(fields: "id") { id: ID!, name: String, owner: Person, next: Vehicle, keeper: Keeper }
      type Keeper @key(fields: "id") { id: ID!, phone: String }
      type Person implements Node @key(fields: "id") { id: ID! }`,
    resolvers: {
      Query: {
        vehicles: () => [car, boat],
        vehicle: (_: unknown, { id }: { id: string }) => [car, boat].find((each) => each.id === id),
        anything: () => boat,
        node: (_: unknown, { id }: { id: string }) =>
          [car, boat, { __typename: 'Person', id: 'p1' }].find((each) => each.id === id),
      },
      Vehicle: { __resolveType: typeOf },
      Node: { __resolveType: typeOf },
      Anything: { __resolveType: typeOf },
      Car: { owner: () => ({ id: 'p1' }), next: () => boat, plate: () => 'AA-1' },
      Boat: { owner: () => null, next: () => car, keeper: () => ({ id: 'k1' }) },
      Keeper: { phone: ({ id }: { id: string }) => `phone of ${id}` },
    },
  },
  workshop: {
    sdl: `${link}
      type Query { repaired: [Machine] }
      interface Machine { id: ID!, repairs: Int! }
      interface Vehicle { id: ID!, weight(unit: String): Int! }
      type Car implements Vehicle & Machine @key(fields: "id") { id: ID!, weight(unit: String): Int!, repairs: Int!, keeper: Keeper }
      type Keeper @key(fields: "id") { id: ID! }
      type Boat implements Vehicle @key(fields: "id") { id: ID!, weight(unit: String): Int! }
      type Crane implements Machine @key(fields: "id") { id: ID!, repairs: Int! }`,
    resolvers: {
      Query: { repaired: () => [{ __typename: 'Car', id: 'c1' }, null, { __typename: 'Crane', id: 'k1' }] },
      Machine: { __resolveType: typeOf },
      Vehicle: { __resolveType: typeOf },
      Car: {
        weight: (_: unknown, { unit }: { unit?: string }) => (unit === 't' ? 1 : 1000),
        repairs: () => 3,
        keeper: () => ({ id: 'k2' }),
      },
      Boat: { weight: () => 5000 },
      Crane: { repairs: () => 1 },
    },
  },
  people: {
    sdl: `${link}
      interface Named { name: String! }
      type Person implements Named @key(fields: "id") { id: ID!, name: String!, uses: [Vehicle!]! }
      interface Vehicle { id: ID! }
      type Boat implements Vehicle @key(fields: "id") { id: ID! }
      type Car implements Vehicle @key(fields: "id") { id: ID! }`,
    resolvers: {
      Person: {
        name: () => 'Ann',
        uses: () => [
          { __typename: 'Boat', id: 'b1' },
          { __typename: 'Car', id: 'c1' },
        ],
      },
      Vehicle: { __resolveType: typeOf },
      Named: { __resolveType: typeOf },
    },
  },
};
