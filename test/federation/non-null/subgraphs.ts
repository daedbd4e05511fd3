import { GraphQLError } from 'graphql';

import { link } from '../../kit/subgraph-source.ts';
import type { SubgraphSources } from '../../kit/subgraph-source.ts';

// Everything that may not be null, and is.

const refuse = () => new GraphQLError('No.', { extensions: { code: 'NO' } });
const byId = (id: string, bad: unknown, good: unknown) => (id === 'bad' ? bad : good);
type Reference = { id: string };

export const subgraphs: SubgraphSources = {
  shelves: {
    sdl: `${link}
      type Query { shelf: Shelf, strict: Shelf!, shelves: [Shelf!], loose: [Shelf]!, grid: [[Shelf!]!] }
      type Shelf @key(fields: "id") { id: ID!, boxes: [Box!]!, box: Box }
      type Box @key(fields: "id") { id: ID! }`,
    resolvers: {
      Query: {
        shelf: () => ({ id: 'bad' }),
        strict: () => ({ id: 'bad' }),
        shelves: () => [{ id: 'good' }, { id: 'bad' }],
        loose: () => [{ id: 'good' }, { id: 'bad' }],
        grid: () => [[{ id: 'good' }], [{ id: 'good' }, { id: 'bad' }]],
      },
      Shelf: { boxes: () => [{ id: 'good' }, { id: 'bad' }], box: ({ id }: Reference) => ({ id }) },
    },
  },
  labels: {
    sdl: `${link}
      type Shelf @key(fields: "id") { id: ID!, label: String!, note: String, tags: [String!]! }
      type Box @key(fields: "id") { id: ID!, label: String!, lid: Lid!, color: String! }
      type Lid { material: String! }`,
    resolvers: {
      Shelf: {
        label: ({ id }: Reference) => byId(id, refuse(), 'label'),
        note: () => 'note',
        tags: ({ id }: Reference) => byId(id, ['a', null], ['a']),
      },
      Box: {
        label: ({ id }: Reference) => byId(id, refuse(), 'label'),
        lid: ({ id }: Reference) => byId(id, {}, { material: 'wood' }),
        color: () => 'red',
      },
    },
  },
  sizes: {
    sdl: `${link}
      type Shelf @key(fields: "id") { id: ID!, size: Int! }
      type Box @key(fields: "id") { id: ID!, size: Int!, shelf: Shelf! }`,
    resolvers: {
      Shelf: { __resolveReference: ({ id }: Reference) => byId(id, null, { id }), size: () => 1 },
      Box: {
        __resolveReference: ({ id }: Reference) => byId(id, null, { id }),
        size: () => 2,
        shelf: () => ({ id: 'good' }),
      },
    },
  },
};
