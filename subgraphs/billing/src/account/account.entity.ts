import { EntitySchema } from '@tributary/kit';

import type { BillingAccount } from './billing-account.ts';

export const billingAccountEntity = new EntitySchema<BillingAccount>({
  name: 'BillingAccount',
  schema: 'billing',
  tableName: 'billing_accounts',
  columns: {
    id: { type: 'uuid', primary: true },
    ownerType: { name: 'owner_type', type: 'text' },
    ownerId: { name: 'owner_id', type: 'uuid' },
    currency: { type: 'char', length: 3 },
    paymentTermDays: { name: 'payment_term_days', type: 'integer', default: 0 },
    creditLimitMinor: { name: 'credit_limit_minor', type: 'bigint', default: 0 },
    version: { type: 'integer', default: 1 },
  },
});
