import type { WriteTransaction } from '@tributary/kit';

import { invoiceChanged, invoicePaidEvent, paymentEvent } from '../events.ts';
import type { PaymentEventType } from '../events.ts';
import { changeInvoice, lockInvoiceOfPayment } from '../invoice/invoice-writes.repository.ts';
import { InvoiceStatus, openMinorOf } from '../invoice/invoice.ts';
import type { Invoice } from '../invoice/invoice.ts';
import { postTransaction } from '../ledger/ledger.repository.ts';
import { paymentCaptured } from '../ledger/postings.ts';
import { requestRefund } from '../refund/request-refund.ts';
import { changeByOutcome } from './charge-outcome.ts';
import type { KnownOutcome } from './charge-outcome.ts';
import { changePayment, lockPayment, releaseOthers } from './payment-writes.repository.ts';
import type { PaymentSettings } from './payment-settings.ts';
import { PaymentState } from './payment.ts';
import type { LockedPayment } from './payment.ts';

const EVENTS: Partial<Record<PaymentState, PaymentEventType>> = {
  AUTHORIZED: 'payment.authorized',
  SUCCEEDED: 'payment.captured',
  FAILED: 'payment.failed',
  REQUIRES_ACTION: 'payment.action_required',
};

/**
 * Writes what the provider says about a charge, whoever heard it first: our request, an event, or the reconciler. False: nothing new.
 * Money that nobody owes anymore, because the invoice is void or was paid otherwise, goes back at once.
 */
export async function recordChargeOutcome(
  tx: WriteTransaction,
  paymentId: string,
  outcome: KnownOutcome,
  settings: PaymentSettings,
): Promise<boolean> {
  const before = await lockInvoiceOfPayment(tx, paymentId);
  const payment = await lockPayment(tx, paymentId);
  const change = changeByOutcome(payment, outcome);
  if (change === null) return false;
  const releaseRequested = payment.releaseRequested || before.status !== InvoiceStatus.open;
  const changed = await changePayment(tx, payment, change, {
    releaseRequested,
    askInMs: nextAsk({ ...change, releaseRequested }, settings),
  });
  if (changed.state === payment.state) return true;

  const { capturedMinor } = changed;
  const invoice = await changeInvoice(tx, before, {
    paidMinor: capturedMinor,
    authorizedMinor: authorizedMinorOf(changed) - authorizedMinorOf(payment),
  });
  if (capturedMinor > 0n) await postTransaction(tx, paymentCaptured({ ...changed, amountMinor: capturedMinor }));
  // A charge that the provider let go by itself is as good as failed for whoever waits for the money.
  const released = changed.state === PaymentState.canceled && invoice.status === InvoiceStatus.open;
  const type = EVENTS[changed.state] ?? (released ? 'payment.failed' : undefined);
  tx.publish(type ? paymentEvent(type, invoice, changed) : invoiceChanged('payment.canceled', invoice));
  if (before.status === InvoiceStatus.open && invoice.status === InvoiceStatus.paid) await announcePaid(tx, invoice);
  const excessMinor = capturedMinor - openMinorOf(before);
  if (capturedMinor > 0n && excessMinor > 0n)
    await requestRefund(tx, { invoice, payment: changed, amountMinor: excessMinor, reason: NOT_OWED });
  return true;
}

const NOT_OWED = 'The payment arrived after the invoice was settled.';

/** Tells that an invoice is paid, and lets go of charges for it that are not captured yet. */
export async function announcePaid(tx: WriteTransaction, invoice: Invoice): Promise<void> {
  tx.publish(invoicePaidEvent(invoice, tx.now));
  await releaseOthers(tx, invoice.id);
}

const authorizedMinorOf = ({ state, amountMinor }: Pick<LockedPayment, 'state' | 'amountMinor'>): bigint =>
  state === PaymentState.authorized ? amountMinor : 0n;

type Asked = Pick<LockedPayment, 'state' | 'releaseRequested' | 'providerReference'>;

/** When the provider is to be asked again, in milliseconds; null: it has told everything, or tells the rest by itself. */
function nextAsk({ state, releaseRequested, providerReference }: Asked, settings: PaymentSettings): number | null {
  const mayRelease = releaseRequested && providerReference !== null;
  switch (state) {
    case 'PROCESSING':
    case 'REQUIRES_ACTION':
      return mayRelease ? 0 : settings.reconcileAfterMs;
    case 'AUTHORIZED':
      return mayRelease ? 0 : null;
    case 'SUCCEEDED':
    case 'FAILED':
    case 'CANCELED':
      return null;
  }
}
