import { EntitySchema } from '@tributary/kit';

import type { Payment } from './payment.ts';

export const paymentEntity = new EntitySchema<Payment>({
  name: 'Payment',
  schema: 'billing',
  tableName: 'payments',
  columns: {
    id: { type: 'uuid', primary: true },
    invoiceId: { name: 'invoice_id', type: 'uuid' },
    state: { type: 'text' },
    currency: { type: 'char', length: 3 },
    amountMinor: { name: 'amount_minor', type: 'bigint' },
    capturedMinor: { name: 'captured_minor', type: 'bigint', default: 0 },
    refundedMinor: { name: 'refunded_minor', type: 'bigint', default: 0 },
    methodType: { name: 'method_type', type: 'text' },
    methodId: { name: 'method_id', type: 'uuid', nullable: true },
    providerReference: { name: 'provider_reference', type: 'text', nullable: true },
    failureCode: { name: 'failure_code', type: 'text', nullable: true },
    nextActionUrl: { name: 'next_action_url', type: 'text', nullable: true },
    capturedAt: { name: 'captured_at', type: 'timestamptz', precision: 3, nullable: true },
    createdAt: { name: 'created_at', type: 'timestamptz', precision: 3 },
    version: { type: 'integer', default: 1 },
  },
});
