import { checkInput, forbidden, notFoundError, refuse, versionConflict } from '@tributary/kit';
import type { Kept, WriteTransaction } from '@tributary/kit';

import { releaseStock } from '../catalog/stock.repository.ts';
import { orderCanceled } from '../events.ts';
import { unitsPerVariant } from '../pricing/quote.ts';
import { giveBackDiscountCodes } from '../pricing/supply.repository.ts';
import type { Caller } from './caller.ts';
import { cancelsOrder } from './order-change.access.ts';
import { readNote } from './order-input.ts';
import { finishSaga } from './order-saga.repository.ts';
import { canBecome, isUnshipped, wrongStatus } from './order-status.ts';
import { findLines, lockOrder, setCanceled } from './order-writes.repository.ts';
import type { LockedOrder } from './order-writes.repository.ts';
import type { Order, OrderCancelReason } from './order.ts';
import { cancelPendingShipments } from './shipment-writes.repository.ts';
import { addToTimeline } from './timeline-writes.repository.ts';

export interface CancelOrder {
  orderId: string;
  expectedVersion: number;
  reason: OrderCancelReason;
  /** For the timeline. */
  note: string | null;
}

/** Cancels an order of which nothing was shipped, for a caller. */
export async function cancelOrder(
  tx: WriteTransaction,
  { principal, orderArms }: Caller,
  { orderId, expectedVersion, reason, note }: CancelOrder,
): Promise<Kept<Order>> {
  const text = readCancelNote(note);
  const order = await lockOrder(tx, orderId, orderArms);
  if (!order) return refuse(notFoundError(['input', 'id']));
  if (!cancelsOrder(principal, order)) throw forbidden();
  if (order.version !== expectedVersion) refuse(versionConflict(order.version));
  if (!canBecome(order, 'CANCELED'))
    refuse(wrongStatus(order, 'The order cannot be canceled any more.', ['input', 'id']));
  if (!isUnshipped(order))
    refuse(wrongStatus(order, 'A part of the order was shipped, so it cannot be canceled.', ['input', 'id']));
  const canceled = await cancelLocked(tx, order, reason, text);
  tx.audit({ action: 'orderCancel', object: { type: 'Order', id: orderId }, details: { reason } });
  return { result: canceled, ids: { order: orderId } };
}

function readCancelNote(note: string | null): string | null {
  if (note === null || note.trim() === '') return null;
  const check = checkInput();
  const text = readNote(check, note, ['input', 'note']);
  check.refuseIfAny();
  return text;
}

/** Cancels an order that is locked and may be canceled: gives back what was promised, and tells billing about it. */
export async function cancelLocked(
  tx: WriteTransaction,
  order: LockedOrder,
  reason: OrderCancelReason,
  note: string | null,
): Promise<Order> {
  const placed = order.placedAt !== null;
  if (placed) {
    // Discount codes before variants, as everywhere.
    await giveBackDiscountCodes(tx, order.discountCodes);
    await releaseStock(tx, unitsPerVariant(await findLines(tx, order.id)));
    await cancelPendingShipments(tx, order.id);
    await finishSaga(tx, order.id);
  }
  const canceled = await setCanceled(tx, order.id, reason);
  await addToTimeline(tx, order.id, {
    type: 'CANCELED',
    message: note === null ? 'The order was canceled.' : `The order was canceled: ${note}`,
  });
  tx.publish(orderCanceled(canceled, reason));
  return canceled;
}
