import { mutate } from '@tributary/kit';

import type { OrdersContext } from '../context.ts';
import { readProductInput } from './product-input.ts';
import type { ProductSaveInput } from './product-input.ts';
import { saveProduct } from './save-product.ts';

export const productMutations = {
  async productSave(_root: unknown, { input }: { input: ProductSaveInput }, context: OrdersContext) {
    const { result: product, ...rest } = await mutate(context, {
      operation: 'productSave',
      // It takes no key: slug, skus and the version do the same.
      input: {},
      work: (tx) => saveProduct(tx, context.principal, readProductInput(input)),
      reread: (ids) => context.products.byId.load(ids.product!),
    });
    return { product, ...rest };
  },
};
