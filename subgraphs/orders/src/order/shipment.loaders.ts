import { groupedInKeyOrder, inKeyOrder } from '@tributary/kit';
import DataLoader from 'dataloader';

import type { LineQuantityOf } from './line-quantities.ts';
import type { ShipmentRepository } from './shipment.repository.ts';
import type { Shipment } from './shipment.ts';

export interface ShipmentLoaders {
  byId: DataLoader<string, Shipment | null>;
  byOrder: DataLoader<string, Shipment[]>;
  lines: DataLoader<string, LineQuantityOf[]>;
}

export function createShipmentLoaders(shipments: ShipmentRepository): ShipmentLoaders {
  return {
    byId: new DataLoader(async (ids) => inKeyOrder(ids, await shipments.findByIds(ids), ({ id }) => id)),
    byOrder: new DataLoader(async (ids) =>
      groupedInKeyOrder(ids, await shipments.findByOrders(ids), ({ orderId }) => orderId),
    ),
    lines: new DataLoader(async (ids) =>
      groupedInKeyOrder(ids, await shipments.findLines(ids), ({ parentId }) => parentId),
    ),
  };
}
