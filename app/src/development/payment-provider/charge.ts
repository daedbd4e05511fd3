import { randomBytes } from 'node:crypto';

import type { ChargeOutcome, ChargeRequest } from '@tributary/billing/provider/payment-provider';
import type { WireCharge } from '@tributary/billing/provider/wire';

import { Fault } from './fault.ts';
import type { TestMethod } from './test-methods.ts';

// A charge and what can happen to it. Nothing here reads or writes anything.

export interface Charge extends ChargeRequest {
  reference: string;
  state: ChargeOutcome['state'];
  capturedMinor: bigint;
  capturedAt: Date | null;
  failureCode: string | null;
}

export function beginCharge(request: ChargeRequest, method: TestMethod, now: Date): Charge {
  const begun: Charge = {
    ...request,
    reference: `ch_${randomBytes(16).toString('hex')}`,
    state: 'processing',
    capturedMinor: 0n,
    capturedAt: null,
    failureCode: null,
  };
  if (method.charge === 'done') return succeed(begun, now);
  if (typeof method.charge === 'string') return { ...begun, state: method.charge };
  return fail(begun, method.charge.failureCode);
}

export const isSameRequest = (a: ChargeRequest, b: ChargeRequest): boolean =>
  a.amountMinor === b.amountMinor &&
  a.currency === b.currency &&
  a.methodToken === b.methodToken &&
  a.capture === b.capture;

/** The end of a charge that was processed, or whose payer has confirmed: captured, or authorized where that was asked for. */
export function succeed(charge: Charge, now: Date): Charge {
  return charge.capture ? captured(charge, charge.amountMinor, now) : { ...charge, state: 'authorized' };
}

export function fail(charge: Charge, failureCode: string): Charge {
  return { ...charge, state: 'failed', failureCode };
}

/** The payer's decision; without effect when there is nothing, or no longer anything, to decide. */
export function decide(charge: Charge, decision: 'confirm' | 'decline', now: Date): Charge {
  if (charge.state !== 'requiresAction') return charge;
  return decision === 'confirm' ? succeed(charge, now) : fail(charge, 'authentication_failed');
}

export function captureCharge(charge: Charge, amountMinor: bigint, now: Date): Charge {
  if (charge.state === 'captured' && charge.capturedMinor === amountMinor) return charge; // a repeat
  if (charge.state !== 'authorized')
    throw new Fault('NOT_POSSIBLE', `The charge is ${charge.state}, only an authorized one can be captured.`);
  if (amountMinor > charge.amountMinor) throw new Fault('NOT_POSSIBLE', 'The amount is more than was authorized.');
  return captured(charge, amountMinor, now);
}

/** What cannot be released any more stays as it is. */
export function releaseCharge(charge: Charge): Charge {
  return ['authorized', 'requiresAction'].includes(charge.state) ? { ...charge, state: 'released' } : charge;
}

/** `actionUrl`: where the payer acts. */
export function toWireCharge(charge: Charge, actionUrl: string): WireCharge {
  return {
    reference: charge.reference,
    idempotencyKey: charge.idempotencyKey,
    state: charge.state,
    amountMinor: String(charge.amountMinor),
    currency: charge.currency,
    capturedMinor: String(charge.capturedMinor),
    capturedAt: charge.capturedAt?.toISOString() ?? null,
    actionUrl: charge.state === 'requiresAction' ? actionUrl : null,
    failureCode: charge.failureCode,
  };
}

const captured = (charge: Charge, capturedMinor: bigint, capturedAt: Date): Charge => ({
  ...charge,
  state: 'captured',
  capturedMinor,
  capturedAt,
});
