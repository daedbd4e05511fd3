import type { WriteTransaction } from '@tributary/kit';

import { lockInvoiceOfPayment } from '../invoice/invoice-writes.repository.ts';
import { lockPayment } from '../payment/payment-writes.repository.ts';
import type { RefundOutcome } from '../provider/payment-provider.ts';
import { findPaymentOfRefund, lockRefund } from './refund-writes.repository.ts';
import { failRefund, settleRefund } from './request-refund.ts';
import { RefundStatus } from './refund.ts';

/** Writes what the provider says about a refund. The first word about the end of it decides; false: nothing new. */
export async function recordRefundOutcome(
  tx: WriteTransaction,
  refundId: string,
  outcome: RefundOutcome,
): Promise<boolean> {
  const paymentId = await findPaymentOfRefund(tx, refundId);
  const invoice = await lockInvoiceOfPayment(tx, paymentId);
  const payment = await lockPayment(tx, paymentId);
  const refund = await lockRefund(tx, refundId);
  if (refund.status !== RefundStatus.processing || outcome.state === 'processing') return false;
  const { reference } = outcome;
  if (outcome.state === 'succeeded') await settleRefund(tx, { invoice, payment, refund, reference });
  else await failRefund(tx, { invoice, refund, reference, failureCode: outcome.failureCode });
  return true;
}
