import sql from 'sql-template-tag';

import { createLogger, SYSTEM, systemClock, toGlobalId } from '@tributary/kit';
import type { Principal, RunningSubgraph } from '@tributary/kit';
import { createOrdersSubgraph } from '@tributary/orders';
import { orderChanged } from '@tributary/orders/events';
import type { OrdersDependencies } from '@tributary/orders';
import { findLines, lockOrder } from '@tributary/orders/order/order-writes.repository';

import { subscribe } from '../../kit/subscriber.ts';
import type { Subscriber } from '../../kit/subscriber.ts';
import { startCheckout } from './checkout-world.ts';
import type { CheckoutWorld, SavedOrder } from './checkout-world.ts';
import { customer, uuid } from './orders-world.ts';

// A shop whose orders are followed.

export interface OrderUpdatesWorld extends CheckoutWorld {
  /** Follows one order, unless `query` says otherwise, until the test has ended. */
  follow<Event = OrderUpdated>(
    principal: Principal,
    id: string,
    options?: { query?: string; subgraph?: RunningSubgraph },
  ): Promise<Subscriber<Event>>;
  /** The subgraph once more, over the same database. */
  replica(options?: Partial<OrdersDependencies>): Promise<RunningSubgraph & AsyncDisposable>;
  /** Changes an order of the buyer. */
  changeNote(order: SavedOrder, note?: string): Promise<SavedOrder>;
  /** Tells of a change of an order that a test inserted. */
  tellOf(number: number): Promise<void>;
  /** Leaves whatever is followed and removes the orders. */
  clear(): Promise<void>;
}

export interface OrderUpdated {
  eventId: string;
  type: string;
  occurredAt: string;
  order: { id: string; status: string; version: number };
}

export const ONE =
  'subscription ($id: ID!) { orderUpdated(orderId: $id) { eventId type occurredAt order { id status version } } }';
export const ALL = 'subscription ($id: ID!) { orderUpdated(organizationId: $id) { type order { id } } }';

export const organizationId = (number: number) => toGlobalId('Organization', uuid('organization', number));
export const buyer = customer(1);

export async function startOrderUpdates(): Promise<OrderUpdatesWorld> {
  const checkout = await startCheckout();
  const followed: { leave(): Promise<void> }[] = [];
  return {
    ...checkout,
    async follow<Event>(principal: Principal, id: string, { query = ONE, subgraph = checkout.subgraph } = {}) {
      const subscriber = await subscribe<Event>(subgraph, principal, query, { id });
      followed.push(subscriber);
      return subscriber;
    },
    async replica(options = {}) {
      const subgraph = await createOrdersSubgraph({
        databaseUrl: checkout.database.urls.orders,
        cursorKey: new Uint8Array(32),
        logger: createLogger({ level: 'silent', name: 'test' }),
        clock: systemClock,
        ...options,
      });
      return { ...subgraph, [Symbol.asyncDispose]: () => subgraph.stop() };
    },
    changeNote: async (order, note = 'Ring twice') =>
      (await checkout.update(buyer, order, { customerNote: note })).order!,
    tellOf: (number) =>
      checkout.subgraph.writer.write({ actor: SYSTEM, traceparent: null }, async (tx) => {
        const order = await lockOrder(tx, uuid('order', number), [sql`TRUE`]);
        await findLines(tx, order!.id);
        tx.publish(orderChanged('order.updated', order!));
      }),
    async clear() {
      await Promise.all(followed.splice(0).map((each) => each.leave()));
      await checkout.database.query(
        'TRUNCATE orders.orders, orders.order_sagas, orders.outbox, orders.idempotency_keys CASCADE',
      );
    },
  };
}
