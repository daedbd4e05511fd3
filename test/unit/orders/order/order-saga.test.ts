import { describe, expect, test } from 'vitest';

import { advanceSaga, DEFAULT_DEADLINES, retryAt, startSaga } from '@tributary/orders/order/order-saga';
import type { OrderSaga, SagaFact, SagaStep } from '@tributary/orders/order/order-saga';

const now = new Date('2026-06-15T12:00:00Z');
const at = (text: string) => new Date(text);
const saga = (step: SagaStep): OrderSaga => ({ step, deadlineAt: at('2026-06-15T12:30:00Z') });

test('a charge has half an hour, an invoice a day', () => {
  expect(startSaga(DEFAULT_DEADLINES, { charged: true, now })).toEqual({
    step: 'CHARGING',
    deadlineAt: at('2026-06-15T12:30:00Z'),
  });
  expect(startSaga(DEFAULT_DEADLINES, { charged: false, now })).toEqual({
    step: 'INVOICING',
    deadlineAt: at('2026-06-16T12:00:00Z'),
  });
});

describe('a fact moves the saga', () => {
  const invoiced: SagaFact = { type: 'invoiced', dueOn: '2026-06-29' };
  const authorized: SagaFact = { type: 'authorized', now };
  const failed: SagaFact = { type: 'failed', now };
  const untouched = null;
  test.each<[SagaStep, SagaFact, OrderSaga | null]>([
    ['INVOICING', invoiced, { step: 'INVOICED', deadlineAt: at('2026-07-07T00:00:00Z') }],
    ['CHARGING', invoiced, untouched],
    ['INVOICED', invoiced, untouched],
    ['AUTHORIZED', invoiced, untouched],
    ['CHARGING', authorized, { step: 'AUTHORIZED', deadlineAt: at('2026-06-22T12:00:00Z') }],
    ['INVOICED', authorized, { step: 'AUTHORIZED', deadlineAt: at('2026-06-22T12:00:00Z') }],
    ['AUTHORIZED', failed, { step: 'CHARGING', deadlineAt: at('2026-06-15T12:30:00Z') }],
    ['CHARGING', failed, untouched],
    ['INVOICED', failed, untouched],
    ['DONE', invoiced, untouched],
    ['DONE', authorized, untouched],
    ['DONE', failed, untouched],
  ])('from %s by %o', (step, fact, expected) => {
    const before = saga(step);
    const after = advanceSaga(DEFAULT_DEADLINES, before, fact);
    if (expected) expect(after).toEqual(expected);
    else expect(after).toBe(before);
  });
});

test('a deadline that could not be acted on is looked at again after growing pauses, an hour at most', () => {
  const minutes = [0, 1, 2, 5, 6, 100].map((attempts) => (retryAt(now, attempts).getTime() - now.getTime()) / 60_000);
  expect(minutes).toEqual([1, 2, 4, 32, 60, 60]);
});
