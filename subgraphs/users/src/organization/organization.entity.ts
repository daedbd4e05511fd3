import { EntitySchema } from '@tributary/kit';

import type { Organization } from './organization.ts';

export const organizationEntity = new EntitySchema<Organization>({
  name: 'Organization',
  schema: 'users',
  tableName: 'organizations',
  columns: {
    id: { type: 'uuid', primary: true },
    name: { type: 'text' },
    legalName: { type: 'text', name: 'legal_name' },
    taxId: { type: 'text', name: 'tax_id', nullable: true },
    kind: { type: 'text' },
    country: { type: 'char', length: 2 },
    createdAt: { type: 'timestamptz', precision: 3, name: 'created_at', createDate: true },
    updatedAt: { type: 'timestamptz', precision: 3, name: 'updated_at', updateDate: true },
    version: { type: 'integer', version: true },
  },
});
