import type { Role } from '@tributary/kit';

export const UserStatus = { invited: 'INVITED', active: 'ACTIVE', suspended: 'SUSPENDED', erased: 'ERASED' } as const;
export type UserStatus = (typeof UserStatus)[keyof typeof UserStatus];

/** A person with an account. Erasure empties what is personal; the id and the neutral display name stay. */
export interface User {
  id: string;
  email: string | null;
  emailVerified: boolean;
  displayName: string;
  /** E.164. */
  phone: string | null;
  /** BCP 47. */
  locale: string;
  status: UserStatus;
  /** Issuer and subject of the person's tokens; null until the first sign-in. */
  oidcIssuer: string | null;
  oidcSubject: string | null;
  supportNotes: string | null;
  legacyCustomerNumber: string | null;
  mfaEnabled: boolean;
  lastSignInAt: Date | null;
  erasedAt: Date | null;
  createdAt: Date;
  updatedAt: Date;
  version: number;
}

/** A platform role that a person holds. */
export interface UserRole {
  userId: string;
  role: Role;
  grantedBy: string | null;
  createdAt: Date;
  updatedAt: Date;
}
