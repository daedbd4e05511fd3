import { EntitySchema } from '@tributary/kit';

import type { Refund } from './refund.ts';

export const refundEntity = new EntitySchema<Refund>({
  name: 'Refund',
  schema: 'billing',
  tableName: 'refunds',
  columns: {
    id: { type: 'uuid', primary: true },
    paymentId: { name: 'payment_id', type: 'uuid' },
    status: { type: 'text' },
    currency: { type: 'char', length: 3 },
    amountMinor: { name: 'amount_minor', type: 'bigint' },
    destination: { type: 'text' },
    reason: { type: 'text' },
    requestedBy: { name: 'requested_by', type: 'uuid', nullable: true },
    approvedBy: { name: 'approved_by', type: 'uuid', nullable: true },
    createdAt: { name: 'created_at', type: 'timestamptz', precision: 3 },
    version: { type: 'integer', default: 1 },
  },
});
