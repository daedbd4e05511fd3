import { EventSkipped, invariant, notFound, parseGlobalId } from '@tributary/kit';
import type { Change } from '@tributary/kit';

import type { OrdersContext } from '../context.ts';
import { exactlyOne } from '../exactly-one.ts';
import type { OrderEventType } from './order-event.ts';
import { followsOrder, followsOrdersOfOrganization } from './order.access.ts';
import type { Order } from './order.ts';

// Live changes of orders. Who may follow is asked at the start, and again for each change with the rows as they are then: what is not the
// caller's any more goes by in silence.

type Subject = Partial<Record<'orderId' | 'organizationId', string | null>>;

interface OrderUpdated {
  eventId: string;
  type: OrderEventType;
  occurredAt: Date;
  order: Order;
}

const TYPES: Readonly<Record<string, OrderEventType>> = {
  'order.created': 'CREATED',
  'order.updated': 'UPDATED',
  'order.placed': 'PLACED',
  'order.payment_updated': 'PAYMENT_UPDATED',
  'order.confirmed': 'CONFIRMED',
  'order.canceled': 'CANCELED',
};

export const orderSubscriptions = {
  orderUpdated: {
    async subscribe(_root: unknown, args: Subject, context: OrdersContext) {
      const { name, value } = exactlyOne(args, ['orderId', 'organizationId']);
      if (name === 'organizationId') return context.follow(organizationToFollow(context, value));
      const id = parseGlobalId('Order', value);
      if (!(await findFollowed(context, id))) throw notFound();
      return context.follow(id);
    },
    async resolve({ id, type, aggregateId, occurredAt }: Change, _args: Subject, context: OrdersContext) {
      const order = await findFollowed(context, aggregateId);
      if (!order) throw new EventSkipped();
      const kind = TYPES[type];
      invariant(kind, `Events of the type "${type}" have no name in the graph.`);
      return { eventId: id, type: kind, occurredAt, order } satisfies OrderUpdated;
    },
  },
};

function organizationToFollow({ principal, walls }: OrdersContext, value: string): string {
  const id = parseGlobalId('Organization', value);
  if (walls.rows && !followsOrdersOfOrganization(principal, id)) throw notFound();
  return id;
}

async function findFollowed({ orders, principal, walls }: OrdersContext, id: string): Promise<Order | null> {
  const order = await orders.byId.load(id);
  return order && (!walls.rows || followsOrder(principal, order)) ? order : null;
}
