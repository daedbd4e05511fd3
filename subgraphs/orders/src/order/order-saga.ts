import { DAY, HOUR, MINUTE, SECOND } from '@tributary/kit/clock';

// How a placed order gets paid. Orders and billing tell each other by events; the saga of an order only remembers which step it is at
// and until when that may take, so that nothing waits for ever.

export const SagaStep = {
  /** A saved payment method is charged. */
  charging: 'CHARGING',
  /** Waits for the invoice, which says whether it is on account or until when it has to be paid. */
  invoicing: 'INVOICING',
  /** Waits for a transfer. */
  invoiced: 'INVOICED',
  /** Funds are reserved, not captured yet. */
  authorized: 'AUTHORIZED',
  /** Confirmed or canceled. */
  done: 'DONE',
} as const;
export type SagaStep = (typeof SagaStep)[keyof typeof SagaStep];

export interface OrderDeadlines {
  /** From placing until a saved payment method was charged, with all its retries. */
  chargeMs: number;
  /** From placing until billing has made an invoice. */
  invoiceMs: number;
  /** From the due date until a transfer must have arrived. */
  transferGraceMs: number;
  /** From the reservation of funds until they are captured. */
  captureMs: number;
  /** Longest time between two looks at the deadlines. */
  checkIntervalMs: number;
}

export const DEFAULT_DEADLINES: OrderDeadlines = {
  chargeMs: 30 * MINUTE,
  invoiceMs: 1 * DAY,
  transferGraceMs: 7 * DAY,
  captureMs: 7 * DAY,
  checkIntervalMs: 5 * SECOND,
};

export interface OrderSaga {
  step: SagaStep;
  deadlineAt: Date;
}

export function startSaga(deadlines: OrderDeadlines, { charged, now }: { charged: boolean; now: Date }): OrderSaga {
  return charged
    ? { step: SagaStep.charging, deadlineAt: later(now, deadlines.chargeMs) }
    : { step: SagaStep.invoicing, deadlineAt: later(now, deadlines.invoiceMs) };
}

/** What happened to the money of an order that still waits for it. */
export type SagaFact =
  | { type: 'invoiced'; dueOn: string }
  | { type: 'authorized'; now: Date }
  /** A charge failed, or a reservation ran out. */
  | { type: 'failed'; now: Date };

/** The step after a fact. What does not concern the step leaves it as it is. */
export function advanceSaga(deadlines: OrderDeadlines, saga: OrderSaga, fact: SagaFact): OrderSaga {
  if (saga.step === SagaStep.done) return saga;
  switch (fact.type) {
    case 'invoiced':
      return saga.step === SagaStep.invoicing
        ? { step: SagaStep.invoiced, deadlineAt: later(endOfDay(fact.dueOn), deadlines.transferGraceMs) }
        : saga;
    case 'authorized':
      return { step: SagaStep.authorized, deadlineAt: later(fact.now, deadlines.captureMs) };
    case 'failed':
      // A failed charge may be tried again until its own deadline.
      return saga.step === SagaStep.authorized
        ? { step: SagaStep.charging, deadlineAt: later(fact.now, deadlines.chargeMs) }
        : saga;
  }
}

const RETRY_MS = MINUTE;
const LONGEST_RETRY_MS = HOUR;

/** When to look again at a deadline that could not be acted on, after so many attempts. */
export const retryAt = (now: Date, attempts: number): Date =>
  later(now, Math.min(RETRY_MS * 2 ** Math.min(attempts, 10), LONGEST_RETRY_MS));

const later = (time: Date, ms: number) => new Date(time.getTime() + ms);
const endOfDay = (day: string) => new Date(Date.parse(`${day}T00:00:00Z`) + DAY);
