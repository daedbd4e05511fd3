import type { WriteTransaction } from '@tributary/kit';

import { refundEvent } from '../events.ts';
import { changeInvoice } from '../invoice/invoice-writes.repository.ts';
import type { Invoice } from '../invoice/invoice.ts';
import { postTransaction } from '../ledger/ledger.repository.ts';
import { refundPaid } from '../ledger/postings.ts';
import { changeRefunded } from '../payment/payment-writes.repository.ts';
import type { LockedPayment } from '../payment/payment.ts';
import { closeRefund, insertRefund } from './refund-writes.repository.ts';
import type { Refund } from './refund.ts';

export interface RefundOrder {
  invoice: Invoice;
  payment: LockedPayment;
  amountMinor: bigint;
  /** Shown to the customer. */
  reason: string;
}

/**
 * Gives back a part of a payment; invoice and payment are locked. What came from a balance or by transfer, where there is no charge to take
 * back, is on the balance at once; everything else waits to be sent to the provider. Returns the invoice as it is now.
 */
export async function requestRefund(
  tx: WriteTransaction,
  { invoice, payment, amountMinor, reason }: RefundOrder,
): Promise<Invoice> {
  const toBalance = payment.methodType === 'BANK_TRANSFER';
  const refund = await insertRefund(tx, {
    paymentId: payment.id,
    currency: payment.currency,
    amountMinor,
    destination: toBalance ? 'ACCOUNT_BALANCE' : 'ORIGINAL_METHOD',
    reason,
  });
  await changeRefunded(tx, payment.id, { pendingMinor: amountMinor, refundedMinor: 0n });
  tx.publish(refundEvent('refund.requested', invoice, refund));
  return toBalance ? settleRefund(tx, { invoice, payment, refund, reference: null }) : invoice;
}

/** The money is back. */
export async function settleRefund(
  tx: WriteTransaction,
  settled: {
    invoice: Invoice;
    payment: Pick<LockedPayment, 'id' | 'accountId'>;
    refund: Refund;
    reference: string | null;
  },
): Promise<Invoice> {
  const { payment, reference } = settled;
  const refund = await closeRefund(tx, settled.refund, { status: 'SUCCEEDED', reference, failureCode: null });
  const { amountMinor } = refund;
  await changeRefunded(tx, payment.id, { pendingMinor: -amountMinor, refundedMinor: amountMinor });
  const invoice = await changeInvoice(tx, settled.invoice, { refundedMinor: amountMinor });
  await postTransaction(tx, refundPaid(refund, refund.destination === 'ACCOUNT_BALANCE' ? payment.accountId : null));
  tx.publish(refundEvent('refund.succeeded', invoice, refund));
  return invoice;
}

/** The money stays where it was: the amount can be asked back again, and finance is told. */
export async function failRefund(
  tx: WriteTransaction,
  failed: { invoice: Invoice; refund: Refund; reference: string | null; failureCode: string },
): Promise<void> {
  const { reference, failureCode } = failed;
  const refund = await closeRefund(tx, failed.refund, { status: 'FAILED', reference, failureCode });
  await changeRefunded(tx, refund.paymentId, { pendingMinor: -refund.amountMinor, refundedMinor: 0n });
  tx.publish(refundEvent('refund.failed', failed.invoice, refund));
}
