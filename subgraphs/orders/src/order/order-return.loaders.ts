import { groupedInKeyOrder, inKeyOrder } from '@tributary/kit';
import DataLoader from 'dataloader';

import type { LineQuantityOf } from './line-quantities.ts';
import type { OrderReturnRepository } from './order-return.repository.ts';
import type { OrderReturn } from './order-return.ts';

export interface OrderReturnLoaders {
  byId: DataLoader<string, OrderReturn | null>;
  byOrder: DataLoader<string, OrderReturn[]>;
  lines: DataLoader<string, LineQuantityOf[]>;
}

export function createOrderReturnLoaders(returns: OrderReturnRepository): OrderReturnLoaders {
  return {
    byId: new DataLoader(async (ids) => inKeyOrder(ids, await returns.findByIds(ids), ({ id }) => id)),
    byOrder: new DataLoader(async (ids) =>
      groupedInKeyOrder(ids, await returns.findByOrders(ids), ({ orderId }) => orderId),
    ),
    lines: new DataLoader(async (ids) =>
      groupedInKeyOrder(ids, await returns.findLines(ids), ({ parentId }) => parentId),
    ),
  };
}
