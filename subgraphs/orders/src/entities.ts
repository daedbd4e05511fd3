import { productEntity } from './catalog/product.entity.ts';
import { variantEntity, variantPriceEntity } from './catalog/variant.entity.ts';
import { orderEventEntity } from './order/order-event.entity.ts';
import { lineTaxEntity, orderLineEntity } from './order/order-line.entity.ts';
import { orderReturnEntity, returnLineEntity } from './order/order-return.entity.ts';
import { discountEntity, orderEntity } from './order/order.entity.ts';
import { shipmentEntity, shipmentLineEntity } from './order/shipment.entity.ts';

/** Every table this subgraph reads. A test compares them with the migrated database. */
export const entities = [
  productEntity,
  variantEntity,
  variantPriceEntity,
  orderEntity,
  discountEntity,
  orderLineEntity,
  lineTaxEntity,
  orderEventEntity,
  shipmentEntity,
  shipmentLineEntity,
  orderReturnEntity,
  returnLineEntity,
];
