import { connection, parseGlobalId, toGlobalId } from '@tributary/kit';

import type { OrdersContext } from '../context.ts';
import { exactlyOne } from '../exactly-one.ts';
import { resolveReference } from '../references.ts';
import type { Reference } from '../references.ts';
import { productList } from './product.list.ts';
import type { ProductListArguments } from './product.list.ts';
import type { Product } from './product.ts';

type ProductArguments = Partial<Record<'id' | 'slug', string | null>>;

export const productResolvers = {
  Query: {
    product(_root: unknown, args: ProductArguments, { products }: OrdersContext) {
      const { name, value } = exactlyOne(args, ['id', 'slug']);
      return name === 'id' ? products.byId.load(parseGlobalId('Product', value)) : products.bySlug.load(value);
    },
    products: (_root: unknown, args: ProductListArguments, context: OrdersContext) =>
      connection<Product>(context, productList(args, context.principal, context.productArms), args),
  },
  Product: {
    __resolveReference: (reference: Reference, { products }: OrdersContext) =>
      resolveReference('Product', reference, products.byId),
    id: ({ id }: Product) => toGlobalId('Product', id),
    variants: ({ id }: Product, _args: unknown, { variants }: OrdersContext) => variants.byProduct.load(id),
  },
};
