import { EntitySchema } from '@tributary/kit';

import type { User, UserRole } from './user.ts';

export const userEntity = new EntitySchema<User>({
  name: 'User',
  schema: 'users',
  tableName: 'users',
  columns: {
    id: { type: 'uuid', primary: true },
    email: { type: 'citext', nullable: true },
    emailVerified: { type: 'boolean', name: 'email_verified' },
    displayName: { type: 'text', name: 'display_name' },
    phone: { type: 'text', nullable: true },
    locale: { type: 'text' },
    status: { type: 'text' },
    oidcIssuer: { type: 'text', name: 'oidc_issuer', nullable: true },
    oidcSubject: { type: 'text', name: 'oidc_subject', nullable: true },
    supportNotes: { type: 'text', name: 'support_notes', nullable: true },
    legacyCustomerNumber: { type: 'text', name: 'legacy_customer_number', nullable: true },
    mfaEnabled: { type: 'boolean', name: 'mfa_enabled' },
    lastSignInAt: { type: 'timestamptz', precision: 3, name: 'last_sign_in_at', nullable: true },
    erasedAt: { type: 'timestamptz', precision: 3, name: 'erased_at', nullable: true },
    createdAt: { type: 'timestamptz', precision: 3, name: 'created_at', createDate: true },
    updatedAt: { type: 'timestamptz', precision: 3, name: 'updated_at', updateDate: true },
    version: { type: 'integer', version: true },
  },
});

export const userRoleEntity = new EntitySchema<UserRole>({
  name: 'UserRole',
  schema: 'users',
  tableName: 'user_roles',
  columns: {
    userId: { type: 'uuid', name: 'user_id', primary: true },
    role: { type: 'text', primary: true },
    grantedBy: { type: 'uuid', name: 'granted_by', nullable: true },
    createdAt: { type: 'timestamptz', precision: 3, name: 'created_at', createDate: true },
    updatedAt: { type: 'timestamptz', precision: 3, name: 'updated_at', updateDate: true },
  },
});
