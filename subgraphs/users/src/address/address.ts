import type { PostalAddress } from '@tributary/kit';

/** A saved address of a person. */
export interface AddressBookEntry extends Required<PostalAddress> {
  id: string;
  userId: string;
  label: string;
  /** Preselected at checkout; at most one of a person is. */
  isDefault: boolean;
  createdAt: Date;
  updatedAt: Date;
  version: number;
}

/** Enough for everybody who has a life, and few enough to be read as one list. */
export const MAX_ADDRESSES = 50;
