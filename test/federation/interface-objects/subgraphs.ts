import { link } from '../../kit/subgraph-source.ts';
import type { SubgraphSources } from '../../kit/subgraph-source.ts';

// Media are videos and articles, but only `media` knows that. To `likes` and `lists` they are one type; `views` names them without
// being able to answer for them.

const all = [
  { __typename: 'Video', id: '1', title: 'One', seconds: 60 },
  { __typename: 'Article', id: '2', title: 'Two', words: 900 },
];
type Medium = (typeof all)[number];
const find = ({ id }: { id: string }) => all.find((each) => each.id === id) ?? null;

export const subgraphs: SubgraphSources = {
  media: {
    sdl: `${link}
      type Query { media: [Media!]!, article: Article, unknown: Media }
      interface Media @key(fields: "id") { id: ID!, title: String, tags: [String!] }
      type Video implements Media @key(fields: "id") { id: ID!, title: String, tags: [String!], seconds: Int }
      type Article implements Media @key(fields: "id") { id: ID!, title: String, tags: [String!], words: Int }`,
    resolvers: {
      Query: { media: () => all, article: () => all[1], unknown: () => ({ __typename: 'Video', id: '9' }) },
      Media: {
        __resolveReference: find,
        __resolveType: ({ __typename }: Medium) => __typename,
      },
      Video: { __resolveReference: find, tags: () => ['moving'] },
      Article: { __resolveReference: find, tags: () => null },
    },
  },
  likes: {
    sdl: `${link}
      type Query { liked: [Media!], disliked: Media, lost: Media }
      type Media @interfaceObject @key(fields: "id") {
        id: ID!
        likes: Int!
        fans: [Fan!]!
        title: String @external
        caption: String @requires(fields: "title")
      }
      type Fan @key(fields: "id") { id: ID!, likes: [Media!]! }`,
    resolvers: {
      Query: { liked: () => [{ id: '2' }, { id: '1' }], disliked: () => null, lost: () => ({ id: '9' }) },
      Media: {
        __resolveReference: (reference: { id: string }) => reference,
        likes: ({ id }: Medium) => Number(id) * 10,
        fans: ({ id }: Medium) => [{ id: `fan ${id}` }],
        caption: ({ title }: Medium) => `${title}!`,
      },
      Fan: { likes: () => [{ id: '1' }] },
    },
  },
  lists: {
    sdl: `${link}
      type Query { list: List }
      type List { first: Media, all: [Media] }
      type Media @interfaceObject @key(fields: "id") { id: ID!, position: Int }`,
    resolvers: {
      Query: { list: () => ({ first: { id: '1' }, all: [{ id: '2' }, null, { id: '1' }] }) },
      Media: { position: ({ id }: Medium) => Number(id) },
    },
  },
  views: {
    sdl: `${link}
      type Query { watched: Media }
      type Media @interfaceObject @key(fields: "id", resolvable: false) { id: ID! }`,
    resolvers: { Query: { watched: () => ({ id: '1' }) } },
  },
};
