import { OutcomeUnknown, ProviderRefusal } from '@tributary/billing/provider/payment-provider';
import type {
  ChargeOutcome,
  ChargeRequest,
  PaymentProvider,
  ProviderEvent,
  RefundOutcome,
  RefundRequest,
  RefusalCode,
} from '@tributary/billing/provider/payment-provider';

// A payment provider that a test can see into and hold. As the real ones it acts on a key once, whatever it then answers.

export const WEBHOOK_SECRET = 'a secret of at least thirty-two characters';

/** What the provider does with requests. */
export type Behavior =
  /** Acts and answers. */
  | 'clear'
  /** Acts, and nobody hears of it. */
  | 'lost'
  /** The request never arrives. */
  | 'unreached'
  /** Understands the request and does nothing. */
  | RefusalCode;

export interface TestProvider extends PaymentProvider {
  /** How charges begin by token; `captured` where nothing is said. */
  readonly charges: ReadonlyMap<string, { request: ChargeRequest; outcome: ChargeOutcome }>;
  readonly refunds: ReadonlyMap<string, { request: RefundRequest; outcome: RefundOutcome }>;
  /** Requests for charges and refunds, also repeated ones. */
  requests(): number;
  behave(behavior: Behavior): void;
  /** Becomes something else at the provider, and gives the event that tells it. */
  advance(idempotencyKey: string, state: 'captured' | 'failed' | 'authorized' | 'processing'): ProviderEvent;
  advanceRefund(idempotencyKey: string, state: 'succeeded' | 'failed'): ProviderEvent;
  /** What was collected and not given back, in minor units. */
  keptMinor(): bigint;
  /** Waits before it answers, until released. */
  hold(): () => void;
  /** The same for the next request alone; those after it are answered. */
  holdNext(): () => void;
  /** How many requests were without an answer at the same time, at most, since this was asked last. */
  takeMostAtOnce(): number;
}

const AT = new Date('2026-06-15T12:00:05.000Z');

/** What a token of a saved method does: `captured`, `authorized`, `requiresAction`, `processing`, or the code of a failure. */
const outcomeOf = (token: string, reference: string, amountMinor: bigint): ChargeOutcome => {
  switch (token) {
    case 'captured':
      return { state: 'captured', reference, capturedMinor: amountMinor, capturedAt: AT };
    case 'authorized':
    case 'processing':
      return { state: token, reference };
    case 'requiresAction':
      return { state: 'requiresAction', reference, url: `https://bank.test/${reference}` };
    default:
      return { state: 'failed', reference, failureCode: token };
  }
};

export function startTestProvider(): TestProvider {
  const charges = new Map<string, { request: ChargeRequest; outcome: ChargeOutcome }>();
  const refunds = new Map<string, { request: RefundRequest; outcome: RefundOutcome }>();
  let answer: Behavior = 'clear';
  let requests = 0;
  let events = 0;
  let held: Promise<void> | undefined;
  let nextHeld: Promise<void> | undefined;
  let [atOnce, mostAtOnce] = [0, 0];

  /** Acts, and lets the caller hear of it or not. */
  async function act<Outcome>(work: () => Outcome): Promise<Outcome> {
    requests += 1;
    if (answer === 'unreached') throw new OutcomeUnknown('The connection was refused.');
    if (answer !== 'clear' && answer !== 'lost') throw new ProviderRefusal(answer);
    const outcome = work();
    const until = nextHeld ?? held;
    nextHeld = undefined;
    mostAtOnce = Math.max(mostAtOnce, (atOnce += 1));
    await until;
    atOnce -= 1;
    if (answer === 'lost') throw new OutcomeUnknown('The connection was cut.');
    return outcome;
  }
  const find = async <Outcome>(
    known: ReadonlyMap<string, { outcome: Outcome }>,
    key: string,
  ): Promise<Outcome | null> => {
    if (answer === 'lost' || answer === 'unreached') throw new OutcomeUnknown('The connection was cut.');
    return known.get(key)?.outcome ?? null;
  };
  const byReference = (reference: string) => {
    const charge = [...charges.values()].find(({ outcome }) => outcome.reference === reference);
    if (!charge) throw new Error(`There is no charge ${reference}.`);
    return charge;
  };
  const captured = (charge: { request: ChargeRequest; outcome: ChargeOutcome }): ChargeOutcome =>
    outcomeOf('captured', charge.outcome.reference!, charge.request.amountMinor);

  return {
    name: 'test',
    charges,
    refunds,
    requests: () => requests,
    behave: (next) => void (answer = next),
    hold() {
      const { promise, resolve } = Promise.withResolvers<void>();
      held = promise;
      return () => {
        held = undefined;
        resolve();
      };
    },
    holdNext() {
      const { promise, resolve } = Promise.withResolvers<void>();
      nextHeld = promise;
      return resolve;
    },
    takeMostAtOnce() {
      const most = mostAtOnce;
      mostAtOnce = atOnce;
      return most;
    },
    charge: (request) =>
      act(() => {
        const known = charges.get(request.idempotencyKey);
        if (known) return known.outcome;
        const outcome = outcomeOf(request.methodToken, `ch_${charges.size + 1}`, request.amountMinor);
        charges.set(request.idempotencyKey, { request, outcome });
        return outcome;
      }),
    findCharge: (key) => find(charges, key),
    capture: ({ reference }) => act(() => (byReference(reference).outcome = captured(byReference(reference)))),
    release: ({ reference }) =>
      act(() => {
        const charge = byReference(reference);
        if (!['captured', 'failed'].includes(charge.outcome.state)) charge.outcome = { state: 'released', reference };
        return charge.outcome;
      }),
    refund: (request) =>
      act(() => {
        const known = refunds.get(request.idempotencyKey);
        if (known) return known.outcome;
        const outcome: RefundOutcome = { state: 'succeeded', reference: `re_${refunds.size + 1}`, succeededAt: AT };
        refunds.set(request.idempotencyKey, { request, outcome });
        return outcome;
      }),
    findRefund: (key) => find(refunds, key),
    advance(idempotencyKey, state) {
      const charge = charges.get(idempotencyKey)!;
      const { reference } = charge.outcome;
      charge.outcome = outcomeOf(state === 'failed' ? 'card_declined' : state, reference!, charge.request.amountMinor);
      return { id: `evt_${(events += 1)}`, occurredAt: AT, idempotencyKey, type: 'charge', outcome: charge.outcome };
    },
    advanceRefund(idempotencyKey, state) {
      const refund = refunds.get(idempotencyKey)!;
      const reference = refund.outcome.reference!;
      refund.outcome =
        state === 'succeeded'
          ? { state, reference, succeededAt: AT }
          : { state, reference, failureCode: 'refund_declined' };
      return { id: `evt_${(events += 1)}`, occurredAt: AT, idempotencyKey, type: 'refund', outcome: refund.outcome };
    },
    keptMinor() {
      const taken = [...charges.values()].reduce(
        (sum, { outcome }) => sum + (outcome.state === 'captured' ? outcome.capturedMinor : 0n),
        0n,
      );
      const back = [...refunds.values()].reduce(
        (sum, { request, outcome }) => sum + (outcome.state === 'succeeded' ? request.amountMinor : 0n),
        0n,
      );
      return taken - back;
    },
  };
}
