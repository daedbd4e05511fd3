import type { WireCharge } from '@tributary/billing/provider/wire';
import type { Transaction } from '@tributary/kit/database/transaction';

import type { ProviderContext } from './behavior.ts';
import { lockCharge, updateCharge } from './charge.repository.ts';
import { toWireCharge } from './charge.ts';
import type { Charge } from './charge.ts';
import { recordEvent } from './events.repository.ts';
import { Fault } from './fault.ts';

/** Changes a charge as `change` says, which returns the same charge when there is nothing to change. */
export async function changeCharge(
  context: ProviderContext,
  reference: string,
  change: (charge: Charge, now: Date) => Charge,
): Promise<WireCharge> {
  const changed = await context.database.transaction(async (tx) => {
    const charge = await lockCharge(tx, reference);
    if (!charge) throw new Fault('NOT_FOUND', 'There is no such charge.');
    const next = change(charge, context.clock.now());
    if (next === charge) return toWireCharge(charge, context.actionUrlOf(reference));
    return saveCharge(tx, next, context);
  });
  context.onEvent();
  return changed;
}

/** Stores a changed charge together with the event that tells of it. */
export async function saveCharge(tx: Transaction, charge: Charge, context: ProviderContext): Promise<WireCharge> {
  const { behavior, clock, actionUrlOf } = context;
  const wire = toWireCharge(charge, actionUrlOf(charge.reference));
  await updateCharge(tx, charge);
  await recordEvent(tx, { charge: wire }, { ...behavior, now: clock.now() });
  return wire;
}
