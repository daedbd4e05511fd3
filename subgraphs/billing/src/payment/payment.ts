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
  /** The saved method it was made with; it may be gone. */
  methodId: string | null;
  providerReference: string | null;
  failureCode: string | null;
  nextActionUrl: string | null;
  capturedAt: Date | null;
  createdAt: Date;
  version: number;
}

/** A payment as it is read: with the owners of its invoice, which decide who may see what of it. */
export type OwnedPayment = Payment & Owners;

/** From each state, the states that can follow. */
export const NEXT_STATE: Readonly<Record<PaymentState, readonly PaymentState[]>> = {
  PROCESSING: ['REQUIRES_ACTION', 'AUTHORIZED', 'SUCCEEDED', 'FAILED', 'CANCELED'],
  REQUIRES_ACTION: ['PROCESSING', 'AUTHORIZED', 'SUCCEEDED', 'FAILED', 'CANCELED'],
  AUTHORIZED: ['SUCCEEDED', 'FAILED', 'CANCELED'],
  SUCCEEDED: [],
  FAILED: [],
  // It may have been given up here before the provider had heard of it; money that came all the same is money.
  CANCELED: ['SUCCEEDED'],
};

/** Name of the provider of payments that come out of a balance. Nobody outside is asked about them. */
export const BALANCE_PROVIDER = 'balance';

/** A payment as changes need it. */
export interface LockedPayment extends Payment {
  /** Whose method or balance it was made with. */
  accountId: string;
  provider: string;
  /** Asked for, and not decided yet. */
  refundPendingMinor: bigint;
  /** When the provider was asked first; null: it never heard of the payment. */
  sentAt: Date | null;
  releaseRequested: boolean;
}

/** Orders payments from the newest to the oldest, as the lists do: by time of creation, then by id. */
export function newestFirst(a: Pick<Payment, 'id' | 'createdAt'>, b: Pick<Payment, 'id' | 'createdAt'>): number {
  return b.createdAt.getTime() - a.createdAt.getTime() || (a.id < b.id ? 1 : -1);
}
