import type { PostalAddress } from '@tributary/kit';

// What an order is made of. Amounts are minor units in the currency of the order; ids are UUIDs here and leave as global ids.

export const OrderStatus = {
  draft: 'DRAFT',
  pending: 'PENDING',
  confirmed: 'CONFIRMED',
  completed: 'COMPLETED',
  canceled: 'CANCELED',
} as const;
export type OrderStatus = (typeof OrderStatus)[keyof typeof OrderStatus];

/** Owned by billing. */
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

export type FulfillmentStatus = 'UNFULFILLED' | 'PARTIALLY_FULFILLED' | 'FULFILLED' | 'RETURNED';
export type SalesChannel = 'WEB' | 'SUPPORT' | 'PARTNER_API';
export type OrderCancelReason = 'CUSTOMER' | 'FRAUD' | 'INVENTORY' | 'PAYMENT' | 'OTHER';

/** Whose order it is. The partner placed it through the API. */
export interface OrderOwners {
  buyerId: string | null;
  organizationId: string | null;
  partnerOrganizationId: string | null;
}

export interface Order extends OrderOwners {
  id: string;
  /** Null while the order is a draft. */
  number: string | null;
  status: OrderStatus;
  fulfillmentStatus: FulfillmentStatus;
  channel: SalesChannel;
  externalReference: string | null;
  currency: string;
  subtotalMinor: bigint;
  discountMinor: bigint;
  shippingMinor: bigint;
  taxMinor: bigint;
  totalMinor: bigint;
  shippingAddress: PostalAddress | null;
  billingAddress: PostalAddress | null;
  customerNote: string | null;
  internalNote: string | null;
  /** From 0 to 100; null before the risk check. */
  riskScore: number | null;
  cancelReason: OrderCancelReason | null;
  canceledAt: Date | null;
  placedAt: Date | null;
  createdAt: Date;
  updatedAt: Date;
  version: number;
}

/** A discount on an order, as a positive amount. */
export interface Discount {
  orderId: string;
  position: number;
  /** Null for automatic discounts. */
  code: string | null;
  title: string;
  amountMinor: bigint;
}
