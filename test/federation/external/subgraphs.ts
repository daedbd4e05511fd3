import { link } from '../../kit/subgraph-source.ts';
import type { SubgraphSources } from '../../kit/subgraph-source.ts';

// Subgraphs of both generations that take part in types of others: with `extend`, with `@extends`, with keys marked as external, and
// fields that are external though nobody requires them.

export const subgraphs: SubgraphSources = {
  users: {
    sdl: `
      type Query { user(id: ID!): User, providedUser: User @provides(fields: "rank") }
      type User @key(fields: "id") { id: ID!, email: String, rank: Int @external }`,
    resolvers: {
      Query: { user: (_: unknown, { id }: { id: string }) => ({ id }), providedUser: () => ({ id: 'u2', rank: 2 }) },
      User: { email: ({ id }: { id: string }) => `${id}@example.org` },
    },
  },
  scores: {
    sdl: `
      extend type Query { best: User }
      extend type User @key(fields: "id") { id: ID! @external, rank: Int }`,
    resolvers: { Query: { best: () => ({ id: 'u3' }) }, User: { rank: () => 1 } },
  },
  posts: {
    sdl: `
      type Query @extends { authors: [User] }
      type User @key(fields: "id") @extends {
        id: ID! @external
        email: String @external
        posts: [String!]
        signature: String @requires(fields: "email")
      }`,
    resolvers: {
      Query: { authors: () => [{ id: 'u1' }, { id: 'u2' }] },
      User: {
        posts: ({ id }: { id: string }) => [`by ${id}`],
        signature: ({ email }: { email: string }) => `-- ${email}`,
      },
    },
  },
  groups: {
    sdl: `${link}
      extend type User @key(fields: "id") { id: ID! @external, groups: [String!] }`,
    resolvers: { User: { groups: ({ id }: { id: string }) => [`friends of ${id}`] } },
  },
  badges: {
    sdl: `${link}
      type User @key(fields: "id") { id: ID!, badge: Badge! }
      type Badge { color: String!, owner: User! }`,
    resolvers: { User: { badge: ({ id }: { id: string }) => ({ color: 'red', owner: { id } }) } },
  },
  links: {
    sdl: `${link}
      type Query { link: Link }
      type Link { user: User! }
      type User @key(fields: "id", resolvable: false) { id: ID! }`,
    resolvers: { Query: { link: () => ({ user: { id: 'u4' } }) } },
  },
};
