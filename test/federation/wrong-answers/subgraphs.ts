import type { SubgraphRequest } from '@tributary/kit/subgraph';

import { link } from '../../kit/subgraph-source.ts';
import type { SubgraphSources } from '../../kit/subgraph-source.ts';

// `faulty` answers with whatever the test puts here.

export const faulty: { answer: (request: SubgraphRequest) => unknown } = { answer: () => ({}) };

export const subgraphs: SubgraphSources = {
  right: {
    sdl: `${link}
      type Query { shape: Shape, shapes: [Shape!]!, squares: [Square]! }
      interface Shape { id: ID! }
      type Square implements Shape @key(fields: "id") { id: ID! }
      type Circle implements Shape @key(fields: "id") { id: ID! }`,
    resolvers: {
      Query: {
        shape: () => ({ id: 's1' }),
        shapes: () => [{ id: 's1' }, { id: 's2' }],
        squares: () => [{ id: 's1' }, null, { id: 's2' }],
      },
      Shape: { __resolveType: () => 'Square' },
    },
  },
  faulty: {
    sdl: `${link}
      type Query { root: Square, drawn: Shape, hidden: Secret @inaccessible, list: [Square] }
      interface Shape { id: ID! }
      type Square implements Shape @key(fields: "id") { id: ID!, side: Int!, color: String, mood: Mood, inner: Square }
      type Circle implements Shape @key(fields: "id") { id: ID!, radius: Int }
      enum Mood { GOOD HIDDEN @inaccessible }
      type Secret @inaccessible { id: ID! }`,
    answer: (request) => faulty.answer(request),
  },
};
