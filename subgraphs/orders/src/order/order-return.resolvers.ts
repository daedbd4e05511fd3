import { money, toGlobalId } from '@tributary/kit';

import type { OrdersContext } from '../context.ts';
import { resolveReference } from '../references.ts';
import type { Reference } from '../references.ts';
import type { OrderReturn } from './order-return.ts';

export const orderReturnResolvers = {
  OrderReturn: {
    __resolveReference: (reference: Reference, { returns }: OrdersContext) =>
      resolveReference('OrderReturn', reference, returns.byId),
    id: ({ id }: OrderReturn) => toGlobalId('OrderReturn', id),
    order: ({ orderId }: OrderReturn, _args: unknown, { orders }: OrdersContext) => orders.byId.load(orderId),
    lines: ({ id }: OrderReturn, _args: unknown, { returns }: OrdersContext) => returns.lines.load(id),
    refundAmount: ({ refundMinor, currency }: OrderReturn) =>
      refundMinor === null ? null : money(refundMinor, currency),
  },
};
