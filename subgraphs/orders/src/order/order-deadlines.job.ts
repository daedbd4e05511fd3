import { EVERY_ROW, SYSTEM } from '@tributary/kit';
import type { Clock, Job, Writer, WriteTransaction } from '@tributary/kit';

import { cancelLocked } from './cancel-order.ts';
import { findSaga, finishSaga, lockOverdueOrder, postponeSaga } from './order-saga.repository.ts';
import { retryAt, SagaStep } from './order-saga.ts';
import type { OrderDeadlines } from './order-saga.ts';
import { lockOrder } from './order-writes.repository.ts';
import { findPaymentStatus } from './payment-copy.repository.ts';

// Cancels orders whose money did not come in time. One order per transaction; replicas pass over those that another one works on.

export interface DeadlineDeps {
  writer: Writer;
  clock: Clock;
  deadlines: OrderDeadlines;
}

const BATCH = 50;
const ORIGIN = { actor: SYSTEM, traceparent: null };

export function createDeadlineJob({ writer, clock, deadlines }: DeadlineDeps): Job {
  return {
    name: 'deadlines of orders',
    intervalMs: deadlines.checkIntervalMs,
    async run(signal) {
      for (let done = 0; done < BATCH && !signal.aborted; done += 1)
        if (!(await actOnNext({ writer, clock }))) return false;
      return !signal.aborted;
    },
  };
}

/** True when there was one. */
async function actOnNext({ writer, clock }: Pick<DeadlineDeps, 'writer' | 'clock'>): Promise<boolean> {
  let orderId: string | null = null;
  try {
    await writer.write(ORIGIN, async (tx) => {
      orderId = await lockOverdueOrder(tx, clock.now());
      if (orderId !== null) await actOn(tx, orderId);
    });
  } catch (error) {
    if (orderId === null) throw error;
    // One order that cannot be canceled must not keep the others waiting.
    const failed: string = orderId;
    await writer.write(ORIGIN, async (tx) => {
      const saga = await findSaga(tx, failed);
      await postponeSaga(tx, failed, retryAt(tx.now, saga?.attempts ?? 0));
    });
  }
  return orderId !== null;
}

async function actOn(tx: WriteTransaction, orderId: string): Promise<void> {
  // Read again under the lock: the statement that took it saw the saga as it was before.
  const saga = await findSaga(tx, orderId);
  if (!saga || saga.step === SagaStep.done || saga.deadlineAt > tx.now) return;
  const order = await lockOrder(tx, orderId, EVERY_ROW);
  if (order?.status !== 'PENDING') return finishSaga(tx, orderId);
  // The news that it is paid is still on its way, or waits among the dead letters.
  if ((await findPaymentStatus(tx, orderId)) === 'PAID')
    return postponeSaga(tx, orderId, retryAt(tx.now, saga.attempts));
  await cancelLocked(tx, order, 'PAYMENT', 'no payment arrived in time.');
  tx.audit({ action: 'orderCancel', object: { type: 'Order', id: orderId }, details: { reason: 'PAYMENT' } });
}
