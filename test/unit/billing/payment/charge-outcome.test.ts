import { describe, expect, test } from 'vitest';

import { changeByOutcome } from '@tributary/billing/payment/charge-outcome';
import type { KnownOutcome } from '@tributary/billing/payment/charge-outcome';
import { PaymentState } from '@tributary/billing/payment/payment';
import type { Payment } from '@tributary/billing/payment/payment';

const AT = new Date('2026-06-15T12:00:00Z');
const payment = (state: PaymentState, reference: string | null = 'ch_1'): Payment => ({
  id: 'p',
  invoiceId: 'i',
  state,
  currency: 'EUR',
  amountMinor: 1200n,
  capturedMinor: 0n,
  refundedMinor: 0n,
  methodType: 'CARD',
  methodId: null,
  providerReference: reference,
  failureCode: null,
  nextActionUrl: null,
  capturedAt: null,
  createdAt: AT,
  version: 1,
});
const outcomes: Record<string, KnownOutcome> = {
  SUCCEEDED: { state: 'captured', reference: 'ch_1', capturedMinor: 1200n, capturedAt: AT },
  AUTHORIZED: { state: 'authorized', reference: 'ch_1' },
  REQUIRES_ACTION: { state: 'requiresAction', reference: 'ch_1', url: 'https://bank.test' },
  PROCESSING: { state: 'processing', reference: 'ch_1' },
  CANCELED: { state: 'released', reference: 'ch_1' },
  FAILED: { state: 'failed', reference: 'ch_1', failureCode: 'card_declined' },
};

describe('from each state, what the provider says leads to', () => {
  const all = Object.keys(outcomes).sort();
  test.each([
    [PaymentState.processing, ['AUTHORIZED', 'CANCELED', 'FAILED', 'REQUIRES_ACTION', 'SUCCEEDED']],
    [PaymentState.requiresAction, ['AUTHORIZED', 'CANCELED', 'FAILED', 'PROCESSING', 'SUCCEEDED']],
    [PaymentState.authorized, ['CANCELED', 'FAILED', 'SUCCEEDED']],
    [PaymentState.succeeded, []],
    [PaymentState.failed, []],
    [PaymentState.canceled, ['SUCCEEDED']],
  ])('%s: %j', (state, following) => {
    expect(all.filter((next) => changeByOutcome(payment(state), outcomes[next]!)?.state === next)).toEqual(following);
  });
});

test('a reference that becomes known is kept, also where nothing else is new', () => {
  expect(changeByOutcome(payment('PROCESSING', null), outcomes.PROCESSING!)).toMatchObject({
    state: 'PROCESSING',
    providerReference: 'ch_1',
  });
  expect(changeByOutcome(payment('PROCESSING'), outcomes.PROCESSING!)).toBeNull();
  expect(changeByOutcome(payment('PROCESSING'), { state: 'released', reference: null })).toMatchObject({
    state: 'CANCELED',
    providerReference: 'ch_1',
  });
});

test('a reason belongs to a failure, an address to a payer who must act, an amount to a capture', () => {
  const facts = Object.values(outcomes).map((outcome) => {
    const change = changeByOutcome(payment('PROCESSING', null), outcome)!;
    return [change.state, change.capturedMinor, change.failureCode, change.nextActionUrl];
  });
  expect(facts).toEqual([
    ['SUCCEEDED', 1200n, null, null],
    ['AUTHORIZED', 0n, null, null],
    ['REQUIRES_ACTION', 0n, null, 'https://bank.test'],
    ['PROCESSING', 0n, null, null],
    ['CANCELED', 0n, null, null],
    ['FAILED', 0n, 'card_declined', null],
  ]);
});

test.each([1201n, 0n])('a capture of %d where 1200 was asked for is not believed', (capturedMinor) => {
  const outcome: KnownOutcome = { state: 'captured', reference: 'ch_1', capturedMinor, capturedAt: AT };
  expect(() => changeByOutcome(payment('PROCESSING'), outcome)).toThrow('another amount');
});
