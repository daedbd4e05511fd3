import type { PostalAddress } from '@tributary/kit';

// An invoice as it is stored. Once finalized it never changes what it demands; what happens to it afterwards (payments, credit
// notes, reminders, its end) is kept in columns of its own.

export const InvoiceStatus = {
  draft: 'DRAFT',
  open: 'OPEN',
  paid: 'PAID',
  void: 'VOID',
  uncollectible: 'UNCOLLECTIBLE',
} as const;
export type InvoiceStatus = (typeof InvoiceStatus)[keyof typeof InvoiceStatus];

/** Who an invoice or a payment belongs to: what ownership is decided on. */
export interface Owners {
  customerId: string | null;
  organizationId: string | null;
  /** The organization whose API client placed the order. */
  partnerOrganizationId: string | null;
}

export interface Invoice extends Owners {
  id: string;
  /** The billing account that owes. */
  accountId: string;
  /** Null while it is a draft. */
  number: string | null;
  orderId: string | null;
  /** Copy of the order's number. */
  orderNumber: string | null;
  status: InvoiceStatus;
  currency: string;
  subtotalMinor: bigint;
  taxMinor: bigint;
  totalMinor: bigint;
  paidMinor: bigint;
  creditedMinor: bigint;
  /** Total minus credited minus (paid minus refunded), never below zero; computed by the database. */
  dueMinor: bigint;
  authorizedMinor: bigint;
  refundedMinor: bigint;
  /** Calendar days, as text; null while it is a draft. */
  issuedOn: string | null;
  dueOn: string | null;
  reminderCount: number;
  billTo: PostalAddress | null;
  closeReason: string | null;
  createdAt: Date;
  updatedAt: Date;
  version: number;
}

/** What was received and kept. */
export const keptMinor = ({ paidMinor, refundedMinor }: Pick<Invoice, 'paidMinor' | 'refundedMinor'>): bigint =>
  paidMinor - refundedMinor;

/** From each state, the states that can follow. */
export const NEXT_STATUS: Readonly<Record<InvoiceStatus, readonly InvoiceStatus[]>> = {
  DRAFT: ['OPEN'],
  OPEN: ['PAID', 'VOID', 'UNCOLLECTIBLE'],
  PAID: [],
  VOID: [],
  UNCOLLECTIBLE: ['PAID'],
};

/** What happens to a finalized invoice, as differences. */
export interface InvoiceChange {
  paidMinor?: bigint;
  refundedMinor?: bigint;
  creditedMinor?: bigint;
  authorizedMinor?: bigint;
}

export type InvoiceFigures = Pick<
  Invoice,
  'status' | 'totalMinor' | 'paidMinor' | 'refundedMinor' | 'creditedMinor' | 'authorizedMinor'
>;

/** The amounts after a change, and the state they make: an open invoice without anything due is paid. */
export function changedFigures(invoice: InvoiceFigures, change: InvoiceChange): InvoiceFigures {
  const figures = {
    status: invoice.status,
    totalMinor: invoice.totalMinor,
    paidMinor: invoice.paidMinor + (change.paidMinor ?? 0n),
    refundedMinor: invoice.refundedMinor + (change.refundedMinor ?? 0n),
    creditedMinor: invoice.creditedMinor + (change.creditedMinor ?? 0n),
    authorizedMinor: invoice.authorizedMinor + (change.authorizedMinor ?? 0n),
  };
  const settled = figures.status === InvoiceStatus.open && openMinorOf(figures) === 0n;
  return settled ? { ...figures, status: InvoiceStatus.paid } : figures;
}

/** What may still be collected: nothing unless it is open. */
export function openMinorOf(invoice: InvoiceFigures): bigint {
  if (invoice.status !== InvoiceStatus.open) return 0n;
  const due = invoice.totalMinor - invoice.creditedMinor - keptMinor(invoice);
  return due > 0n ? due : 0n;
}

/** Whether it is open and past its due date. `today` is a calendar day in UTC; ISO days compare as text. */
export const isOverdue = ({ status, dueOn }: Pick<Invoice, 'status' | 'dueOn'>, today: string): boolean =>
  status === InvoiceStatus.open && dueOn !== null && dueOn < today;

/** A draft is no demand yet: it has no number, no dates and no document. */
export const isFinalized = ({ status }: Pick<Invoice, 'status'>): boolean => status !== InvoiceStatus.draft;
