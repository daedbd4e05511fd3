import { moneyResolvers } from '@tributary/kit';

import { productResolvers } from './catalog/product.resolvers.ts';
import { variantResolvers } from './catalog/variant.resolvers.ts';
import { orderLineResolvers } from './order/order-line.resolvers.ts';
import { orderOwnerResolvers } from './order/order-owner.resolvers.ts';
import { orderReturnResolvers } from './order/order-return.resolvers.ts';
import { orderResolvers } from './order/order.resolvers.ts';
import { shipmentResolvers } from './order/shipment.resolvers.ts';

export const resolvers = {
  ...productResolvers,
  ...variantResolvers,
  ...orderResolvers,
  ...orderLineResolvers,
  ...shipmentResolvers,
  ...orderReturnResolvers,
  ...orderOwnerResolvers,
  Query: { ...productResolvers.Query, ...orderResolvers.Query },
  Money: moneyResolvers,
};
