import { link } from '../../kit/subgraph-source.ts';
import type { SubgraphSources } from '../../kit/subgraph-source.ts';

// Guests of a hotel, with much that is only for the house: keys, types, members of unions, values of enums, arguments.

export const subgraphs: SubgraphSources = {
  desk: {
    sdl: `${link}
      type Query {
        guests(page: Int, secret: String @inaccessible): [Guest!]!
        visitors: [Visitor]
        callers: [Caller!]
        moods: [Mood]
        internal: Ledger @inaccessible
      }
      type Guest implements Visitor @key(fields: "file") { file: ID! @inaccessible, name: String!, debts: Int @inaccessible }
      type Inspector implements Visitor @inaccessible { name: String! }
      interface Visitor { name: String! }
      union Caller = Guest | Inspector
      type Ledger @inaccessible { total: Int }
      enum Mood { GOOD BAD HIDDEN @inaccessible }`,
    resolvers: {
      Query: {
        guests: () => [{ file: 'f1', name: 'Ann' }],
        visitors: () => [
          { __typename: 'Guest', file: 'f1', name: 'Ann' },
          { __typename: 'Inspector', name: 'Ed' },
        ],
        callers: () => [{ __typename: 'Inspector', name: 'Ed' }],
        moods: () => ['GOOD', 'HIDDEN', 'BAD'],
      },
      Guest: { debts: () => 7, __resolveReference: ({ file }: { file: string }) => ({ file, name: 'Ann' }) },
    },
  },
  bar: {
    sdl: `${link}
      type Guest @key(fields: "file") {
        file: ID!
        debts: Int @external
        drinks: [String!]
        credit: String @requires(fields: "debts")
      }`,
    resolvers: {
      Guest: { drinks: () => ['tea'], credit: ({ debts }: { debts: number }) => (debts > 5 ? 'none' : 'some') },
    },
  },
};
