import { EntitySchema } from '@tributary/kit';

import type { OrderReturnRow, ReturnLineRow } from './order-return.ts';

export const orderReturnEntity = new EntitySchema<OrderReturnRow>({
  name: 'OrderReturn',
  schema: 'orders',
  tableName: 'order_returns',
  columns: {
    id: { type: 'uuid', primary: true },
    orderId: { name: 'order_id', type: 'uuid' },
    status: { type: 'text' },
    reason: { type: 'text' },
    refundMinor: { name: 'refund_minor', type: 'bigint', nullable: true },
    requestedAt: { name: 'created_at', type: 'timestamptz', precision: 3 },
    version: { type: 'integer', default: 1 },
  },
});

export const returnLineEntity = new EntitySchema<ReturnLineRow>({
  name: 'ReturnLine',
  schema: 'orders',
  tableName: 'return_lines',
  columns: {
    returnId: { name: 'return_id', type: 'uuid', primary: true },
    orderLineId: { name: 'order_line_id', type: 'uuid', primary: true },
    quantity: { type: 'integer' },
  },
});
