import { SYSTEM, UnreadableField } from '@tributary/kit';
import type { Database, FieldCipher, Job, Logger, Writer } from '@tributary/kit';

import { readToken } from '../payment-method/stored-token.ts';
import { OutcomeUnknown, ProviderRefusal } from '../provider/payment-provider.ts';
import type { ChargeOutcome, PaymentProvider, RefundOutcome } from '../provider/payment-provider.ts';
import { recordRefundOutcome } from '../refund/record-refund-outcome.ts';
import { postponeRefund, takeDueRefunds } from '../refund/refund-writes.repository.ts';
import type { DueRefund } from '../refund/refund-writes.repository.ts';
import type { KnownOutcome } from './charge-outcome.ts';
import { postponePayment, takeDuePayments } from './payment-writes.repository.ts';
import type { DuePayment, Leased } from './payment-writes.repository.ts';
import type { PaymentSettings } from './payment-settings.ts';
import { recordChargeOutcome } from './record-charge-outcome.ts';
import { runInSlots } from './run-in-slots.ts';

// Sends payments and refunds to the provider, and asks what became of those whose outcome is owed. Nothing is locked while the provider
// thinks: what is sent is taken for a time, and written down before. Whatever happens in between, the provider's own key makes a second
// request the same charge.

export interface AskingDeps {
  database: Database;
  writer: Writer;
  provider: PaymentProvider;
  /** Reads the tokens of saved methods. */
  cipher: FieldCipher;
  settings: PaymentSettings;
  logger: Logger;
}

/** How many payments, and as many refunds, one process asks about at a time. */
const SLOTS = 16;
const ORIGIN = { actor: SYSTEM, traceparent: null };

export function createAskingJobs({ database, writer, provider, cipher, settings, logger }: AskingDeps): Job[] {
  const { leaseMs, pollMs, reconcileAfterMs } = settings;
  const taking = { provider: provider.name, leaseMs };

  async function askAboutCharge(payment: DuePayment): Promise<void> {
    await settle('payment', payment, postponePayment, async () => {
      const outcome = await chargeOutcomeOf(provider, cipher, payment);
      return writer.write(ORIGIN, (tx) => recordChargeOutcome(tx, payment.id, outcome, settings));
    });
  }

  async function askAboutRefund(refund: DueRefund): Promise<void> {
    await settle('refund', refund, postponeRefund, async () => {
      const outcome = await refundOutcomeOf(provider, refund);
      return writer.write(ORIGIN, (tx) => recordRefundOutcome(tx, refund.id, outcome));
    });
  }

  /** Never rejects: one that fails must not hold up the others, and is asked about again. */
  async function settle(
    kind: string,
    taken: Leased,
    postpone: typeof postponePayment,
    ask: () => Promise<boolean>,
  ): Promise<void> {
    const { id } = taken;
    try {
      if (await ask()) return;
    } catch (err) {
      if (err instanceof OutcomeUnknown) logger.warn({ err, kind, id }, 'the payment provider gave no clear answer');
      else if (err instanceof UnreadableField)
        logger.error({ err, kind, id, keyId: err.keyId }, 'the token of the payment method cannot be read');
      else logger.error({ err, kind, id }, 'the payment provider could not be asked');
    }
    // When even this fails, the end of the lease brings it back.
    await postpone(database, taken, reconcileAfterMs).catch((err: unknown) =>
      logger.warn({ err, kind, id }, 'a payment waits for its lease'),
    );
  }

  const sending = { slots: SLOTS, pauseMs: pollMs, logger };
  const payments = runInSlots({
    ...sending,
    name: 'payments to send',
    take: (limit, dueBy) => takeDuePayments(database, { ...taking, limit, dueBy }),
    work: askAboutCharge,
  });
  const refunds = runInSlots({
    ...sending,
    name: 'refunds to send',
    take: (limit, dueBy) => takeDueRefunds(database, { ...taking, limit, dueBy }),
    work: askAboutRefund,
  });
  return [
    { name: 'payments to send', intervalMs: pollMs, run: payments },
    { name: 'refunds to send', intervalMs: pollMs, run: refunds },
  ];
}

async function chargeOutcomeOf(
  provider: PaymentProvider,
  cipher: FieldCipher,
  payment: DuePayment,
): Promise<KnownOutcome> {
  const { key, reference, releaseRequested } = payment;
  if (releaseRequested && reference !== null) return release(provider, key, reference);
  const found = payment.sent ? await provider.findCharge(key) : null;
  if (found) return found;
  // The provider has never heard of it, and it is not wanted anymore. Should a request still be on its way, its event tells.
  if (releaseRequested) return { state: 'released', reference: null };
  if (payment.token === null) return { state: 'failed', reference: null, failureCode: 'payment_method_removed' };
  const { amountMinor, currency } = payment;
  const methodToken = readToken(cipher, payment.token);
  return provider
    .charge({ idempotencyKey: key, amountMinor, currency, methodToken, capture: true })
    .catch((error: unknown) => failureBy(error, ['NOT_FOUND', 'NOT_POSSIBLE', 'INVALID_REQUEST']));
}

async function release(provider: PaymentProvider, key: string, reference: string): Promise<ChargeOutcome> {
  try {
    return await provider.release({ reference });
  } catch (error) {
    if (!(error instanceof ProviderRefusal)) throw error;
    // What the provider does not have, it does not hold.
    if (error.code === 'NOT_FOUND') return { state: 'released', reference };
    if (error.code !== 'NOT_POSSIBLE') throw error;
    // Too late, or too early: what it is now says more than why.
    const found = await provider.findCharge(key);
    if (!found) throw error;
    return found;
  }
}

async function refundOutcomeOf(provider: PaymentProvider, refund: DueRefund): Promise<RefundOutcome> {
  const { key, chargeReference, amountMinor, currency } = refund;
  const found = refund.sent ? await provider.findRefund(key) : null;
  return (
    found ??
    provider
      .refund({ idempotencyKey: key, chargeReference, amountMinor, currency })
      .catch((error: unknown) => failureBy(error, ['NOT_FOUND', 'NOT_POSSIBLE', 'INVALID_REQUEST']))
  );
}

/** A request that the provider refuses for what it says moves no money, now or later. Anything else leaves the outcome open. */
function failureBy(
  error: unknown,
  final: readonly ProviderRefusal['code'][],
): { state: 'failed'; reference: null; failureCode: string } {
  if (!(error instanceof ProviderRefusal) || !final.includes(error.code)) throw error;
  return { state: 'failed', reference: null, failureCode: `provider_${error.code.toLowerCase()}` };
}
