import DataLoader from 'dataloader';

import { groupedInKeyOrder, inKeyOrder } from '@tributary/kit';

import type { AddressRepository } from './address.repository.ts';
import type { AddressBookEntry } from './address.ts';

export const createAddressByIdLoader = (addresses: AddressRepository) =>
  new DataLoader<string, AddressBookEntry | null>(async (ids) =>
    inKeyOrder(ids, await addresses.findByIds(ids), ({ id }) => id),
  );

export const createAddressesByUserIdLoader = (addresses: AddressRepository) =>
  new DataLoader<string, AddressBookEntry[]>(async (userIds) =>
    groupedInKeyOrder(userIds, await addresses.findByUserIds(userIds), ({ userId }) => userId),
  );
