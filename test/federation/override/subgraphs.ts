import { link } from '../../kit/subgraph-source.ts';
import type { SubgraphSources } from '../../kit/subgraph-source.ts';

// Bills move from `legacy` to `modern`, field by field. Each subgraph signs what it answers.

export const subgraphs: SubgraphSources = {
  legacy: {
    sdl: `${link}
      type Query { bills: [Bill!]!, documents: [Document!]!, oldest: Bill }
      interface Document { id: ID!, title: String }
      type Bill implements Document @key(fields: "id") { id: ID!, title: String, total: String, note: String, paid: String }
      type Letter implements Document @key(fields: "id") { id: ID!, title: String }`,
    resolvers: {
      Query: {
        bills: () => [{ id: '1' }],
        documents: () => [
          { __typename: 'Bill', id: '1' },
          { __typename: 'Letter', id: '2' },
        ],
        oldest: () => ({ id: 'legacy' }),
      },
      Bill: { title: () => 'legacy', total: () => 'legacy', note: () => 'legacy', paid: () => 'legacy' },
      Letter: { title: () => 'legacy letter' },
    },
  },
  modern: {
    sdl: `${link}
      type Query { oldest: Bill @override(from: "legacy"), latest: Bill }
      type Bill @key(fields: "id") {
        id: ID!
        title: String @override(from: "legacy")
        total: String @override(from: "legacy")
        tax: String @override(from: "never-there")
        note: String @external
        summary: String @override(from: "gone") @requires(fields: "note")
        paid: String @override(from: "legacy") @requires(fields: "currency")
        currency: String @external
      }`,
    resolvers: {
      Query: { oldest: () => ({ id: 'modern' }), latest: () => ({ id: '3' }) },
      Bill: {
        title: () => 'modern',
        total: () => 'modern',
        tax: () => 'modern tax',
        summary: ({ note }: { note: string }) => `modern with ${note} note`,
        paid: ({ currency }: { currency: string }) => `modern in ${currency}`,
      },
    },
  },
  money: {
    sdl: `${link}
      type Bill @key(fields: "id") { id: ID!, currency: String, total2: String @requires(fields: "total"), total: String @external }`,
    resolvers: {
      Bill: { currency: () => 'EUR', total2: ({ total }: { total: string }) => `twice ${total}` },
    },
  },
};
