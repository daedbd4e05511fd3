import { link } from '../../kit/subgraph-source.ts';
import type { SubgraphSources } from '../../kit/subgraph-source.ts';

// Songs and albums come from `catalog`; `charts` has some of their fields at hand, but only along certain ways. What was answered by
// `charts` says so.

export const subgraphs: SubgraphSources = {
  charts: {
    sdl: `${link}
      type Query {
        top: [Song!]! @provides(fields: "title")
        any: Song
        record: Album @provides(fields: "songs { title } cover { url }")
        media: Media @provides(fields: "... on Song { title }")
        sounds: [Sound!]! @provides(fields: "... on Song { title length } ... on Noise { length }")
      }
      type Song implements Sound @key(fields: "id") { id: ID!, title: String! @external, length: Int @external }
      type Noise implements Sound @key(fields: "id") { id: ID!, length: Int @external }
      type Album @key(fields: "id") { id: ID!, songs: [Song!]! @external, cover: Cover @external }
      type Cover { url: String @external }
      union Media = Song | Album
      interface Sound { id: ID!, length: Int }`,
    resolvers: {
      Query: {
        top: () => ['s1', 's2'].map((id) => ({ id, title: `${id} of charts` })),
        any: () => ({ id: 's3' }),
        record: () => ({ id: 'a1', songs: [{ id: 's1', title: 's1 of charts' }], cover: { url: 'charts/a1' } }),
        media: () => ({ __typename: 'Song', id: 's4', title: 's4 of charts' }),
        sounds: () => [
          { __typename: 'Song', id: 's5', title: 's5 of charts', length: 5 },
          { __typename: 'Noise', id: 'n1', length: 1 },
        ],
      },
    },
  },
  catalog: {
    sdl: `${link}
      type Query { song(id: ID!): Song }
      type Song @key(fields: "id") { id: ID!, title: String! @shareable, length: Int @shareable, year: Int }
      type Noise @key(fields: "id") { id: ID!, length: Int @shareable, hertz: Int }
      type Album @key(fields: "id") { id: ID!, songs: [Song!]! @shareable, cover: Cover @shareable, year: Int }
      type Cover @shareable { url: String }`,
    resolvers: {
      Query: { song: (_: unknown, { id }: { id: string }) => ({ id }) },
      Song: { title: ({ id }: { id: string }) => `${id} of catalog`, length: () => 200, year: () => 1970 },
      Noise: { length: () => 100, hertz: () => 50 },
      Album: { songs: () => [{ id: 's1' }], cover: () => ({ url: 'catalog/a1' }), year: () => 1971 },
    },
  },
};
