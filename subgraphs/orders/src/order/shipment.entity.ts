import { EntitySchema } from '@tributary/kit';

import type { ShipmentLineRow, ShipmentRow } from './shipment.ts';

export const shipmentEntity = new EntitySchema<ShipmentRow>({
  name: 'Shipment',
  schema: 'orders',
  tableName: 'shipments',
  columns: {
    id: { type: 'uuid', primary: true },
    orderId: { name: 'order_id', type: 'uuid' },
    status: { type: 'text' },
    carrier: { type: 'text', nullable: true },
    trackingNumber: { name: 'tracking_number', type: 'text', nullable: true },
    shippedAt: { name: 'shipped_at', type: 'timestamptz', precision: 3, nullable: true },
    deliveredAt: { name: 'delivered_at', type: 'timestamptz', precision: 3, nullable: true },
    version: { type: 'integer', default: 1 },
  },
});

export const shipmentLineEntity = new EntitySchema<ShipmentLineRow>({
  name: 'ShipmentLine',
  schema: 'orders',
  tableName: 'shipment_lines',
  columns: {
    shipmentId: { name: 'shipment_id', type: 'uuid', primary: true },
    orderLineId: { name: 'order_line_id', type: 'uuid', primary: true },
    quantity: { type: 'integer' },
  },
});
