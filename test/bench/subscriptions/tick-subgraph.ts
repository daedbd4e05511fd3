import { buildSubgraphSchema } from '@apollo/subgraph';
import { execute, parse, subscribe } from 'graphql';
import type { GraphQLSchema } from 'graphql';

import { createEventQueue } from '@tributary/gateway/event-queue';
import type { EventQueue } from '@tributary/gateway/event-queue';
import type { Subgraph, SubgraphRequest } from '@tributary/kit/subgraph';

/** A subgraph that tells everyone the same. */
export interface TickSubgraph extends Subgraph {
  publish(number: number): void;
}

const sdl = `
  extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key"])
  type Query { now: Tick }
  type Subscription { ticked: Tick! }
  type Tick { number: Int!, at: String!, text: String! }`;

export const tickSdl = sdl;

export function createTickSubgraph(): TickSubgraph {
  const queues = new Set<EventQueue<unknown>>();
  const listen = () => {
    const queue: EventQueue<unknown> = createEventQueue({ onDone: () => queues.delete(queue) });
    queues.add(queue);
    return queue;
  };
  const resolvers = { Subscription: { ticked: { subscribe: listen, resolve: (event: unknown) => event } } };
  const schema = buildSubgraphSchema({ typeDefs: parse(sdl), resolvers: resolvers });
  return {
    name: 'ticks',
    schema,
    execute: async (request) => execute(argumentsOf(schema, request)),
    subscribe: async (request) => subscribe(argumentsOf(schema, request)),
    isReady: async () => true,
    stop: async () => undefined,
    publish(number) {
      const event = { number, at: new Date().toISOString(), text: 'x'.repeat(200) };
      for (const queue of queues) queue.push(event);
    },
  };
}

const documents = new Map<string, ReturnType<typeof parse>>();

function argumentsOf(schema: GraphQLSchema, { query, variables }: SubgraphRequest) {
  let document = documents.get(query);
  if (!document) documents.set(query, (document = parse(query)));
  return { schema, document, variableValues: variables ?? null };
}
