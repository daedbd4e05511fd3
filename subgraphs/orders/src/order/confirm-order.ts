import type { WriteTransaction } from '@tributary/kit';

import { orderConfirmed } from '../events.ts';
import { finishSaga } from './order-saga.repository.ts';
import { canBecome } from './order-status.ts';
import { setConfirmed } from './order-writes.repository.ts';
import { addToTimeline } from './timeline-writes.repository.ts';
import type { Order } from './order.ts';

/** Confirms a locked order. One that was canceled, or is confirmed already, stays as it is: billing pays back what it received for it. */
export async function confirmOrder(tx: WriteTransaction, order: Order, message: string): Promise<void> {
  if (!canBecome(order, 'CONFIRMED')) return;
  const confirmed = await setConfirmed(tx, order.id);
  await finishSaga(tx, order.id);
  await addToTimeline(tx, order.id, { type: 'CONFIRMED', message });
  tx.publish(orderConfirmed(confirmed));
  tx.audit({ action: 'orderConfirm', object: { type: 'Order', id: order.id } });
}
