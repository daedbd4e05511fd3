import { link } from '../../kit/subgraph-source.ts';
import type { SubgraphSources } from '../../kit/subgraph-source.ts';

// `State` is only answered, so clients see every value; `Order` is only asked with, so they see what both subgraphs know; `Role` is both.

export const subgraphs: SubgraphSources = {
  tickets: {
    sdl: `${link}
      type Query { tickets(order: Order): [Ticket!]!, asked(role: Role = ADMIN): Role, lists(orders: [[Order!]]): Int }
      type Ticket @key(fields: "id") { id: ID!, state: State, assigned: Role }
      enum State { OPEN CLOSED }
      enum Order { NEWEST OLDEST RANDOM }
      enum Role { ADMIN STAFF }`,
    resolvers: {
      Query: {
        tickets: (_: unknown, { order }: { order?: string }) =>
          order === 'OLDEST' ? [{ id: 't1', state: 'CLOSED' }] : [{ id: 't2', state: 'OPEN', assigned: 'STAFF' }],
        asked: (_: unknown, { role }: { role: string }) => role,
        lists: (_: unknown, { orders }: { orders?: string[][] }) => orders?.flat().length ?? null,
      },
    },
  },
  archive: {
    sdl: `${link}
      type Query { archived(order: Order!): State }
      type Ticket @key(fields: "id") { id: ID!, before: State }
      enum State { CLOSED ARCHIVED UNPUBLISHED @inaccessible }
      enum Order { NEWEST OLDEST @deprecated(reason: "slow") }
      enum Role { ADMIN STAFF }`,
    resolvers: {
      Query: {
        archived: (_: unknown, { order }: { order: string }) => (order === 'NEWEST' ? 'ARCHIVED' : 'UNPUBLISHED'),
      },
      Ticket: { before: ({ id }: { id: string }) => (id === 't1' ? 'ARCHIVED' : 'CLOSED') },
    },
  },
};
