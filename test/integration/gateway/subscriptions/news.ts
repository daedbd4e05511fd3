import { composeServices } from '@apollo/composition';
import { buildSubgraphSchema } from '@apollo/subgraph';
import { execute, GraphQLError, parse, subscribe, validate } from 'graphql';
import type { ExecutionResult, GraphQLSchema } from 'graphql';

import { createEventQueue } from '@tributary/gateway/event-queue';
import type { Subgraph, SubgraphCall, SubgraphRequest } from '@tributary/kit/subgraph';

// A supergraph of two tiny subgraphs: `books` tells what changes, `reviews` adds what readers think of it.

const link = `extend schema @link(
  url: "https://specs.apollo.dev/federation/v2.9",
  import: ["@key", "@external", "@requires", "@shareable", "@cost", "@listSize"]
)`;

const sdls = {
  books: `${link}
    type Query { book(id: ID!): Book, whoami: String, shelf(size: Int!): [Book!]! @listSize(slicingArguments: ["size"]) }
    type Mutation { rename(id: ID!, title: String!): Book }
    type Subscription {
      bookChanged(id: ID!): Book
      "For callers who have signed in."
      ownBookChanged: Book
      catalog(size: Int!): [Book!]! @listSize(slicingArguments: ["size"])
    }
    type Book @key(fields: "id") { id: ID!, title: String, pages: Int! }`,
  reviews: `${link}
    type Book @key(fields: "id") {
      id: ID!
      title: String @external
      rating: Int
      "Who asked."
      reader: String
      blurb: String @requires(fields: "title")
    }`,
} as const;

export type NewsSubgraph = keyof typeof sdls;
export const newsSubgraphs = Object.keys(sdls) as readonly NewsSubgraph[];

/** Tells what happens to everyone who listens. A test sends; the subgraph's subscriptions listen. */
export interface Hub {
  publish(event: unknown): void;
  /** All subscriptions are completed. */
  complete(): void;
  /** All subscriptions break. */
  fail(error: Error): void;
  listen(): AsyncIterableIterator<unknown>;
  /** Who is subscribed at the moment. */
  readonly listeners: number;
  /** Resolves when that many are. */
  reached(listeners: number): Promise<void>;
}

export function createHub(): Hub {
  const queues = new Set<ReturnType<typeof createEventQueue>>();
  const waiting = new Set<{ count: number; resolve: () => void }>();
  const changed = () => {
    for (const each of waiting)
      if (each.count === queues.size) {
        waiting.delete(each);
        each.resolve();
      }
  };
  return {
    publish: (event) => queues.forEach((queue) => queue.push(event)),
    complete: () => queues.forEach((queue) => queue.end()),
    fail: (error) => queues.forEach((queue) => queue.end(error)),
    listen() {
      const queue = createEventQueue<unknown>({
        onDone: () => {
          queues.delete(queue);
          changed();
        },
      });
      queues.add(queue);
      changed();
      return queue;
    },
    get listeners() {
      return queues.size;
    },
    reached(count) {
      if (queues.size === count) return Promise.resolve();
      return new Promise((resolve) => waiting.add({ count, resolve }));
    },
  };
}

export type Resolvers = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

const reader = ({ principal }: SubgraphCall) => (principal?.type === 'user' ? principal.userId : 'nobody');

const findBook = (id: string) => ({ id, title: `Book ${id}`, pages: 100 });

function resolversOf(hub: Hub): Record<NewsSubgraph, Resolvers> {
  // An event is the value of the field, or an error in its place.
  const field = { subscribe: () => hub.listen(), resolve: orThrow };
  return {
    books: {
      Query: {
        book: (_: unknown, { id }: { id: string }) => findBook(id),
        whoami: (_: unknown, __: unknown, call: SubgraphCall) => reader(call),
        shelf: (_: unknown, { size }: { size: number }) =>
          Array.from({ length: size }, (_each, id) => findBook(`${id}`)),
      },
      Mutation: { rename: (_: unknown, { id, title }: { id: string; title: string }) => ({ ...findBook(id), title }) },
      Subscription: {
        bookChanged: field,
        catalog: field,
        ownBookChanged: {
          ...field,
          subscribe: (_: unknown, __: unknown, { principal }: SubgraphCall) => {
            if (principal) return hub.listen();
            throw new GraphQLError('Sign in first.', { extensions: { code: 'UNAUTHENTICATED' } });
          },
        },
      },
      Book: { __resolveReference: ({ id }: { id: string }) => findBook(id) },
    },
    reviews: {
      Book: {
        __resolveReference: (reference: object) => reference,
        rating: ({ id }: { id: string }) => Number(id) * 10,
        reader: (_: unknown, __: unknown, call: SubgraphCall) => reader(call),
        blurb: ({ title }: { title: string }) => `${title}: fine`,
      },
    },
  };
}

function orThrow(event: unknown): unknown {
  if (event instanceof Error) throw event;
  return event;
}

let composed: string | undefined;

export function composeNews(): string {
  return (composed ??= compose());
}

function compose(): string {
  const services = newsSubgraphs.map((name) => ({
    name,
    url: `http://${name}.invalid/graphql`,
    typeDefs: parse(sdls[name]),
  }));
  const { supergraphSdl, errors } = composeServices(services);
  if (supergraphSdl === undefined) throw new AggregateError(errors ?? [], String(errors));
  return supergraphSdl;
}

/** A subgraph of the news. `changed` replaces some of its resolvers. */
export function createNewsSubgraph(name: NewsSubgraph, hub: Hub, changed: Resolvers = {}): Subgraph {
  const merged: Record<string, Readonly<Record<string, unknown>>> = { ...resolversOf(hub)[name] };
  for (const [type, fields] of Object.entries(changed)) merged[type] = { ...merged[type], ...fields };
  const schema = buildSubgraphSchema({ typeDefs: parse(sdls[name]), resolvers: merged as never });
  return {
    name,
    schema,
    execute: async (request, call) => execute(checked(schema, request, call)),
    subscribe: async (request, call) => subscribe(checked(schema, request, call)),
    isReady: async () => true,
    stop: async () => undefined,
  };
}

function checked(schema: GraphQLSchema, { query, variables }: SubgraphRequest, contextValue: SubgraphCall) {
  const document = parse(query);
  const [error] = validate(schema, document);
  if (error) throw error;
  return { schema, document, contextValue, variableValues: variables ?? null };
}

export type { ExecutionResult };
