import type { LockedPayment } from '../payment/payment.ts';
import { InvoiceStatus } from './invoice.ts';
import type { InvoiceFigures } from './invoice.ts';

/** How the invoice of a canceled order ends. */
export type InvoiceEnding =
  /** It was never anything else: taken back as if it had not been. */
  | 'VOID'
  /** It was paid or lowered before: only a credit note can take it back now. */
  | 'CREDIT'
  /** It has ended already. */
  | 'NOTHING';

export function endingOf({ status, paidMinor, creditedMinor }: InvoiceFigures): InvoiceEnding {
  switch (status) {
    case InvoiceStatus.open:
      return paidMinor === 0n && creditedMinor === 0n ? 'VOID' : 'CREDIT';
    case InvoiceStatus.paid:
      return 'CREDIT';
    // The orders that we invoice have no drafts: their invoices are finalized in the transaction that makes them.
    case InvoiceStatus.draft:
    case InvoiceStatus.void:
    case InvoiceStatus.uncollectible:
      return 'NOTHING';
  }
}

/** What was received and neither went back nor is on its way. */
export const refundableMinorOf = ({
  capturedMinor,
  refundedMinor,
  refundPendingMinor,
}: Pick<LockedPayment, 'capturedMinor' | 'refundedMinor' | 'refundPendingMinor'>): bigint =>
  capturedMinor - refundedMinor - refundPendingMinor;
