import { invariant } from '@tributary/kit';

import type { ChargeOutcome } from '../provider/payment-provider.ts';
import { NEXT_STATE, PaymentState } from './payment.ts';
import type { Payment } from './payment.ts';

// What a payment becomes by what the provider says. The answer to our request, an event and the answer to a question may tell the same
// thing in any order, so whatever is no step forward changes nothing.

export type PaymentChange = Pick<
  Payment,
  'state' | 'providerReference' | 'capturedMinor' | 'capturedAt' | 'failureCode' | 'nextActionUrl'
>;

/** What became of a charge, as far as we know: the provider's word, or that it never heard of a charge that is not wanted anymore. */
export type KnownOutcome = ChargeOutcome | { state: 'released'; reference: null };

const STATES: Readonly<Record<ChargeOutcome['state'], PaymentState>> = {
  captured: PaymentState.succeeded,
  authorized: PaymentState.authorized,
  requiresAction: PaymentState.requiresAction,
  processing: PaymentState.processing,
  released: PaymentState.canceled,
  failed: PaymentState.failed,
};

/** Null: nothing new. */
export function changeByOutcome(payment: Payment, outcome: KnownOutcome): PaymentChange | null {
  const state = STATES[outcome.state];
  const isNew = NEXT_STATE[payment.state].includes(state);
  const tellsReference = payment.state === state && payment.providerReference === null && outcome.reference !== null;
  if (!isNew && !tellsReference) return null;
  const captured = outcome.state === 'captured' ? outcome : null;
  invariant(
    !captured || (captured.capturedMinor > 0n && captured.capturedMinor <= payment.amountMinor),
    `The provider says it captured another amount than payment ${payment.id} asked for.`,
  );
  return {
    state,
    providerReference: outcome.reference ?? payment.providerReference,
    capturedMinor: captured?.capturedMinor ?? 0n,
    capturedAt: captured?.capturedAt ?? null,
    failureCode: outcome.state === 'failed' ? outcome.failureCode : null,
    nextActionUrl: outcome.state === 'requiresAction' ? outcome.url : null,
  };
}
