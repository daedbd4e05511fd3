import { groupedInKeyOrder, inKeyOrder } from '@tributary/kit';
import DataLoader from 'dataloader';

import type { PriceKey, VariantRepository } from './variant.repository.ts';
import type { Variant, VariantPrice } from './variant.ts';

export interface VariantLoaders {
  byId: DataLoader<string, Variant | null>;
  byProduct: DataLoader<string, Variant[]>;
  /** Prices in any mix of currencies, in one statement. */
  price: DataLoader<PriceKey, VariantPrice | null, string>;
}

export function createVariantLoaders(variants: VariantRepository): VariantLoaders {
  return {
    byId: new DataLoader(async (ids) => inKeyOrder(ids, await variants.findByIds(ids), ({ id }) => id)),
    byProduct: new DataLoader(async (ids) =>
      groupedInKeyOrder(ids, await variants.findByProducts(ids), ({ productId }) => productId),
    ),
    price: new DataLoader(
      async (wanted) => inKeyOrder(wanted.map(priceKeyText), await variants.findPrices(wanted), priceKeyText),
      { cacheKeyFn: priceKeyText },
    ),
  };
}

const priceKeyText = ({ variantId, currency }: PriceKey) => `${variantId} ${currency}`;
