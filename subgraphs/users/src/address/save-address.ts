import {
  checkInput,
  forbidden,
  inputError,
  newUuid,
  notFoundError,
  readPostalAddress,
  refuse,
  stateError,
} from '@tributary/kit';
import type { Kept, PostalAddress, Principal, WriteTransaction } from '@tributary/kit';

import { changedFields } from '../changes.ts';
import { userUpdated } from '../events.ts';
import { mayChangePerson } from '../user/user.access.ts';
import type { UserStore } from '../user/user.repository.ts';
import { UserStatus } from '../user/user.ts';
import type { AddressStore } from './address.repository.ts';
import { MAX_ADDRESSES } from './address.ts';
import type { AddressBookEntry } from './address.ts';

export interface SaveAddress {
  /** Null: a new one. */
  addressId: string | null;
  userId: string;
  label: string;
  isDefault: boolean;
  address: PostalAddress;
}

interface SaveAddressDeps {
  addresses: AddressStore;
  users: UserStore;
  principal: Principal | null;
}

type Wish = Required<PostalAddress> & Pick<AddressBookEntry, 'label' | 'isDefault'>;

/** Creates or changes an address of a person. The lock on the person keeps their default address the only one. */
export async function saveAddress(
  tx: WriteTransaction,
  { addresses, users, principal }: SaveAddressDeps,
  input: SaveAddress,
): Promise<Kept<AddressBookEntry>> {
  const { addressId, userId } = input;
  if (!mayChangePerson(principal, userId)) throw forbidden();
  const wish = readWish(input);

  const user = await users.lock(userId);
  if (!user) return refuse(notFoundError(['input', 'userId']));
  if (user.status === UserStatus.erased)
    refuse(stateError('The data of this person was erased.', user.status, [], ['input', 'userId']));
  const book = await addresses.findByUser(userId);
  const stored = findStored(book, addressId);
  if (wish.isDefault && book.some(({ id, isDefault }) => isDefault && id !== stored?.id))
    await addresses.clearDefault(userId);
  const entry = stored
    ? await addresses.store({ ...stored, ...wish })
    : await addresses.add({ id: newUuid(tx.now), userId, ...wish });

  tx.publish(userUpdated(user, ['addresses']));
  tx.audit({
    action: 'addressSave',
    object: { type: 'AddressBookEntry', id: entry.id },
    details: { userId, fields: stored ? changedFields(stored, wish) : Object.keys(wish) },
  });
  return { result: entry, ids: { entry: entry.id } };
}

function findStored(book: readonly AddressBookEntry[], id: string | null): AddressBookEntry | null {
  if (id !== null) return book.find((entry) => entry.id === id) ?? refuse(notFoundError(['input', 'id']));
  if (book.length >= MAX_ADDRESSES)
    refuse(inputError('LIMIT_EXCEEDED', `An address book holds at most ${MAX_ADDRESSES} addresses.`));
  return null;
}

const MAX_LABEL = 60;

function readWish({ label, isDefault, address }: SaveAddress): Wish {
  const check = checkInput();
  const wish = {
    label: check.text(label, ['input', 'label'], { max: MAX_LABEL }),
    isDefault,
    ...readPostalAddress(check, address, ['input', 'address']),
  };
  check.refuseIfAny();
  return wish;
}
