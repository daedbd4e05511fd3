import { forbidden, notFoundError, refuse } from '@tributary/kit';
import type { Kept, Principal, WriteTransaction } from '@tributary/kit';

import { userUpdated } from '../events.ts';
import type { UserStore } from '../user/user.repository.ts';
import type { AddressStore } from './address.repository.ts';
import type { AddressBookEntry } from './address.ts';

interface RemoveAddressDeps {
  addresses: AddressStore;
  users: UserStore;
  principal: Principal | null;
}

/** Removes an address of a person. If it was the default, the person has none. */
export async function removeAddress(
  tx: WriteTransaction,
  { addresses, users, principal }: RemoveAddressDeps,
  id: string,
): Promise<Kept<AddressBookEntry>> {
  if (principal?.type !== 'user') throw forbidden();
  const found = await addresses.find(id);
  const user = found && (await users.lock(found.userId));
  // Somebody else may have removed it while this transaction waited for the lock.
  const entry = user && (await addresses.find(id));
  if (!entry) return refuse(notFoundError(['input', 'id']));

  await addresses.remove(id);
  tx.publish(userUpdated(user, ['addresses']));
  tx.audit({
    action: 'addressRemove',
    object: { type: 'AddressBookEntry', id },
    details: { userId: entry.userId },
  });
  return { result: entry, ids: { entry: id } };
}
