import { instant } from '../time.ts';
import type { BillingDeps } from './bill-order.ts';

// The documents of money that went back: the credit note that lowers the invoice, and the refund that pays.

export interface CreditNoteFacts {
  id: string;
  invoiceId: string;
  currency: string;
  amountMinor: bigint;
  reason: string;
  issuedAt: number;
}

export function addCreditNote({ add, nextCreditNoteNumber }: BillingDeps, note: CreditNoteFacts): void {
  add('billing.credit_notes', {
    id: note.id,
    number: nextCreditNoteNumber(),
    invoice_id: note.invoiceId,
    currency: note.currency,
    total_minor: note.amountMinor,
    reason: note.reason,
    issued_at: instant(note.issuedAt),
    created_at: instant(note.issuedAt),
  });
}

export interface RefundFacts {
  id: string;
  paymentId: string;
  currency: string;
  amountMinor: bigint;
  toBalance: boolean;
  reason: string;
  requestedBy: string;
  createdAt: number;
}

export function addRefund({ add }: Pick<BillingDeps, 'add'>, refund: RefundFacts): void {
  const time = instant(refund.createdAt);
  add('billing.refunds', {
    id: refund.id,
    payment_id: refund.paymentId,
    status: 'SUCCEEDED',
    currency: refund.currency,
    amount_minor: refund.amountMinor,
    destination: refund.toBalance ? 'ACCOUNT_BALANCE' : 'ORIGINAL_METHOD',
    reason: refund.reason,
    requested_by: refund.requestedBy,
    approved_by: null,
    provider_reference: refund.toBalance ? null : `re_${refund.id.replaceAll('-', '').slice(-24)}`,
    provider_idempotency_key: `refund-${refund.id}`,
    created_at: time,
    updated_at: time,
    version: 2,
  });
}
