import type { Owners } from '../invoice/invoice.ts';

export const PaymentState = {
  requiresAction: 'REQUIRES_ACTION',
  processing: 'PROCESSING',
  authorized: 'AUTHORIZED',
  succeeded: 'SUCCEEDED',
  failed: 'FAILED',
  canceled: 'CANCELED',
} as const;
export type PaymentState = (typeof PaymentState)[keyof typeof PaymentState];

export type PaymentMethodType = 'CARD' | 'DIRECT_DEBIT' | 'BANK_TRANSFER';

/** An attempt to collect money for an invoice. */
export interface Payment {
  id: string;
  invoiceId: string;
  state: PaymentState;
  currency: string;
  amountMinor: bigint;
  capturedMinor: bigint;
  refundedMinor: bigint;
  methodType: PaymentMethodType;
  providerReference: string | null;
  failureCode: string | null;
  nextActionUrl: string | null;
  capturedAt: Date | null;
  createdAt: Date;
  version: number;
}

/** A payment as it is read: with the owners of its invoice, which decide who may see what of it. */
export type OwnedPayment = Payment & Owners;

/** Orders payments from the newest to the oldest, as the lists do: by time of creation, then by id. */
export function newestFirst(a: Pick<Payment, 'id' | 'createdAt'>, b: Pick<Payment, 'id' | 'createdAt'>): number {
  return b.createdAt.getTime() - a.createdAt.getTime() || (a.id < b.id ? 1 : -1);
}
