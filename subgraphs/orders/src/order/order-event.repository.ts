import { columnsOf, EVERY_ROW, noFilter } from '@tributary/kit';
import type { NestedListQuery } from '@tributary/kit';
import sql from 'sql-template-tag';

import { orderEventEntity } from './order-event.entity.ts';

/** Events below orders that the caller was already given, newest first. There is no other way to an event. */
export const timelineOfOrder: NestedListQuery = {
  name: 'Order.timeline',
  columns: columnsOf(orderEventEntity, 'e'),
  from: sql`orders.order_events e`,
  id: sql`e.id`,
  parent: sql`e.order_id`,
  sort: { direction: 'DESC', key: null },
  arms: EVERY_ROW,
  filter: noFilter,
};
