import type { NewEvent, Publication } from '@tributary/kit';

import type { MembershipCopy, UserCopy } from './buyer/buyer-copy.repository.ts';
import type { Quote } from './pricing/quote.ts';
import type { Order, OrderCancelReason, PaymentStatus } from './order/order.ts';

// What this subgraph tells others, and what it hears from billing and users. Amounts are decimal strings of minor units.

const orderEvent = (type: string, order: Order, data: NewEvent['data']): Publication => ({
  type,
  aggregateType: 'Order',
  aggregateId: order.id,
  aggregateVersion: order.version,
  data,
  subjects: [order.id, order.organizationId, order.partnerOrganizationId].filter((id) => id !== null),
});

/** A change of an order that is nobody's business but that of those who watch the order. */
export const orderChanged = (
  type: 'order.created' | 'order.updated' | 'order.payment_updated',
  order: Order,
): Publication => ({ ...orderEvent(type, order, { number: order.number }), onlySubscribers: true });

/** Everything that billing needs for the invoice. The one event with personal data: `billTo`. */
export function orderPlaced(order: Order, { lines }: Quote, paymentMethodId: string | null): Publication {
  return orderEvent('order.placed', order, {
    number: order.number,
    buyerId: order.buyerId,
    organizationId: order.organizationId,
    partnerOrganizationId: order.partnerOrganizationId,
    currency: order.currency,
    subtotalMinor: String(order.subtotalMinor),
    discountMinor: String(order.discountMinor),
    shippingMinor: String(order.shippingMinor),
    taxMinor: String(order.taxMinor),
    totalMinor: String(order.totalMinor),
    placedAt: order.placedAt!.toISOString(),
    paymentMethodId,
    billTo: order.billingAddress,
    lines: lines.map((line) => ({
      sku: line.sku,
      title: line.title,
      quantity: line.quantity,
      unitPriceMinor: String(line.unitPriceMinor),
      discountMinor: String(line.discountMinor),
      taxMinor: String(line.taxMinor),
      totalMinor: String(line.totalMinor),
      taxes: line.taxes.map(({ amountMinor, ...rate }) => ({ ...rate, amountMinor: String(amountMinor) })),
    })),
  });
}

export const orderConfirmed = (order: Order): Publication =>
  orderEvent('order.confirmed', order, { number: order.number });

/** Of a draft no other subgraph knows. */
export const orderCanceled = (order: Order, reason: OrderCancelReason): Publication => ({
  ...orderEvent('order.canceled', order, { number: order.number, reason }),
  onlySubscribers: order.placedAt === null,
});

/** What every event of billing about an order holds. Its aggregate is the invoice. */
export type InvoiceFact = Readonly<{ invoiceId: string; orderId: string; paymentStatus: PaymentStatus }>;

export type InvoiceFinalized = InvoiceFact &
  Readonly<{
    /** Day in UTC until which it is to be paid. */
    dueOn: string;
    /** Within the credit limit: the order need not wait for the money. */
    onAccount: boolean;
  }>;

export type PaymentFact = InvoiceFact & Readonly<{ amountMinor: string; currency: string }>;

/** What every event about a person holds. Versions before this one left it out. */
export type UserFact = Readonly<{ status?: string }>;

export type MembershipChanged = Readonly<{
  organizationId: string;
  userId: string;
  /** Null when the membership has ended. */
  role: string | null;
}>;

/** Who is there, as users told before anything of them changed. */
export type UsersListed = Readonly<{ users: readonly UserCopy[] }>;

export type MembershipsListed = Readonly<{ memberships: readonly MembershipCopy[] }>;
