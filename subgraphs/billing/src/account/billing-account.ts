import type { AccountOwnerType } from './account.ts';

/** The account of a person or an organization. */
export interface BillingAccount {
  id: string;
  ownerType: AccountOwnerType;
  ownerId: string;
  currency: string;
  paymentTermDays: number;
  creditLimitMinor: bigint;
  version: number;
}

/** Who owes for a purchase: the organization it was made for, else the person. */
export function ownerOf({ buyerId, organizationId }: { buyerId: string | null; organizationId: string | null }): {
  ownerType: AccountOwnerType;
  ownerId: string;
} {
  if (organizationId !== null) return { ownerType: 'ORGANIZATION', ownerId: organizationId };
  if (buyerId !== null) return { ownerType: 'USER', ownerId: buyerId };
  throw new Error('A purchase belongs to a person or an organization.');
}

// What a new account starts with; finance changes it for those it trusts.
export const STARTING_TERM_DAYS: Readonly<Record<AccountOwnerType, number>> = { USER: 7, ORGANIZATION: 14 };

/** Whether an account may buy for `totalMinor` on account, with `openMinor` on its open invoices already. */
export function fitsCreditLimit(
  account: BillingAccount,
  currency: string,
  openMinor: bigint,
  totalMinor: bigint,
): boolean {
  // A limit says nothing about another currency, and zero means no buying on account at all.
  return (
    currency === account.currency && account.creditLimitMinor > 0n && openMinor + totalMinor <= account.creditLimitMinor
  );
}
