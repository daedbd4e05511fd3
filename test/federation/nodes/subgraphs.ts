import { link } from '../../kit/subgraph-source.ts';
import type { SubgraphSources } from '../../kit/subgraph-source.ts';

// One subgraph answers `node` for entities whose fields are all elsewhere; another answers it for its own.

const typeOf = ({ id }: { id: string }) => (id.startsWith('c') ? 'Chat' : 'Account');

export const subgraphs: SubgraphSources = {
  nodes: {
    sdl: `${link}
      type Query { node(id: ID!): Node, nodes(ids: [ID!]!): [Node]! }
      interface Node { id: ID! }
      type Chat implements Node @key(fields: "id") { id: ID! }
      type Account implements Node @key(fields: "id", resolvable: false) { id: ID! }`,
    resolvers: {
      Query: {
        node: (_: unknown, { id }: { id: string }) => (id === '' ? null : { id }),
        nodes: (_: unknown, { ids }: { ids: string[] }) => ids.map((id) => (id === '' ? null : { id })),
      },
      Node: { __resolveType: typeOf },
    },
  },
  chats: {
    sdl: `${link}
      type Query { chat(id: String!): Chat }
      interface Node { id: ID! }
      type Chat implements Node @key(fields: "id") { id: ID!, text: String!, account: Account! }
      type Account implements Node @key(fields: "id") { id: ID!, chats: [Chat!]! }`,
    resolvers: {
      Query: { chat: (_: unknown, { id }: { id: string }) => ({ id }) },
      Chat: { text: ({ id }: { id: string }) => `text of ${id}`, account: () => ({ id: 'a1' }) },
      Account: { chats: () => [{ id: 'c1' }, { id: 'c2' }] },
      Node: { __resolveType: typeOf },
    },
  },
  accounts: {
    sdl: `${link}
      type Query { account(id: String!): Account }
      type Account @key(fields: "id") { id: ID!, username: String! }`,
    resolvers: {
      Query: { account: (_: unknown, { id }: { id: string }) => ({ id }) },
      Account: { username: ({ id }: { id: string }) => `user ${id}` },
    },
  },
};
