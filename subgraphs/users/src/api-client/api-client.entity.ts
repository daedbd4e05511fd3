import { EntitySchema } from '@tributary/kit';

import type { ApiClient, ApiClientSecret } from './api-client.ts';

export const apiClientEntity = new EntitySchema<ApiClient>({
  name: 'ApiClient',
  schema: 'users',
  tableName: 'api_clients',
  columns: {
    id: { type: 'uuid', primary: true },
    organizationId: { type: 'uuid', name: 'organization_id' },
    clientId: { type: 'text', name: 'client_id' },
    name: { type: 'text' },
    scopes: { type: 'text', array: true },
    status: { type: 'text' },
    rateLimitPoints: { type: 'integer', name: 'rate_limit_points' },
    lastUsedAt: { type: 'timestamptz', precision: 3, name: 'last_used_at', nullable: true },
    createdAt: { type: 'timestamptz', precision: 3, name: 'created_at', createDate: true },
    updatedAt: { type: 'timestamptz', precision: 3, name: 'updated_at', updateDate: true },
    version: { type: 'integer', version: true },
  },
});

export const apiClientSecretEntity = new EntitySchema<ApiClientSecret>({
  name: 'ApiClientSecret',
  schema: 'users',
  tableName: 'api_client_secrets',
  columns: {
    id: { type: 'uuid', primary: true },
    clientId: { type: 'uuid', name: 'client_id' },
    hash: { type: 'text' },
    hint: { type: 'char', length: 4 },
    expiresAt: { type: 'timestamptz', precision: 3, name: 'expires_at', nullable: true },
    createdAt: { type: 'timestamptz', precision: 3, name: 'created_at', createDate: true },
    updatedAt: { type: 'timestamptz', precision: 3, name: 'updated_at', updateDate: true },
  },
});
