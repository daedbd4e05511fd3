import { inKeyOrder } from '@tributary/kit';
import DataLoader from 'dataloader';

import type { ProductRepository } from './product.repository.ts';
import type { Product } from './product.ts';

export interface ProductLoaders {
  byId: DataLoader<string, Product | null>;
  bySlug: DataLoader<string, Product | null>;
}

export function createProductLoaders(products: ProductRepository): ProductLoaders {
  return {
    byId: new DataLoader(async (ids) => inKeyOrder(ids, await products.findByIds(ids), ({ id }) => id)),
    bySlug: new DataLoader(async (slugs) => inKeyOrder(slugs, await products.findBySlugs(slugs), ({ slug }) => slug)),
  };
}
