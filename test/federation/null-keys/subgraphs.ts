import { link } from '../../kit/subgraph-source.ts';
import type { SubgraphSources } from '../../kit/subgraph-source.ts';

// Desks and who sits at them. A desk may be free, a name on a list may belong to nobody, and a badge may not have been printed.

const desks = [
  { id: 'd1', person: { id: 'ann', badge: 1 } },
  { id: 'd2', person: null },
  { id: 'd3', person: { id: 'gone', badge: null } },
  { id: 'd4', person: { id: 'bob', badge: null } },
];

export const subgraphs: SubgraphSources = {
  desks: {
    sdl: `${link}
      type Query { desks: [Desk], rows: [[Person]] }
      type Desk { id: ID!, person: Person }
      type Person @key(fields: "id") @key(fields: "badge") { id: ID!, badge: Int }`,
    resolvers: {
      Query: { desks: () => desks, rows: () => [[desks[0]!.person, null], null, [desks[2]!.person, desks[3]!.person]] },
    },
  },
  people: {
    sdl: `${link}
      type Person @key(fields: "id") { id: ID!, name: String, room: Room }
      type Room @key(fields: "id") { id: ID! }`,
    resolvers: {
      Person: {
        __resolveReference: ({ id }: { id: string }) => (id === 'gone' ? null : { id }),
        name: ({ id }: { id: string }) => id.toUpperCase(),
        room: ({ id }: { id: string }) => (id === 'ann' ? { id: 'r1' } : null),
      },
    },
  },
  doors: {
    sdl: `${link}
      type Person @key(fields: "badge") { badge: Int, opens: [String!] }
      type Room @key(fields: "id") { id: ID!, floor: Int }`,
    resolvers: {
      Person: { opens: ({ badge }: { badge: number | null }) => (badge === null ? null : [`door ${badge}`]) },
      Room: { floor: () => 3 },
    },
  },
};
