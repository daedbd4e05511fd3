import { InvoiceStatus, keptMinor } from './invoice.ts';
import type { Invoice } from './invoice.ts';

// How much of an order is paid, derived from its invoice. Orders keeps a copy for its filters; this is where it comes from.

export const PaymentStatus = {
  notInvoiced: 'NOT_INVOICED',
  unpaid: 'UNPAID',
  authorized: 'AUTHORIZED',
  partiallyPaid: 'PARTIALLY_PAID',
  paid: 'PAID',
  partiallyRefunded: 'PARTIALLY_REFUNDED',
  refunded: 'REFUNDED',
  voided: 'VOIDED',
} as const;
export type PaymentStatus = (typeof PaymentStatus)[keyof typeof PaymentStatus];

/** The columns the status depends on. */
export type PaymentFigures = Pick<Invoice, 'status' | 'paidMinor' | 'refundedMinor' | 'authorizedMinor' | 'dueMinor'>;

/** The first rule that applies decides. `null`: there is no invoice. */
export function derivePaymentStatus(invoice: PaymentFigures | null): PaymentStatus {
  if (invoice === null || invoice.status === InvoiceStatus.draft) return PaymentStatus.notInvoiced;
  return RULES.find(([applies]) => applies(invoice))?.[1] ?? PaymentStatus.unpaid;
}

const RULES: readonly (readonly [applies: (invoice: PaymentFigures) => boolean, status: PaymentStatus])[] = [
  [({ status }) => status === InvoiceStatus.void, PaymentStatus.voided],
  // Money that went back is told before money that is still owed: whoever reads the status must see that a refund took place.
  [(invoice) => invoice.refundedMinor > 0n && keptMinor(invoice) === 0n, PaymentStatus.refunded],
  [({ refundedMinor }) => refundedMinor > 0n, PaymentStatus.partiallyRefunded],
  // Nothing is due: received, credited, or free of charge from the start.
  [({ dueMinor }) => dueMinor === 0n, PaymentStatus.paid],
  [({ paidMinor }) => paidMinor > 0n, PaymentStatus.partiallyPaid],
  [({ authorizedMinor }) => authorizedMinor > 0n, PaymentStatus.authorized],
];

/** The one invoice that speaks for an order: the live one, else the newest void one. `invoices` come newest first. */
export function decisiveInvoice<Found extends Pick<Invoice, 'status'>>(invoices: readonly Found[]): Found | null {
  return invoices.find(({ status }) => status !== InvoiceStatus.void) ?? invoices[0] ?? null;
}
