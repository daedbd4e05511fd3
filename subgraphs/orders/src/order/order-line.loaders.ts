import { groupedInKeyOrder, inKeyOrder } from '@tributary/kit';
import DataLoader from 'dataloader';

import type { OrderLineRepository } from './order-line.repository.ts';
import type { LineTax, OrderLine } from './order-line.ts';

export interface OrderLineLoaders {
  byId: DataLoader<string, OrderLine | null>;
  taxes: DataLoader<string, LineTax[]>;
}

export function createOrderLineLoaders(lines: OrderLineRepository): OrderLineLoaders {
  return {
    byId: new DataLoader(async (ids) => inKeyOrder(ids, await lines.findByIds(ids), ({ id }) => id)),
    taxes: new DataLoader(async (ids) =>
      groupedInKeyOrder(ids, await lines.findTaxes(ids), ({ orderLineId }) => orderLineId),
    ),
  };
}
