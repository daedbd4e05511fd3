export const RefundStatus = {
  awaitingApproval: 'AWAITING_APPROVAL',
  processing: 'PROCESSING',
  succeeded: 'SUCCEEDED',
  failed: 'FAILED',
  rejected: 'REJECTED',
} as const;
export type RefundStatus = (typeof RefundStatus)[keyof typeof RefundStatus];

export type RefundDestination = 'ORIGINAL_METHOD' | 'ACCOUNT_BALANCE';

/** Money paid back. */
export interface Refund {
  id: string;
  paymentId: string;
  status: RefundStatus;
  currency: string;
  amountMinor: bigint;
  destination: RefundDestination;
  reason: string;
  requestedBy: string | null;
  approvedBy: string | null;
  createdAt: Date;
  version: number;
}
