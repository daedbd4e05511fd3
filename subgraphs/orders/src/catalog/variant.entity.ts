import { EntitySchema } from '@tributary/kit';

import type { Variant, VariantPrice } from './variant.ts';

export const variantEntity = new EntitySchema<Variant>({
  name: 'ProductVariant',
  schema: 'orders',
  tableName: 'product_variants',
  columns: {
    id: { type: 'uuid', primary: true },
    productId: { name: 'product_id', type: 'uuid' },
    sku: { type: 'text', unique: true },
    title: { type: 'text' },
    position: { type: 'integer' },
    stockOnHand: { name: 'stock_on_hand', type: 'integer', nullable: true },
    stockReserved: { name: 'stock_reserved', type: 'integer', default: 0 },
  },
});

export const variantPriceEntity = new EntitySchema<VariantPrice>({
  name: 'VariantPrice',
  schema: 'orders',
  tableName: 'variant_prices',
  columns: {
    variantId: { name: 'variant_id', type: 'uuid', primary: true },
    currency: { type: 'char', length: 3, primary: true },
    amountMinor: { name: 'amount_minor', type: 'bigint' },
  },
});
