import { visibleArms } from '@tributary/kit';
import type { RequestContext } from '@tributary/kit';
import type { Sql } from 'sql-template-tag';

import { createProductLoaders } from './catalog/product.loaders.ts';
import type { ProductLoaders } from './catalog/product.loaders.ts';
import { createProductRepository } from './catalog/product.repository.ts';
import { productPolicy } from './catalog/product.visibility.ts';
import { createVariantLoaders } from './catalog/variant.loaders.ts';
import type { VariantLoaders } from './catalog/variant.loaders.ts';
import { createVariantRepository } from './catalog/variant.repository.ts';
import { createOrderLineLoaders } from './order/order-line.loaders.ts';
import type { OrderLineLoaders } from './order/order-line.loaders.ts';
import { createOrderLineRepository } from './order/order-line.repository.ts';
import { createOrderReturnLoaders } from './order/order-return.loaders.ts';
import type { OrderReturnLoaders } from './order/order-return.loaders.ts';
import { createOrderReturnRepository } from './order/order-return.repository.ts';
import { createOrderLoaders } from './order/order.loaders.ts';
import type { OrderLoaders } from './order/order.loaders.ts';
import { createOrderRepository } from './order/order.repository.ts';
import { orderPolicy } from './order/order.visibility.ts';
import { createShipmentLoaders } from './order/shipment.loaders.ts';
import type { ShipmentLoaders } from './order/shipment.loaders.ts';
import { createShipmentRepository } from './order/shipment.repository.ts';

/** What resolvers of this subgraph find in their context. Everything in it lives for one request and sees what its caller sees. */
export interface OrdersContext extends RequestContext {
  /** The caller's products, as predicates on `p`; also decides about their variants. */
  readonly productArms: readonly Sql[];
  /** The caller's orders, as predicates on `o`; also decides about what hangs below them. */
  readonly orderArms: readonly Sql[];
  readonly products: ProductLoaders;
  readonly variants: VariantLoaders;
  readonly orders: OrderLoaders;
  readonly orderLines: OrderLineLoaders;
  readonly shipments: ShipmentLoaders;
  readonly returns: OrderReturnLoaders;
}

export function extendContext(context: RequestContext): OrdersContext {
  const { db, principal } = context;
  const productArms = visibleArms(context, () => productPolicy(principal));
  const orderArms = visibleArms(context, () => orderPolicy(principal));
  return {
    ...context,
    productArms,
    orderArms,
    products: createProductLoaders(createProductRepository(db, productArms)),
    variants: createVariantLoaders(createVariantRepository(db, productArms)),
    orders: createOrderLoaders(createOrderRepository(db, orderArms)),
    orderLines: createOrderLineLoaders(createOrderLineRepository(db, orderArms)),
    shipments: createShipmentLoaders(createShipmentRepository(db, orderArms)),
    returns: createOrderReturnLoaders(createOrderReturnRepository(db, orderArms)),
  };
}
