import { EntitySchema } from '@tributary/kit';

import type { LineTax, OrderLineRow } from './order-line.ts';

export const orderLineEntity = new EntitySchema<OrderLineRow>({
  name: 'OrderLine',
  schema: 'orders',
  tableName: 'order_lines',
  columns: {
    id: { type: 'uuid', primary: true },
    orderId: { name: 'order_id', type: 'uuid' },
    position: { type: 'integer' },
    variantId: { name: 'variant_id', type: 'uuid', nullable: true },
    sku: { type: 'text' },
    title: { type: 'text' },
    quantity: { type: 'integer' },
    shippedQuantity: { name: 'shipped_quantity', type: 'integer', default: 0 },
    returnedQuantity: { name: 'returned_quantity', type: 'integer', default: 0 },
    unitPriceMinor: { name: 'unit_price_minor', type: 'bigint' },
    discountMinor: { name: 'discount_minor', type: 'bigint', default: 0 },
    taxMinor: { name: 'tax_minor', type: 'bigint', default: 0 },
    totalMinor: { name: 'total_minor', type: 'bigint' },
  },
});

export const lineTaxEntity = new EntitySchema<LineTax>({
  name: 'OrderLineTax',
  schema: 'orders',
  tableName: 'order_line_taxes',
  columns: {
    orderLineId: { name: 'order_line_id', type: 'uuid', primary: true },
    position: { type: 'smallint', primary: true },
    title: { type: 'text' },
    rate: { type: 'numeric' },
    jurisdiction: { type: 'char', length: 2 },
    amountMinor: { name: 'amount_minor', type: 'bigint' },
  },
});
