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
        mood: Mood
        currentMood: Mood!
        inspection: Visitor
        inspections: [Visitor!]
        internal: Ledger @inaccessible
      }
      type Guest implements Visitor @key(fields: "file") {
        file: ID! @inaccessible
        name: String!
        debts: Int @inaccessible
        letterFrom: Sender
      }
      type Inspector implements Visitor @inaccessible { name: String! }
      interface Visitor { name: String! }
      union Caller = Guest | Inspector
      interface Sender { city: String! }
      type Friend implements Sender @shareable { city: String! }
      type Authority implements Sender @shareable @inaccessible { city: String! }
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
        mood: () => 'HIDDEN',
        currentMood: () => 'HIDDEN',
        inspection: () => ({ __typename: 'Inspector', name: 'Ed' }),
        inspections: () => [{ __typename: 'Inspector', name: 'Ed' }],
      },
      Guest: {
        debts: () => 7,
        letterFrom: () => ({ __typename: 'Authority', city: 'Bern' }),
        __resolveReference: ({ file }: { file: string }) => ({ file, name: 'Ann' }),
      },
    },
  },
  bar: {
    sdl: `${link}
      type Guest @key(fields: "file") {
        file: ID!
        debts: Int @external
        drinks: [String!]
        credit: String @requires(fields: "debts")
        letterFrom: Sender @external
        gossip: String @requires(fields: "letterFrom { city }")
      }
      interface Sender { city: String! }
      type Friend implements Sender @shareable { city: String! }
      type Authority implements Sender @shareable @inaccessible { city: String! }`,
    resolvers: {
      Guest: {
        drinks: () => ['tea'],
        credit: ({ debts }: { debts: number }) => (debts > 5 ? 'none' : 'some'),
        gossip: ({ letterFrom }: { letterFrom: { city: string } }) => `has a letter from ${letterFrom.city}`,
      },
    },
  },
};
