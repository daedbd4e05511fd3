import type { Money } from '@tributary/kit';

/** An order as billing knows it: its id, and what orders hands over with a reference where a field requires it. */
export interface OrderReference {
  id: string;
  /** Given by billing's own copy on an invoice. */
  number?: string | null;
  terms?: OrderTerms | null;
}

/** What orders tells about an order, needed for the amount that is still to pay. */
export interface OrderTerms {
  total: Money;
  canceled: boolean;
  buyerId: string | null;
  organizationId: string | null;
  partnerOrganizationId: string | null;
}
