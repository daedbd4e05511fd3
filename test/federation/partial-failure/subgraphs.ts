import { GraphQLError } from 'graphql';

import { link } from '../../kit/subgraph-source.ts';
import type { SubgraphSources } from '../../kit/subgraph-source.ts';

// Trips whose weather, seats and guides come from subgraphs that fail in part or as a whole.

const trips = [{ id: 't1' }, null, { id: 't2' }, { id: 't3' }];
const full = () => new GraphQLError('Fully booked.', { extensions: { code: 'FULL', secret: 'x' } });

export const subgraphs: SubgraphSources = {
  trips: {
    sdl: `${link}
      type Query { trips: [Trip]!, trip: Trip, broken: Trip, groups: [[Trip]] }
      type Trip @key(fields: "id") { id: ID!, name: String, next: Trip }`,
    resolvers: {
      Query: {
        trips: () => trips,
        trip: () => trips[0],
        broken: () => {
          throw full();
        },
        groups: () => [[trips[2], trips[0]], null, [trips[2]]],
      },
      Trip: {
        name: ({ id }: { id: string }) => (id === 't2' ? full() : id.toUpperCase()),
        next: ({ id }: { id: string }) => (id === 't1' ? trips[2] : null),
      },
    },
  },
  seats: {
    sdl: `${link}
      type Trip @key(fields: "id") { id: ID!, seats: Int, rows: [Row!], price: Price }
      type Row { number: Int, free: Int! }
      type Price { amount: Int! }`,
    resolvers: {
      Trip: {
        __resolveReference: async ({ id }: { id: string }) => {
          if (id === 't3') throw new GraphQLError('No such trip.', { extensions: { code: 'NOT_FOUND' } });
          return { id };
        },
        seats: ({ id }: { id: string }) => (id === 't2' ? full() : 10),
        rows: ({ id }: { id: string }) => (id === 't2' ? [{ number: 1, free: full() }] : [{ number: 1, free: 4 }]),
        price: ({ id }: { id: string }) => (id === 't2' ? full() : { amount: 5 }),
      },
    },
  },
  weather: {
    sdl: `${link}
      type Query { forecast: String, storms: [Trip!] }
      type Trip @key(fields: "id") { id: ID!, rain: Boolean, wind: Wind }
      type Wind { speed: Int }`,
    answer: () => ({ errors: [{ message: 'Out of order.', extensions: { code: 'WEATHER_DOWN' } }] }),
  },
  guides: {
    sdl: `${link}
      type Trip @key(fields: "id") { id: ID!, price: Price @external, guide: String @requires(fields: "price { amount }") }
      type Price @shareable { amount: Int! @external }`,
    resolvers: {
      Trip: {
        guide: ({ price }: { price: { amount: number } | null }) => (price ? `guide for ${price.amount}` : 'no guide'),
      },
    },
  },
};
