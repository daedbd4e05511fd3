import { link } from '../../kit/subgraph-source.ts';
import type { SubgraphSource } from '../../kit/subgraph-source.ts';

/** Completes the people of the blog; one field asks for what the other subgraph's half does not. */
export const people: SubgraphSource = {
  sdl: `${link}
    type User @key(fields: "id") {
      id: ID!
      name: String!
      email: String @requiresScopes(scopes: [["email"]])
      phones: [Phone]
    }
    type Phone { number: String @authenticated kind: String }
  `,
  resolvers: {
    User: {
      __resolveReference: ({ id }: { id: string }) => ({ id }),
      name: ({ id }: { id: string }) => `name of ${id}`,
      email: ({ id }: { id: string }) => `${id}@example.com`,
      phones: () => [{ number: '1', kind: 'home' }, null, { number: '2', kind: 'work' }],
    },
  },
};
