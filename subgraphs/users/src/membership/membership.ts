import type { OrganizationRole } from '@tributary/kit';

/** A person's place in an organization. */
export interface Membership {
  id: string;
  organizationId: string;
  userId: string;
  role: OrganizationRole;
  createdAt: Date;
  updatedAt: Date;
  version: number;
}
