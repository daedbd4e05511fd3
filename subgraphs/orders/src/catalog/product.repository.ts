import { anyArm, columnsOf } from '@tributary/kit';
import type { RequestReader } from '@tributary/kit';
import sql from 'sql-template-tag';
import type { Sql } from 'sql-template-tag';

import { productEntity } from './product.entity.ts';
import type { Product } from './product.ts';

/** Products the caller may see; others are left out. */
export interface ProductRepository {
  findByIds(ids: readonly string[]): Promise<Product[]>;
  findBySlugs(slugs: readonly string[]): Promise<Product[]>;
}

export const productColumns = columnsOf(productEntity, 'p');

export function createProductRepository(db: RequestReader, arms: readonly Sql[]): ProductRepository {
  const visible = anyArm(arms);
  return {
    findByIds: (ids) =>
      db.query(sql`SELECT ${productColumns} FROM orders.products p WHERE p.id = ANY(${ids}::uuid[]) AND ${visible}`),
    findBySlugs: (slugs) =>
      db.query(
        sql`SELECT ${productColumns} FROM orders.products p WHERE p.slug = ANY(${slugs}::text[]) AND ${visible}`,
      ),
  };
}
