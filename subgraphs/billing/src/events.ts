import type { PostalAddress, Publication } from '@tributary/kit';

import { derivePaymentStatus } from './invoice/payment-status.ts';
import type { Invoice } from './invoice/invoice.ts';
import type { Payment } from './payment/payment.ts';
import type { Refund } from './refund/refund.ts';

// What others tell us, and what we tell. Our events are about the invoice, also those that tell of a payment or a refund: so they arrive in
// the order in which the invoice changed. Amounts are decimal strings of minor units.

/** Data of `user.registered` and `organization.created`; the aggregate is the owner. */
export interface OwnerCreated extends Readonly<Record<string, unknown>> {
  currency: string;
}

/** Data of `order.placed`; the aggregate is the order. */
export interface OrderPlaced extends Readonly<Record<string, unknown>> {
  number: string;
  buyerId: string | null;
  organizationId: string | null;
  partnerOrganizationId: string | null;
  currency: string;
  shippingMinor: string;
  taxMinor: string;
  totalMinor: string;
  paymentMethodId: string | null;
  billTo: PostalAddress;
  lines: readonly PlacedLine[];
}

export interface PlacedLine {
  title: string;
  quantity: number;
  unitPriceMinor: string;
  discountMinor: string;
  taxMinor: string;
  totalMinor: string;
  taxes: readonly { title: string; rate: string; jurisdiction: string; amountMinor: string }[];
}

/** Data of `order.canceled`; the aggregate is the order. */
export interface OrderCanceled extends Readonly<Record<string, unknown>> {
  number: string;
  reason: string;
}

export type PaymentEventType = 'payment.authorized' | 'payment.captured' | 'payment.failed' | 'payment.action_required';

export const invoiceFinalizedEvent = (invoice: Invoice, onAccount: boolean): Publication =>
  aboutInvoice('invoice.finalized', invoice, {
    totalMinor: String(invoice.totalMinor),
    currency: invoice.currency,
    dueOn: invoice.dueOn,
    onAccount,
  });

export const invoicePaidEvent = (invoice: Invoice, paidAt: Date): Publication =>
  aboutInvoice('invoice.paid', invoice, { paidAt: paidAt.toISOString() });

export const invoiceVoidedEvent = (invoice: Invoice): Publication => aboutInvoice('invoice.voided', invoice, {});

export const paymentEvent = (type: PaymentEventType, invoice: Invoice, payment: Payment): Publication =>
  aboutInvoice(type, invoice, {
    paymentId: payment.id,
    amountMinor: String(payment.capturedMinor || payment.amountMinor),
    currency: payment.currency,
    failureCode: payment.failureCode,
  });

export const refundEvent = (
  type: 'refund.requested' | 'refund.succeeded' | 'refund.failed',
  invoice: Invoice,
  refund: Refund,
): Publication =>
  aboutInvoice(type, invoice, {
    refundId: refund.id,
    paymentId: refund.paymentId,
    amountMinor: String(refund.amountMinor),
    currency: refund.currency,
    destination: refund.destination,
  });

/** A change of an invoice that is nobody's business but that of those who watch the invoice. */
export const invoiceChanged = (type: 'credit_note.issued' | 'payment.canceled', invoice: Invoice): Publication => ({
  ...aboutInvoice(type, invoice, {}),
  onlySubscribers: true,
});

function aboutInvoice(type: string, invoice: Invoice, data: Readonly<Record<string, unknown>>): Publication {
  return {
    type,
    aggregateType: 'Invoice',
    aggregateId: invoice.id,
    aggregateVersion: invoice.version,
    data: { invoiceId: invoice.id, orderId: invoice.orderId, ...data, paymentStatus: derivePaymentStatus(invoice) },
    subjects: [invoice.id, invoice.organizationId, invoice.partnerOrganizationId].filter((id) => id !== null),
  };
}
