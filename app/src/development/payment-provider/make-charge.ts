import type { ChargeRequest } from '@tributary/billing/provider/payment-provider';
import type { WireCharge } from '@tributary/billing/provider/wire';

import type { ProviderContext } from './behavior.ts';
import { findChargeByKey, insertCharge } from './charge.repository.ts';
import { beginCharge, isSameRequest, toWireCharge } from './charge.ts';
import { recordEvent } from './events.repository.ts';
import { Fault } from './fault.ts';
import type { TestMethod } from './test-methods.ts';
import { findTestMethod } from './test-methods.ts';

/** An answer, and how it is withheld; the latter only the first time. */
export interface Made<Answer> {
  answer: Answer;
  withheld: TestMethod['answer'];
}

/** Charges once per key. A repeat gets the first answer, another request under the same key is a fault. */
export async function makeCharge(context: ProviderContext, request: ChargeRequest): Promise<Made<WireCharge>> {
  const { database, behavior, clock, actionUrlOf } = context;
  const method = findTestMethod(request.methodToken);
  if (!method) throw new Fault('NOT_FOUND', 'There is no such payment method.');
  const now = clock.now();
  const charge = beginCharge(request, method, now);
  const answer = toWireCharge(charge, actionUrlOf(charge.reference));
  const made = await database.transaction(async (tx) => {
    if (await insertCharge(tx, charge, { answer, settleMs: behavior.settleMs })) {
      await recordEvent(tx, { charge: answer }, { ...behavior, now });
      return { answer, withheld: method.answer };
    }
    const first = await findChargeByKey(tx, request.idempotencyKey);
    if (!first || !isSameRequest(first, request))
      throw new Fault('IDEMPOTENCY_KEY_REUSED', 'The key was used for another charge.');
    return { answer: first.answer, withheld: undefined };
  });
  context.onEvent();
  return made;
}
