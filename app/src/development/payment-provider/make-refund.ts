import type { RefundRequest } from '@tributary/billing/provider/payment-provider';
import type { WireRefund } from '@tributary/billing/provider/wire';

import type { ProviderContext } from './behavior.ts';
import { lockCharge } from './charge.repository.ts';
import { recordEvent } from './events.repository.ts';
import { Fault } from './fault.ts';
import type { Made } from './make-charge.ts';
import { findRefundByKey, insertRefund, sumRefunds } from './refund.repository.ts';
import { assertRefundable, beginRefund, isSameRefundRequest, toWireRefund } from './refund.ts';
import { methodOf } from './test-methods.ts';

const keyReused = () => new Fault('IDEMPOTENCY_KEY_REUSED', 'The key was used for another refund.');

/** Gives back once per key, and never more than was captured, however many requests arrive at once. */
export async function makeRefund(context: ProviderContext, request: RefundRequest): Promise<Made<WireRefund>> {
  const { database, behavior, clock } = context;
  const made = await database.transaction(async (tx) => {
    const charge = await lockCharge(tx, request.chargeReference);
    if (!charge) throw new Fault('NOT_FOUND', 'There is no such charge.');
    const first = await findRefundByKey(tx, request.idempotencyKey);
    if (first && !isSameRefundRequest(first, request)) throw keyReused();
    if (first) return { answer: first.answer, withheld: undefined };
    assertRefundable(charge, await sumRefunds(tx, charge.reference), request);

    const now = clock.now();
    const method = methodOf(charge.methodToken);
    const refund = beginRefund(request, method, now);
    const answer = toWireRefund(refund);
    // The lock keeps requests for the same charge apart; this one was used for another charge in the same moment.
    if (!(await insertRefund(tx, refund, { answer, settleMs: behavior.settleMs }))) throw keyReused();
    await recordEvent(tx, { refund: answer }, { ...behavior, now });
    return { answer, withheld: method.answer };
  });
  context.onEvent();
  return made;
}
