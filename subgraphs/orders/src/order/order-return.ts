import type { OrderPart } from './order-part.ts';

export type ReturnStatus = 'REQUESTED' | 'APPROVED' | 'DECLINED' | 'RECEIVED';

/** Goods the buyer sends back. */
export type OrderReturn = OrderReturnRow & OrderPart;

export interface OrderReturnRow {
  id: string;
  orderId: string;
  status: ReturnStatus;
  reason: string;
  /** Null until the goods are back. */
  refundMinor: bigint | null;
  requestedAt: Date;
  version: number;
}

/** Units of one order line in a return, as stored. */
export interface ReturnLineRow {
  returnId: string;
  orderLineId: string;
  quantity: number;
}
