import { link } from '../../kit/subgraph-source.ts';
import type { SubgraphSource } from '../../kit/subgraph-source.ts';

// Posts of two kinds behind one interface, one of them private; a person; settings with a guarded enum and a guarded scalar.

const posts = [
  { __typename: 'PublicPost', id: 'p1', title: 'Spring', views: 7, authorId: 'u1' },
  { __typename: 'PrivatePost', id: 'p2', title: 'Diary', diary: 'dear diary', authorId: 'u2' },
  { __typename: 'PublicPost', id: 'p3', title: 'Summer', views: 9, authorId: 'u2' },
];

export const blog: SubgraphSource = {
  sdl: `${link}
    type Query {
      posts: [Post!]!
      feed: [FeedItem]!
      post(id: ID!): PublicPost
      diary: PrivatePost
      drafts: [PublicPost!] @requiresScopes(scopes: [["drafts:read", "posts:read"], ["admin"]])
      settings: Settings
      motto: String! @authenticated
      secret: String @policy(policies: [["vault", "daytime"], ["owner"]])
    }
    type Mutation {
      publish(id: ID!): PublicPost
      purge: Boolean @requiresScopes(scopes: [["admin"]])
      wipe: Boolean! @requiresScopes(scopes: [["admin"]])
    }
    interface Post { id: ID! title: String! }
    union FeedItem = PublicPost | PrivatePost
    type PublicPost implements Post @key(fields: "id") {
      id: ID!
      title: String!
      views: Int @authenticated
      ratio: Float! @requiresScopes(scopes: [["stats"]])
      author: User!
    }
    type PrivatePost implements Post @requiresScopes(scopes: [["private"]]) { id: ID! title: String! diary: String }
    type User @key(fields: "id") { id: ID! }
    type Settings { theme: Theme seal: Seal level: Int @policy(policies: [["owner"]]) }
    enum Theme @authenticated { LIGHT DARK }
    scalar Seal @requiresScopes(scopes: [["seal"]])
  `,
  resolvers: {
    Query: {
      posts: () => posts,
      feed: () => posts,
      post: (_: unknown, { id }: { id: string }) => posts.find((each) => each.id === id) ?? null,
      diary: () => posts[1],
      drafts: () => [posts[0]],
      settings: () => ({ theme: 'DARK', seal: 'wax', level: 3 }),
      motto: () => 'onward',
      secret: () => 'the vault is open',
    },
    Mutation: {
      publish: (_: unknown, { id }: { id: string }) => posts.find((each) => each.id === id) ?? null,
      purge: () => true,
      wipe: () => true,
    },
    PublicPost: { author: ({ authorId }: { authorId: string }) => ({ id: authorId }), ratio: () => 0.5 },
  },
};
