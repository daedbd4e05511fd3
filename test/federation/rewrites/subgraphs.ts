import { link } from '../../kit/subgraph-source.ts';
import type { SubgraphSources } from '../../kit/subgraph-source.ts';

// Members of a union have fields of the same name and different types, so within one fetch they need other names.

const typeOf = ({ __typename }: { __typename: string }) => __typename;
const all = [
  { __typename: 'User', id: 'u1', value: 'text', tags: ['a', 'b'], owner: { id: 'u2' } },
  { __typename: 'Group', id: 'g1', value: 7, tags: [1], owner: null },
  { __typename: 'Bot', id: 'b1', value: [1.5], tags: null, owner: { id: 'g2' } },
];

export const subgraphs: SubgraphSources = {
  accounts: {
    sdl: `${link}
      type Query { accounts: [Account!]!, actors: [Actor!]! }
      union Account = User | Group | Bot
      interface Actor { id: ID }
      type User implements Actor @key(fields: "id") { id: ID, value: String!, tags: [String!]!, owner: User }
      type Group implements Actor @key(fields: "id") { id: ID!, value: Int, tags: [Int], owner: Group }
      type Bot implements Actor @key(fields: "id") { id: ID!, value: [Float!], tags: [[String]], owner: Group! }`,
    resolvers: {
      Query: { accounts: () => all, actors: () => all },
      Account: { __resolveType: typeOf },
      Actor: { __resolveType: typeOf },
    },
  },
  limits: {
    sdl: `${link}
      type User @key(fields: "id") { id: ID, limit: Int!, seat: Seat }
      type Group @key(fields: "id") { id: ID!, limit: String, seat: [Seat] }
      type Bot @key(fields: "id") { id: ID!, limit: Float }
      type Seat { row: Int }`,
    resolvers: {
      User: { limit: () => 1, seat: () => ({ row: 1 }) },
      Group: { limit: () => 'none', seat: () => [{ row: 2 }, null] },
      Bot: { limit: () => 0.5 },
    },
  },
};
