import { allOf, forbidden, unauthenticated } from '@tributary/kit';
import type { ListQuery, PageArguments, Principal } from '@tributary/kit';
import sql from 'sql-template-tag';
import type { Sql } from 'sql-template-tag';

import { productColumns } from './product.repository.ts';
import { keepsCatalog } from './product.visibility.ts';

/** `ProductFilter` of the contract. */
export interface ProductFilter {
  search?: string | null;
  active?: boolean | null;
  skuIn?: readonly string[] | null;
}

export interface ProductListArguments extends PageArguments {
  filter?: ProductFilter | null;
}

/** The catalog, ordered by id. Throws FORBIDDEN when the filter asks for more than can be bought and the caller may not. */
export function productList(
  { filter }: ProductListArguments,
  principal: Principal | null,
  arms: readonly Sql[],
): ListQuery {
  return {
    name: 'products',
    columns: productColumns,
    from: sql`orders.products p`,
    id: sql`p.id`,
    sort: { key: null, direction: 'ASC' },
    arms,
    filter: productConditions(filter ?? { active: true }, principal),
  };
}

function productConditions({ search, active, skuIn }: ProductFilter, principal: Principal | null): Sql {
  if (active !== true && !keepsCatalog(principal)) throw principal === null ? unauthenticated() : forbidden();
  return allOf([
    activeCondition(active),
    search?.trim() ? sql`p.tsv @@ plainto_tsquery('pg_catalog.english', ${search})` : null,
    skuIn
      ? sql`p.id IN (SELECT v.product_id FROM orders.product_variants v WHERE v.active AND v.sku = ANY(${skuIn}::text[]))`
      : null,
  ]);
}

function activeCondition(active: boolean | null | undefined): Sql | null {
  if (active === true) return sql`p.active`;
  return active === false ? sql`NOT p.active` : null;
}
