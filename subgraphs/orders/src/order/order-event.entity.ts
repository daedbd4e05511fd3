import { EntitySchema } from '@tributary/kit';

import type { OrderEvent } from './order-event.ts';

export const orderEventEntity = new EntitySchema<OrderEvent>({
  name: 'OrderEvent',
  schema: 'orders',
  tableName: 'order_events',
  columns: {
    id: { type: 'uuid', primary: true },
    orderId: { name: 'order_id', type: 'uuid' },
    type: { type: 'text' },
    actorId: { name: 'actor_id', type: 'uuid', nullable: true },
    message: { type: 'text' },
    occurredAt: { name: 'created_at', type: 'timestamptz', precision: 3 },
  },
});
