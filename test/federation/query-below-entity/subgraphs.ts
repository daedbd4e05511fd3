import { link } from '../../kit/subgraph-source.ts';
import type { SubgraphSources } from '../../kit/subgraph-source.ts';

// A mutation, and an entity, answer with the root of the graph, from where one may go on.

export const subgraphs: SubgraphSources = {
  boards: {
    sdl: `${link}
      type Query { board: Board, boards: [Board!]!, title(upper: Boolean = false): String! }
      type Mutation { rename: Renamed! }
      type Renamed { ok: Boolean!, query: Query! }
      type Board @key(fields: "id") { id: ID!, root: Query!, roots: [Query] }`,
    resolvers: {
      Query: {
        board: () => ({ id: 'b1' }),
        boards: () => [{ id: 'b1' }, { id: 'b2' }],
        title: (_: unknown, { upper }: { upper: boolean }) => (upper ? 'TITLE' : 'title'),
      },
      Mutation: { rename: () => ({ ok: true, query: {} }) },
      Board: { root: () => ({}), roots: () => [{}, null, {}] },
    },
  },
  users: {
    sdl: `${link}
      type Query { me: User, fail: String }
      type User @key(fields: "id") { id: ID!, name: String }
      type Board @key(fields: "id") { id: ID!, owner: User }`,
    resolvers: {
      Query: {
        me: () => ({ id: 'u1', name: 'Ann' }),
        fail: () => {
          throw new Error('x');
        },
      },
      Board: { owner: ({ id }: { id: string }) => ({ id: `owner of ${id}`, name: 'Bob' }) },
    },
  },
};
