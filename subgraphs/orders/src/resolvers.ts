import { moneyResolvers } from '@tributary/kit';

import { productMutations } from './catalog/product.mutations.ts';
import { productResolvers } from './catalog/product.resolvers.ts';
import { variantResolvers } from './catalog/variant.resolvers.ts';
import { orderLineResolvers } from './order/order-line.resolvers.ts';
import { orderOwnerResolvers } from './order/order-owner.resolvers.ts';
import { orderReturnResolvers } from './order/order-return.resolvers.ts';
import type { OrderDeadlines } from './order/order-saga.ts';
import { createOrderMutations } from './order/order.mutations.ts';
import { orderResolvers } from './order/order.resolvers.ts';
import { orderSubscriptions } from './order/order.subscriptions.ts';
import { shipmentResolvers } from './order/shipment.resolvers.ts';

export const createResolvers = (deadlines: OrderDeadlines) => ({
  ...productResolvers,
  ...variantResolvers,
  ...orderResolvers,
  ...orderLineResolvers,
  ...shipmentResolvers,
  ...orderReturnResolvers,
  ...orderOwnerResolvers,
  Query: { ...productResolvers.Query, ...orderResolvers.Query },
  Subscription: orderSubscriptions,
  Mutation: { ...createOrderMutations(deadlines), ...productMutations },
  Money: moneyResolvers,
});
