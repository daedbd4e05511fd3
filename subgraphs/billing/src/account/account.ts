import type { Money } from '@tributary/kit/money';

export type AccountOwnerType = 'USER' | 'ORGANIZATION';

/** Whose balance, and in which currency; null means the currency of the account. */
export interface BalanceKey {
  ownerType: AccountOwnerType;
  ownerId: string;
  currency: string | null;
}

export interface AccountBalance {
  currency: string;
  /** Money the account can use. */
  available: Money;
  /** What is open on its finalized invoices. */
  outstanding: Money;
  /** The part of `outstanding` that is past its due date. */
  overdue: Money;
}
