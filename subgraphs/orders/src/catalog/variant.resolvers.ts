import { money, toGlobalId } from '@tributary/kit';

import type { OrdersContext } from '../context.ts';
import { resolveReference } from '../references.ts';
import type { Reference } from '../references.ts';
import { availableQuantity, DEFAULT_CHANNEL_CURRENCY } from './variant.ts';
import type { Variant } from './variant.ts';

export const variantResolvers = {
  ProductVariant: {
    __resolveReference: (reference: Reference, { variants }: OrdersContext) =>
      resolveReference('ProductVariant', reference, variants.byId),
    id: ({ id }: Variant) => toGlobalId('ProductVariant', id),
    product: ({ productId }: Variant, _args: unknown, { products }: OrdersContext) => products.byId.load(productId),
    async price({ id }: Variant, { currency }: { currency?: string | null }, { variants }: OrdersContext) {
      const price = await variants.price.load({ variantId: id, currency: currency ?? DEFAULT_CHANNEL_CURRENCY });
      return price && money(price.amountMinor, price.currency);
    },
    availableQuantity: (variant: Variant) => availableQuantity(variant),
  },
};
