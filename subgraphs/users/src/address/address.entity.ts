import { EntitySchema } from '@tributary/kit';

import type { AddressBookEntry } from './address.ts';

export const addressEntity = new EntitySchema<AddressBookEntry>({
  name: 'AddressBookEntry',
  schema: 'users',
  tableName: 'addresses',
  columns: {
    id: { type: 'uuid', primary: true },
    userId: { type: 'uuid', name: 'user_id' },
    label: { type: 'text' },
    isDefault: { type: 'boolean', name: 'is_default' },
    recipient: { type: 'text' },
    line1: { type: 'text' },
    line2: { type: 'text', nullable: true },
    city: { type: 'text' },
    region: { type: 'text', nullable: true },
    postalCode: { type: 'text', name: 'postal_code', nullable: true },
    country: { type: 'char', length: 2 },
    createdAt: { type: 'timestamptz', precision: 3, name: 'created_at', createDate: true },
    updatedAt: { type: 'timestamptz', precision: 3, name: 'updated_at', updateDate: true },
    version: { type: 'integer', version: true },
  },
});
