import type { OrderPart } from './order-part.ts';

export type ShipmentStatus = 'PENDING' | 'SHIPPED' | 'DELIVERED' | 'CANCELED';

/** Goods that left together. */
export type Shipment = ShipmentRow & OrderPart;

export interface ShipmentRow {
  id: string;
  orderId: string;
  status: ShipmentStatus;
  carrier: string | null;
  trackingNumber: string | null;
  shippedAt: Date | null;
  deliveredAt: Date | null;
  version: number;
}

/** Units of one order line in a shipment, as stored. */
export interface ShipmentLineRow {
  shipmentId: string;
  orderLineId: string;
  quantity: number;
}
