import type { OrderPart } from './order-part.ts';

/** One line of an order. Title, sku and price are a snapshot. */
export type OrderLine = OrderLineRow & OrderPart;

export interface OrderLineRow {
  id: string;
  orderId: string;
  position: number;
  /** Null when the variant was removed from the catalog. */
  variantId: string | null;
  sku: string;
  title: string;
  quantity: number;
  shippedQuantity: number;
  returnedQuantity: number;
  unitPriceMinor: bigint;
  discountMinor: bigint;
  taxMinor: bigint;
  totalMinor: bigint;
}

/** One tax on a line. */
export interface LineTax {
  orderLineId: string;
  position: number;
  title: string;
  /** Decimal fraction as text, for example 0.19. */
  rate: string;
  jurisdiction: string;
  amountMinor: bigint;
}

/** Units of an order line in a shipment or a return. */
export interface LineQuantity {
  orderLine: OrderLine;
  quantity: number;
}
