export const OrganizationKind = { buyer: 'BUYER', partner: 'PARTNER' } as const;
export type OrganizationKind = (typeof OrganizationKind)[keyof typeof OrganizationKind];

/** A company that buys, or one that integrates through the API. */
export interface Organization {
  id: string;
  name: string;
  legalName: string;
  taxId: string | null;
  kind: OrganizationKind;
  /** ISO 3166-1 alpha-2. */
  country: string;
  createdAt: Date;
  updatedAt: Date;
  version: number;
}
