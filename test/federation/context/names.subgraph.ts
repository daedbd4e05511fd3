import { link } from '../../kit/subgraph-source.ts';
import type { SubgraphSource } from '../../kit/subgraph-source.ts';

/** Knows what buyers are called: a context whose value comes from another subgraph. What it says of an order is the same everywhere. */
export const names = {
  sdl: `${link}
    type User @key(fields: "id") { id: ID! name: String }
    type Company @key(fields: "id") { id: ID! name: String }
    type Order @key(fields: "id") { id: ID! label: String }
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
    Order: {
      __resolveReference: (reference: object) => reference,
      label: ({ id }: { id: string }) => `order ${id}`,
    },
  },
} satisfies SubgraphSource;
