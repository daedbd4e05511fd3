import { link } from '../../kit/subgraph-source.ts';
import type { SubgraphSources } from '../../kit/subgraph-source.ts';

// Many reviews of few products.

const reviews = ['p1', 'p2', 'p1', 'p1', 'p2'].map((product, index) => ({ id: `r${index}`, product: { id: product } }));

export const subgraphs: SubgraphSources = {
  reviews: {
    sdl: `${link}
      type Query { reviews: [Review!]!, best: Review }
      type Mutation { review: Review! }
      type Review { id: ID!, product: Product!, writer: Writer, editor: Writer }
      type Product @key(fields: "id") { id: ID!, rating: Int }
      type Writer @key(fields: "first last") { first: String!, last: String }`,
    resolvers: {
      Query: { reviews: () => reviews, best: () => reviews[1] },
      Mutation: { review: () => reviews[0] },
      Review: {
        writer: ({ id }: { id: string }) => ({ first: 'A', last: id < 'r3' ? 'B' : null }),
        editor: () => ({ first: 'A', last: 'B' }),
      },
      Product: { rating: ({ id }: { id: string }) => Number(id.slice(1)) },
    },
  },
  products: {
    sdl: `${link}
      type Product @key(fields: "id") { id: ID!, name: String, parts: [Part!], price(in: String): String, rating: Int @external, grade: String @requires(fields: "rating") }
      type Part { name: String }
      type Writer @key(fields: "first last") { first: String!, last: String, age: Int }`,
    resolvers: {
      Product: {
        name: ({ id }: { id: string }) => `name of ${id}`,
        parts: ({ id }: { id: string }) => [{ name: id }],
        price: ({ id }: { id: string }, { in: currency = 'EUR' }: { in?: string }) => `${id} ${currency}`,
        grade: ({ rating }: { rating: number }) => 'ABC'[rating],
      },
      Writer: { age: ({ last }: { last: string | null }) => (last === null ? 1 : 2) },
    },
  },
};
