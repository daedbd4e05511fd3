import { nestedConnection, toGlobalId, visibleArms } from '@tributary/kit';

import type { OrdersContext } from '../context.ts';
import { resolveStub } from '../references.ts';
import type { Reference, Stub } from '../references.ts';
import { ordersOfBuyer, ordersOfOrganization } from './order.list.ts';
import type { OrderListArguments } from './order.list.ts';
import type { Order } from './order.ts';
import { ordersOfBuyerPolicy, ordersOfOrganizationPolicy } from './order.visibility.ts';

// People and organizations belong to users. Here they are an id with orders below it.

export const orderOwnerResolvers = {
  User: {
    __resolveReference: (reference: Reference) => resolveStub('User', reference),
    id: ({ id }: Stub) => toGlobalId('User', id),
    orders: ({ id }: Stub, args: OrderListArguments, context: OrdersContext) =>
      nestedConnection<Order>(context, 'User.orders', id, args, () =>
        ordersOfBuyer(
          args,
          visibleArms(context, () => ordersOfBuyerPolicy(context.principal)),
          context.clock.now(),
        ),
      ),
  },
  Organization: {
    __resolveReference: (reference: Reference) => resolveStub('Organization', reference),
    id: ({ id }: Stub) => toGlobalId('Organization', id),
    orders: ({ id }: Stub, args: OrderListArguments, context: OrdersContext) =>
      nestedConnection<Order>(context, 'Organization.orders', id, args, () =>
        ordersOfOrganization(
          args,
          visibleArms(context, () => ordersOfOrganizationPolicy(context.principal)),
          context.clock.now(),
        ),
      ),
  },
};
