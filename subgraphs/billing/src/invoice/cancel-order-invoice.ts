import type { WriteTransaction } from '@tributary/kit';

import { creditInvoice, numberCreditNote } from '../credit-note/issue-credit-note.ts';
import { invoiceChanged, invoiceVoidedEvent } from '../events.ts';
import { postTransaction } from '../ledger/ledger.repository.ts';
import { invoiceVoided } from '../ledger/postings.ts';
import { cancelUnsent, lockPaymentsOf, releaseOthers } from '../payment/payment-writes.repository.ts';
import type { LockedPayment } from '../payment/payment.ts';
import { requestRefund } from '../refund/request-refund.ts';
import { lockInvoiceOfOrder, voidInvoice } from './invoice-writes.repository.ts';
import { endingOf, refundableMinorOf } from './invoice-ending.ts';

/**
 * Ends the invoice of an order that was canceled, by what it finds: an invoice that received nothing is void, of any other one the rest is
 * credited and what was received goes back. Charges that are under way are let go; one that is captured all the same is refunded when
 * that is known.
 */
export async function cancelOrderInvoice(
  tx: WriteTransaction,
  { orderId, reason }: { orderId: string; reason: string },
): Promise<void> {
  const invoice = await lockInvoiceOfOrder(tx, orderId);
  const ending = invoice && endingOf(invoice);
  if (!invoice || ending === 'NOTHING') return;
  // Waits for whoever is sending one right now, and so knows which of them were sent.
  const payments = await lockPaymentsOf(tx, invoice.id);
  await cancelUnsent(tx, invoice.id);
  await releaseOthers(tx, invoice.id);
  if (ending === 'VOID') {
    await postTransaction(tx, invoiceVoided(invoice));
    tx.publish(invoiceVoidedEvent(await voidInvoice(tx, invoice, `The order was canceled: ${reason}.`)));
    return;
  }
  const text = 'The order was canceled.';
  const amountMinor = invoice.totalMinor - invoice.creditedMinor;
  const credit = amountMinor > 0n ? await creditInvoice(tx, invoice, amountMinor) : null;
  if (credit) tx.publish(invoiceChanged('credit_note.issued', credit.invoice));
  let current = credit?.invoice ?? invoice;
  for (const payment of payments.filter(hasSomethingToRefund))
    current = await requestRefund(tx, {
      invoice: current,
      payment,
      amountMinor: refundableMinorOf(payment),
      reason: text,
    });
  if (credit) await numberCreditNote(tx, { id: credit.id, invoice, amountMinor, reason: text });
}

const hasSomethingToRefund = (payment: LockedPayment) => refundableMinorOf(payment) > 0n;
