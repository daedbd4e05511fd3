import { EntitySchema } from '@tributary/kit';

import type { PaymentMethod } from './payment-method.ts';

export const paymentMethodEntity = new EntitySchema<PaymentMethod>({
  name: 'PaymentMethod',
  schema: 'billing',
  tableName: 'payment_methods',
  columns: {
    id: { type: 'uuid', primary: true },
    accountId: { name: 'account_id', type: 'uuid' },
    type: { type: 'text' },
    brand: { type: 'text', nullable: true },
    last4: { type: 'text', nullable: true },
    expiryMonth: { name: 'expiry_month', type: 'smallint', nullable: true },
    expiryYear: { name: 'expiry_year', type: 'smallint', nullable: true },
    isDefault: { name: 'is_default', type: 'boolean', default: false },
  },
});
