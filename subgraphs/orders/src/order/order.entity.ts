import { EntitySchema } from '@tributary/kit';

import type { Discount, Order } from './order.ts';

// Lists what the code reads as a row. The local copy of the payment status and the search columns only serve filters, so that
// nobody can take the copy for the truth, which is billing's.

export const orderEntity = new EntitySchema<Order>({
  name: 'Order',
  schema: 'orders',
  tableName: 'orders',
  columns: {
    id: { type: 'uuid', primary: true },
    number: { type: 'text', unique: true, nullable: true },
    status: { type: 'text' },
    fulfillmentStatus: { name: 'fulfillment_status', type: 'text', default: 'UNFULFILLED' },
    channel: { type: 'text' },
    buyerId: { name: 'buyer_id', type: 'uuid', nullable: true },
    organizationId: { name: 'organization_id', type: 'uuid', nullable: true },
    partnerOrganizationId: { name: 'partner_organization_id', type: 'uuid', nullable: true },
    externalReference: { name: 'external_reference', type: 'text', nullable: true },
    currency: { type: 'char', length: 3 },
    subtotalMinor: { name: 'subtotal_minor', type: 'bigint', default: 0 },
    discountMinor: { name: 'discount_minor', type: 'bigint', default: 0 },
    shippingMinor: { name: 'shipping_minor', type: 'bigint', default: 0 },
    taxMinor: { name: 'tax_minor', type: 'bigint', default: 0 },
    totalMinor: { name: 'total_minor', type: 'bigint', default: 0 },
    shippingAddress: { name: 'shipping_address', type: 'jsonb', nullable: true },
    billingAddress: { name: 'billing_address', type: 'jsonb', nullable: true },
    customerNote: { name: 'customer_note', type: 'text', nullable: true },
    internalNote: { name: 'internal_note', type: 'text', nullable: true },
    riskScore: { name: 'risk_score', type: 'smallint', nullable: true },
    cancelReason: { name: 'cancel_reason', type: 'text', nullable: true },
    canceledAt: { name: 'canceled_at', type: 'timestamptz', precision: 3, nullable: true },
    placedAt: { name: 'placed_at', type: 'timestamptz', precision: 3, nullable: true },
    createdAt: { name: 'created_at', type: 'timestamptz', precision: 3 },
    updatedAt: { name: 'updated_at', type: 'timestamptz', precision: 3 },
    version: { type: 'integer', default: 1 },
  },
});

export const discountEntity = new EntitySchema<Discount>({
  name: 'OrderDiscount',
  schema: 'orders',
  tableName: 'order_discounts',
  columns: {
    orderId: { name: 'order_id', type: 'uuid', primary: true },
    position: { type: 'smallint', primary: true },
    code: { type: 'text', nullable: true },
    title: { type: 'text' },
    amountMinor: { name: 'amount_minor', type: 'bigint' },
  },
});
