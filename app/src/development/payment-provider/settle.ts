import type { Transaction } from '@tributary/kit/database/transaction';

import type { ProviderContext } from './behavior.ts';
import { saveCharge } from './change-charge.ts';
import { findCharge, lockSettlingCharge } from './charge.repository.ts';
import { fail, succeed } from './charge.ts';
import { recordEvent } from './events.repository.ts';
import { lockSettlingRefund, updateRefund } from './refund.repository.ts';
import { failRefund, succeedRefund, toWireRefund } from './refund.ts';
import { methodOf } from './test-methods.ts';

/** Brings one charge and one refund to their end whose time has come. True: there may be more. */
export async function settleNext(context: ProviderContext): Promise<boolean> {
  const charge = await context.database.transaction((tx) => settleCharge(tx, context));
  const refund = await context.database.transaction((tx) => settleRefund(tx, context));
  if (charge || refund) context.onEvent();
  return charge || refund;
}

async function settleCharge(tx: Transaction, context: ProviderContext): Promise<boolean> {
  const charge = await lockSettlingCharge(tx);
  if (!charge) return false;
  const { chargeEnding = 'done' } = methodOf(charge.methodToken);
  const now = context.clock.now();
  await saveCharge(
    tx,
    chargeEnding === 'done' ? succeed(charge, now) : fail(charge, chargeEnding.failureCode),
    context,
  );
  return true;
}

async function settleRefund(tx: Transaction, { behavior, clock }: ProviderContext): Promise<boolean> {
  const refund = await lockSettlingRefund(tx);
  if (!refund) return false;
  const charge = await findCharge(tx, refund.chargeReference);
  const { refundEnding = 'done' } = methodOf(charge?.methodToken ?? '');
  const now = clock.now();
  const ended = refundEnding === 'done' ? succeedRefund(refund, now) : failRefund(refund, refundEnding.failureCode);
  await updateRefund(tx, ended);
  await recordEvent(tx, { refund: toWireRefund(ended) }, { ...behavior, now });
  return true;
}
