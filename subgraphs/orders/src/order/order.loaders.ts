import { groupedInKeyOrder, inKeyOrder } from '@tributary/kit';
import DataLoader from 'dataloader';

import type { OrderRepository } from './order.repository.ts';
import type { Discount, Order } from './order.ts';

export interface OrderLoaders {
  byId: DataLoader<string, Order | null>;
  byNumber: DataLoader<string, Order | null>;
  /** Orders that a partner placed, by that partner's own references. */
  byReferenceOf(partnerOrganizationId: string): DataLoader<string, Order | null>;
  itemCount: DataLoader<string, number>;
  discounts: DataLoader<string, Discount[]>;
}

export function createOrderLoaders(orders: OrderRepository): OrderLoaders {
  // A caller acts for one organization, so this holds one loader at most.
  const byReference = new Map<string, DataLoader<string, Order | null>>();
  const createReferenceLoader = (partnerOrganizationId: string) =>
    new DataLoader<string, Order | null>(async (references) =>
      inKeyOrder(
        references,
        await orders.findByExternalReferences(partnerOrganizationId, references),
        ({ externalReference }) => externalReference ?? '',
      ),
    );
  return {
    byId: new DataLoader(async (ids) => inKeyOrder(ids, await orders.findByIds(ids), ({ id }) => id)),
    byNumber: new DataLoader(async (numbers) =>
      inKeyOrder(numbers, await orders.findByNumbers(numbers), ({ number }) => number ?? ''),
    ),
    byReferenceOf(partnerOrganizationId) {
      const loader = byReference.get(partnerOrganizationId) ?? createReferenceLoader(partnerOrganizationId);
      byReference.set(partnerOrganizationId, loader);
      return loader;
    },
    itemCount: new DataLoader(async (ids) => {
      const counts = new Map((await orders.countItems(ids)).map(({ orderId, count }) => [orderId, count]));
      return ids.map((id) => counts.get(id) ?? 0);
    }),
    discounts: new DataLoader(async (ids) =>
      groupedInKeyOrder(ids, await orders.findDiscounts(ids), ({ orderId }) => orderId),
    ),
  };
}
