import type { PaymentMethod } from '../people/company-state.ts';
import { instant } from '../time.ts';
import type { BillingDeps } from './bill-order.ts';

export interface PaymentFacts {
  invoiceId: string;
  accountId: string;
  currency: string;
  method: PaymentMethod;
  state: 'REQUIRES_ACTION' | 'PROCESSING' | 'AUTHORIZED' | 'SUCCEEDED' | 'FAILED' | 'CANCELED';
  amountMinor: bigint;
  refundedMinor?: bigint;
  createdAt: number;
  changedAt: number;
  capturedAt?: number;
  failureCode?: string;
}

const REFERENCE_PREFIXES: Readonly<Record<PaymentMethod, string>> = {
  CARD: 'ch',
  DIRECT_DEBIT: 'dd',
  BANK_TRANSFER: 'bt',
};

/** Writes a payment and returns its id. */
export function addPayment({ random, add }: Pick<BillingDeps, 'random' | 'add'>, payment: PaymentFacts): string {
  const id = random.uuid(payment.createdAt);
  const { method, state } = payment;
  const succeeded = state === 'SUCCEEDED';
  const hex = () => random.uint32().toString(16).padStart(8, '0');
  const token = `${hex()}${hex()}${hex()}`;
  add('billing.payments', {
    id,
    invoice_id: payment.invoiceId,
    account_id: payment.accountId,
    state,
    currency: payment.currency,
    amount_minor: payment.amountMinor,
    captured_minor: succeeded ? payment.amountMinor : 0n,
    refunded_minor: payment.refundedMinor ?? 0n,
    method_type: method,
    provider: method === 'BANK_TRANSFER' ? 'bank' : 'devpay',
    // The provider has not answered yet while the outcome is unknown.
    provider_reference: state === 'PROCESSING' ? null : `${REFERENCE_PREFIXES[method]}_${token}`,
    provider_idempotency_key: `payment-${id}`,
    failure_code: payment.failureCode ?? null,
    next_action_url: state === 'REQUIRES_ACTION' ? `https://devpay.example.com/confirm/${token}` : null,
    captured_at: succeeded ? instant(payment.capturedAt!) : null,
    created_at: instant(payment.createdAt),
    updated_at: instant(payment.changedAt),
    version: payment.changedAt === payment.createdAt ? 1 : 2,
  });
  return id;
}
