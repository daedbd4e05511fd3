import type { WriteTransaction } from '@tributary/kit';

import type { DiscountCode } from '../pricing/discount-code.ts';
import { quote } from '../pricing/quote.ts';
import type { Basket, Offer, Quote } from '../pricing/quote.ts';
import { findOffers } from '../pricing/supply.repository.ts';

export interface PricedBasket {
  quote: Quote;
  offers: ReadonlyMap<string, Offer>;
}

/** Prices a basket from what the database says now. `loadCodes` reads the discount codes, and counts their use where that is due. */
export async function priceBasket(
  tx: WriteTransaction,
  basket: Basket,
  loadCodes: (tx: WriteTransaction, codes: readonly string[]) => Promise<ReadonlyMap<string, DiscountCode>>,
): Promise<PricedBasket> {
  const { lines, currency, country } = basket;
  const variantIds = [...new Set(lines.flatMap(({ variantId }) => variantId ?? []))];
  const { offers, taxRates } = await findOffers(tx, { variantIds, currency, country, now: tx.now });
  const codes = await loadCodes(tx, basket.codes);
  return { offers, quote: quote(basket, { offers, taxRates, codes }, tx.now) };
}
