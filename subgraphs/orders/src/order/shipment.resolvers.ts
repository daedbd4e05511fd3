import { toGlobalId } from '@tributary/kit';

import type { OrdersContext } from '../context.ts';
import { resolveReference } from '../references.ts';
import type { Reference } from '../references.ts';
import type { Shipment } from './shipment.ts';

export const shipmentResolvers = {
  Shipment: {
    __resolveReference: (reference: Reference, { shipments }: OrdersContext) =>
      resolveReference('Shipment', reference, shipments.byId),
    id: ({ id }: Shipment) => toGlobalId('Shipment', id),
    order: ({ orderId }: Shipment, _args: unknown, { orders }: OrdersContext) => orders.byId.load(orderId),
    lines: ({ id }: Shipment, _args: unknown, { shipments }: OrdersContext) => shipments.lines.load(id),
  },
};
