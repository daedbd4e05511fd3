import { newUuid } from '@tributary/kit';
import type { Actor, Transaction } from '@tributary/kit';
import sql, { join } from 'sql-template-tag';

import type { OrderEventType } from './order-event.ts';

export interface TimelineEntry {
  type: OrderEventType;
  /** One sentence, in English. */
  message: string;
}

/** Adds to the timeline of an order, oldest first. Clients and the system are nobody there. */
export async function addToTimeline(
  tx: Transaction & { actor: Actor; now: Date },
  orderId: string,
  ...entries: readonly TimelineEntry[]
): Promise<void> {
  const actorId = tx.actor.type === 'user' ? tx.actor.id : null;
  // Ids sort the timeline; within one millisecond they would not.
  const rows = entries.map(
    ({ type, message }, index) =>
      sql`(${newUuid(new Date(tx.now.getTime() + index))}::uuid, ${orderId}::uuid, ${type}, ${actorId}::uuid, ${message})`,
  );
  await tx.query(sql`INSERT INTO orders.order_events (id, order_id, type, actor_id, message) VALUES ${join(rows)}`);
}
