import { EntitySchema } from '@tributary/kit';

import type { Membership } from './membership.ts';

export const membershipEntity = new EntitySchema<Membership>({
  name: 'Membership',
  schema: 'users',
  tableName: 'memberships',
  columns: {
    id: { type: 'uuid', primary: true },
    organizationId: { type: 'uuid', name: 'organization_id' },
    userId: { type: 'uuid', name: 'user_id' },
    role: { type: 'text' },
    createdAt: { type: 'timestamptz', precision: 3, name: 'created_at', createDate: true },
    updatedAt: { type: 'timestamptz', precision: 3, name: 'updated_at', updateDate: true },
    version: { type: 'integer', version: true },
  },
});
