import { randomBytes } from 'node:crypto';

import type { RefundOutcome, RefundRequest } from '@tributary/billing/provider/payment-provider';
import type { WireRefund } from '@tributary/billing/provider/wire';

import type { Charge } from './charge.ts';
import { Fault } from './fault.ts';
import type { TestMethod } from './test-methods.ts';

// A refund and what can happen to it. Nothing here reads or writes anything.

export interface Refund extends RefundRequest {
  reference: string;
  state: RefundOutcome['state'];
  succeededAt: Date | null;
  failureCode: string | null;
}

/** `refundedMinor`: what other refunds of the charge have given back or are about to. */
export function assertRefundable(charge: Charge, refundedMinor: bigint, request: RefundRequest): void {
  if (charge.state !== 'captured')
    throw new Fault('NOT_POSSIBLE', `The charge is ${charge.state}, only a captured one can be refunded.`);
  if (charge.currency !== request.currency) throw new Fault('NOT_POSSIBLE', 'The charge is in another currency.');
  if (request.amountMinor > charge.capturedMinor - refundedMinor)
    throw new Fault('NOT_POSSIBLE', 'The amount is more than is left of the charge.');
}

export function beginRefund(request: RefundRequest, method: TestMethod, now: Date): Refund {
  const begun: Refund = {
    ...request,
    reference: `re_${randomBytes(16).toString('hex')}`,
    state: 'processing',
    succeededAt: null,
    failureCode: null,
  };
  if (method.refund === 'done') return succeedRefund(begun, now);
  if (method.refund === 'processing') return begun;
  return failRefund(begun, method.refund.failureCode);
}

export const isSameRefundRequest = (a: RefundRequest, b: RefundRequest): boolean =>
  a.chargeReference === b.chargeReference && a.amountMinor === b.amountMinor && a.currency === b.currency;

export function succeedRefund(refund: Refund, now: Date): Refund {
  return { ...refund, state: 'succeeded', succeededAt: now };
}

export function failRefund(refund: Refund, failureCode: string): Refund {
  return { ...refund, state: 'failed', failureCode };
}

export function toWireRefund(refund: Refund): WireRefund {
  return {
    reference: refund.reference,
    idempotencyKey: refund.idempotencyKey,
    chargeReference: refund.chargeReference,
    state: refund.state,
    amountMinor: String(refund.amountMinor),
    currency: refund.currency,
    succeededAt: refund.succeededAt?.toISOString() ?? null,
    failureCode: refund.failureCode,
  };
}
