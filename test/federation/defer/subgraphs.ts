import { GraphQLError } from 'graphql';

import { link } from '../../kit/subgraph-source.ts';

// Users, their reviews, and the stars of a review, each with a subgraph of its own. A test decides how long a field takes, and which fails.

const NAMES: Readonly<Record<string, string>> = { u1: 'Ann', u2: 'Bob', u3: 'Cid' };
const REVIEWS: Readonly<Record<string, readonly string[]>> = { u1: ['r1', 'r2'], u2: ['r3'], u3: [] };

export interface Fields {
  /** Has a field wait, for all objects or for that of one id, until the function it answers is called. */
  hold(field: string, id?: string): () => void;
  /** Has a field fail, for all objects or for that of one id. */
  fail(field: string, id?: string): void;
  /** Has a field be null. */
  blank(field: string): void;
  reset(): void;
}

export function createFields() {
  const gates = new Map<string, PromiseWithResolvers<void>>();
  const failing = new Set<string>();
  const blank = new Set<string>();
  const keyOf = (field: string, id?: string) => (id === undefined ? field : `${field} ${id}`);

  /** A resolver that does as the test says. */
  const field =
    (name: string, value: (id: string) => unknown) =>
    async ({ id }: { id: string } = { id: '' }) => {
      await Promise.all([gates.get(name)?.promise, gates.get(keyOf(name, id))?.promise]);
      if (failing.has(name) || failing.has(keyOf(name, id)))
        throw new GraphQLError(`${name} is out of order.`, { extensions: { code: 'OUT_OF_ORDER' } });
      return blank.has(name) ? null : value(id);
    };
  const fields: Fields = {
    hold(name, id) {
      const gate = Promise.withResolvers<void>();
      gates.set(keyOf(name, id), gate);
      return gate.resolve;
    },
    fail: (name, id) => void failing.add(keyOf(name, id)),
    blank: (name) => void blank.add(name),
    reset() {
      for (const gate of gates.values()) gate.resolve();
      for (const each of [gates, failing, blank]) each.clear();
    },
  };
  return { fields, field };
}

export function createSubgraphs(field: ReturnType<typeof createFields>['field']) {
  return {
    accounts: {
      sdl: `${link}
        type Query { me: User users: [User!]! nobody: User thing: Thing! }
        type Mutation { rename(name: String!): User }
        union Thing = User | Place
        type Place { title: String! }
        type User @key(fields: "id") { id: ID! name: String! friend: User address: Address }
        type Address { city: String street: String }`,
      resolvers: {
        Query: {
          me: field('Query.me', () => ({ id: 'u1' })),
          users: field('Query.users', () => Object.keys(NAMES).map((id) => ({ id }))),
          nobody: () => null,
          thing: () => ({ __typename: 'User', id: 'u2' }),
        },
        Mutation: { rename: () => ({ id: 'u1' }) },
        User: {
          __resolveReference: ({ id }: { id: string }) => ({ id }),
          name: field('User.name', (id) => NAMES[id]),
          friend: field('User.friend', (id) => (id === 'u1' ? { id: 'u2' } : null)),
          address: field('User.address', (id) => ({ id })),
        },
        Address: { city: field('Address.city', (id) => `city of ${id}`), street: () => 'Main St' },
      },
    },
    reviews: {
      sdl: `${link}
        type Query { topReview: Review }
        type User @key(fields: "id") { id: ID! reviews: [Review!] score: Int! mood: String }
        type Review @key(fields: "id") { id: ID! body: String! author: User! }`,
      resolvers: {
        Query: { topReview: field('Query.topReview', () => ({ id: 'r1' })) },
        User: {
          __resolveReference: ({ id }: { id: string }) => ({ id }),
          reviews: field('User.reviews', (id) => (REVIEWS[id] ?? []).map((review) => ({ id: review }))),
          score: field('User.score', (id) => Number(id.slice(1))),
          mood: field('User.mood', (id) => `${id} is fine`),
        },
        Review: {
          __resolveReference: ({ id }: { id: string }) => ({ id }),
          body: field('Review.body', (id) => `body of ${id}`),
          author: (review: { id: string }) => ({
            id: Object.keys(REVIEWS).find((user) => REVIEWS[user]?.includes(review.id)),
          }),
        },
      },
    },
    ratings: {
      sdl: `${link}
        type Review @key(fields: "id") { id: ID! stars: Int! translations: [String!] }`,
      resolvers: {
        Review: {
          __resolveReference: ({ id }: { id: string }) => ({ id }),
          stars: field('Review.stars', (id) => Number(id.slice(1))),
          translations: field('Review.translations', (id) => [`${id} de`, `${id} fr`]),
        },
      },
    },
  };
}
