import { link } from '../../kit/subgraph-source.ts';
import type { SubgraphSource } from '../../kit/subgraph-source.ts';

/** Knows what buyers are called: a context whose value comes from another subgraph. */
export const names = {
  sdl: `${link}
    type User @key(fields: "id") { id: ID! name: String }
    type Company @key(fields: "id") { id: ID! name: String }
  `,
  resolvers: {
    User: {
      __resolveReference: (reference: object) => reference,
      name: ({ id }: { id: string }) => `person ${id}`,
    },
    Company: {
      __resolveReference: (reference: object) => reference,
      name: ({ id }: { id: string }) => `company ${id}`,
    },
  },
} satisfies SubgraphSource;
