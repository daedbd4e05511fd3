import type { Country } from '../words/people.ts';

// What the generators of the seed know about the people and organizations they made: enough to place orders for them.

export type PaymentMethod = 'CARD' | 'DIRECT_DEBIT' | 'BANK_TRANSFER';

/** A billing account while the seed runs; written at the end, when its balance and its limit are known. */
export interface Account {
  id: string;
  ownerType: 'USER' | 'ORGANIZATION';
  ownerId: string;
  currency: string;
  termDays: number;
  /** How its owner pays; an organization that has saved nothing pays by transfer. */
  method: PaymentMethod;
  createdAt: number;
  updatedAt: number;
  /** Sum of what is due on open invoices. */
  openMinor: bigint;
  /** Money the account can use. */
  availableMinor: bigint;
}

export interface Person {
  id: string;
  displayName: string;
  country: Country;
  /** The postal address as a JSON document. */
  address: string;
  method: PaymentMethod;
  /** Personal data was erased: orders keep no address. */
  erased: boolean;
  account: Account;
}

export interface Organization {
  id: string;
  name: string;
  country: Country;
  address: string;
  account: Account;
  /** Members who may place orders. */
  purchasers: readonly Person[];
  /** Start of the references in its own system; partners only. */
  referencePrefix: string;
  /** Orders placed through the API so far. */
  references: number;
}

export interface People {
  /** The persona `customer`. */
  customer: Person;
  stranger: Person;
  erased: readonly Person[];
  /** People who order exactly once. */
  singles: readonly Person[];
  /** One percent of the buyers, who place a fifth of the orders. */
  collectors: readonly Person[];
  /** Everybody else who shops, oldest account first. The first half was there before the first order. */
  shoppers: readonly Person[];
  supportStaff: readonly string[];
  /** The first is the organization of the persona `buyer`. */
  buyers: readonly Organization[];
  /** The first is the organization of the persona `partner`. */
  partners: readonly Organization[];
  accounts: readonly Account[];
}
