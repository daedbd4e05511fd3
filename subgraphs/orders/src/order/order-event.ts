export type OrderEventType =
  | 'CREATED'
  | 'UPDATED'
  | 'PLACED'
  | 'PAYMENT_UPDATED'
  | 'CONFIRMED'
  | 'SHIPMENT_UPDATED'
  | 'RETURN_UPDATED'
  | 'CANCELED'
  | 'COMPLETED';

/** One entry in the timeline of an order. Ids sort by time. */
export interface OrderEvent {
  id: string;
  orderId: string;
  type: OrderEventType;
  /** The person who acted; null for the system and for API clients. */
  actorId: string | null;
  message: string;
  occurredAt: Date;
}
