import { EntitySchema } from '@tributary/kit';

import type { Invoice } from './invoice.ts';

// Lists what the code reads, as do the other entity schemas.

export const invoiceEntity = new EntitySchema<Invoice>({
  name: 'Invoice',
  schema: 'billing',
  tableName: 'invoices',
  columns: {
    id: { type: 'uuid', primary: true },
    number: { type: 'text', nullable: true, unique: true },
    accountId: { name: 'account_id', type: 'uuid' },
    customerId: { name: 'customer_id', type: 'uuid', nullable: true },
    organizationId: { name: 'organization_id', type: 'uuid', nullable: true },
    partnerOrganizationId: { name: 'partner_organization_id', type: 'uuid', nullable: true },
    orderId: { name: 'order_id', type: 'uuid', nullable: true },
    orderNumber: { name: 'order_number', type: 'text', nullable: true },
    status: { type: 'text' },
    currency: { type: 'char', length: 3 },
    subtotalMinor: { name: 'subtotal_minor', type: 'bigint' },
    taxMinor: { name: 'tax_minor', type: 'bigint' },
    totalMinor: { name: 'total_minor', type: 'bigint' },
    paidMinor: { name: 'paid_minor', type: 'bigint', default: 0 },
    creditedMinor: { name: 'credited_minor', type: 'bigint', default: 0 },
    dueMinor: { name: 'due_minor', type: 'bigint' },
    authorizedMinor: { name: 'authorized_minor', type: 'bigint', default: 0 },
    refundedMinor: { name: 'refunded_minor', type: 'bigint', default: 0 },
    issuedOn: { name: 'issued_on', type: 'date', nullable: true },
    dueOn: { name: 'due_on', type: 'date', nullable: true },
    reminderCount: { name: 'reminder_count', type: 'integer', default: 0 },
    billTo: { name: 'bill_to', type: 'jsonb', nullable: true },
    closeReason: { name: 'close_reason', type: 'text', nullable: true },
    createdAt: { name: 'created_at', type: 'timestamptz', precision: 3 },
    updatedAt: { name: 'updated_at', type: 'timestamptz', precision: 3 },
    version: { type: 'integer', default: 1 },
  },
});
