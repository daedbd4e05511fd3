import { anyArm, columnsOf } from '@tributary/kit';
import type { RequestReader } from '@tributary/kit';
import sql from 'sql-template-tag';
import type { Sql } from 'sql-template-tag';

import { variantEntity, variantPriceEntity } from './variant.entity.ts';
import type { Variant, VariantPrice } from './variant.ts';

export interface VariantRepository {
  /** Variants in the shop whose product the caller may see. */
  findByIds(ids: readonly string[]): Promise<Variant[]>;
  /** Variants of products that the caller was already given, in the order of the shop. */
  findByProducts(productIds: readonly string[]): Promise<Variant[]>;
  /** Prices of variants that the caller was already given. */
  findPrices(wanted: readonly PriceKey[]): Promise<VariantPrice[]>;
}

export type PriceKey = Pick<VariantPrice, 'variantId' | 'currency'>;

const variantColumns = columnsOf(variantEntity, 'v');
const priceColumns = columnsOf(variantPriceEntity, 'vp');

/** `productArms`: the visible products, as predicates on `p`. */
export function createVariantRepository(db: RequestReader, productArms: readonly Sql[]): VariantRepository {
  return {
    findByIds: (ids) =>
      db.query(sql`SELECT ${variantColumns} FROM orders.product_variants v JOIN orders.products p ON p.id = v.product_id
        WHERE v.id = ANY(${ids}::uuid[]) AND v.active AND ${anyArm(productArms)}`),
    findByProducts: (productIds) =>
      db.query(sql`SELECT ${variantColumns} FROM orders.product_variants v
        WHERE v.product_id = ANY(${productIds}::uuid[]) AND v.active ORDER BY v.product_id, v.position, v.id`),
    findPrices: (wanted) =>
      db.query(sql`SELECT ${priceColumns} FROM orders.variant_prices vp
        JOIN unnest(${wanted.map(({ variantId }) => variantId)}::uuid[], ${wanted.map(({ currency }) => currency)}::char(3)[])
          AS wanted(variant_id, currency) USING (variant_id, currency)`),
  };
}
