import {
  badUserInput,
  connection,
  money,
  nestedConnection,
  parseGlobalId,
  partnerOrganizationOf,
  toGlobalId,
} from '@tributary/kit';
import type { IdType, PageArguments } from '@tributary/kit';

import type { OrdersContext } from '../context.ts';
import { exactlyOne } from '../exactly-one.ts';
import { resolveReference, stubOf } from '../references.ts';
import type { Reference } from '../references.ts';
import { fulfillmentBlockers, parsePaymentStatus } from './fulfillment-blockers.ts';
import { timelineOfOrder } from './order-event.repository.ts';
import type { OrderEvent } from './order-event.ts';
import { linesOfOrder } from './order-line.repository.ts';
import type { OrderLine } from './order-line.ts';
import { allOrders } from './order.list.ts';
import type { OrderListArguments } from './order.list.ts';
import type { Order } from './order.ts';

type OrderArguments = Partial<Record<'id' | 'number' | 'externalReference', string | null>>;

/** What billing told of an order, through `@requires`. */
interface OrderReference extends Reference {
  paymentStatus?: unknown;
}
type WithPaymentStatus = Order & Pick<OrderReference, 'paymentStatus'>;

export const orderResolvers = {
  Query: {
    order(_root: unknown, args: OrderArguments, { orders, principal }: OrdersContext) {
      const { name, value } = exactlyOne(args, ['id', 'number', 'externalReference']);
      if (name === 'id') return orders.byId.load(parseGlobalId('Order', value));
      if (name === 'number') return orders.byNumber.load(value);
      const partner = partnerOrganizationOf(principal);
      if (partner === null)
        throw badUserInput(
          '"externalReference" is for API clients, whose own references are unique. Use the filter of "orders" instead.',
        );
      return orders.byReferenceOf(partner).load(value);
    },
    orders: (_root: unknown, args: OrderListArguments, context: OrdersContext) =>
      connection<Order>(context, allOrders(args, context.orderArms, context.clock.now()), args),
  },
  Order: {
    // Of the representation only the declared input is taken over; a copy, because the row is shared within the request.
    async __resolveReference(reference: OrderReference, { orders }: OrdersContext): Promise<WithPaymentStatus> {
      const order = await resolveReference('Order', reference, orders.byId);
      return { ...order, paymentStatus: reference.paymentStatus };
    },
    id: ({ id }: Order) => toGlobalId('Order', id),
    buyer: ({ buyerId }: Order) => stubOf(buyerId),
    organization: ({ organizationId }: Order) => stubOf(organizationId),
    buyerId: ({ buyerId }: Order) => globalIdOf('User', buyerId),
    organizationId: ({ organizationId }: Order) => globalIdOf('Organization', organizationId),
    partnerOrganizationId: ({ partnerOrganizationId }: Order) => globalIdOf('Organization', partnerOrganizationId),
    lines: ({ id }: Order, args: PageArguments, context: OrdersContext) =>
      nestedConnection<OrderLine>(context, 'Order.lines', id, args, () => linesOfOrder),
    itemCount: ({ id }: Order, _args: unknown, { orders }: OrdersContext) => orders.itemCount.load(id),
    subtotal: ({ subtotalMinor, currency }: Order) => money(subtotalMinor, currency),
    discountTotal: ({ discountMinor, currency }: Order) => money(discountMinor, currency),
    shippingTotal: ({ shippingMinor, currency }: Order) => money(shippingMinor, currency),
    taxTotal: ({ taxMinor, currency }: Order) => money(taxMinor, currency),
    total: ({ totalMinor, currency }: Order) => money(totalMinor, currency),
    async discounts({ id, currency }: Order, _args: unknown, { orders }: OrdersContext) {
      const discounts = await orders.discounts.load(id);
      return discounts.map((discount) => ({ ...discount, amount: money(discount.amountMinor, currency) }));
    },
    shipments: ({ id }: Order, _args: unknown, { shipments }: OrdersContext) => shipments.byOrder.load(id),
    returns: ({ id }: Order, _args: unknown, { returns }: OrdersContext) => returns.byOrder.load(id),
    fulfillmentBlockers: (order: WithPaymentStatus) =>
      fulfillmentBlockers(order, parsePaymentStatus(order.paymentStatus)),
    timeline: ({ id }: Order, args: PageArguments, context: OrdersContext) =>
      nestedConnection<OrderEvent>(context, 'Order.timeline', id, args, () => timelineOfOrder),
  },
  OrderEvent: {
    actor: ({ actorId }: OrderEvent) => stubOf(actorId),
  },
};

const globalIdOf = (type: IdType, id: string | null) => (id === null ? null : toGlobalId(type, id));
