/** A variant that can be put into an order. */
export interface Variant {
  id: string;
  productId: string;
  sku: string;
  title: string;
  /** Place among the variants of the product. */
  position: number;
  /** Null when stock is not tracked. */
  stockOnHand: number | null;
  stockReserved: number;
}

/** What one unit costs in one currency, before tax and discounts. */
export interface VariantPrice {
  variantId: string;
  currency: string;
  amountMinor: bigint;
}

/** Prices are shown in this currency unless the client asks for another: the one all channels sell in. */
export const DEFAULT_CHANNEL_CURRENCY = 'EUR';

/** Units that can be promised now; null when stock is not tracked. */
export function availableQuantity({ stockOnHand, stockReserved }: Variant): number | null {
  return stockOnHand === null ? null : stockOnHand - stockReserved;
}
