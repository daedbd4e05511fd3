import { forbidden, hasScope, notFoundError, refuse, stateError, versionConflict } from '@tributary/kit';
import type { Kept, Principal, WriteTransaction } from '@tributary/kit';

import { changedFields } from '../changes.ts';
import { userUpdated } from '../events.ts';
import { mayChangePerson } from './user.access.ts';
import { readProfile } from './profile.ts';
import type { ProfileInput } from './profile.ts';
import type { UserStore } from './user.repository.ts';
import { UserStatus } from './user.ts';
import type { User } from './user.ts';

export interface UpdateUser extends ProfileInput {
  userId: string;
  expectedVersion: number;
}

/** Changes a profile. */
export async function updateUser(
  tx: WriteTransaction,
  { users, principal }: { users: UserStore; principal: Principal | null },
  { userId, expectedVersion, ...input }: UpdateUser,
): Promise<Kept<User>> {
  if (!mayChangePerson(principal, userId)) throw forbidden();
  if (input.supportNotes !== undefined && !hasScope(principal, 'support:read')) throw forbidden();
  const profile = readProfile(input);

  const stored = await users.lock(userId);
  if (!stored) return refuse(notFoundError(['input', 'id']));
  if (stored.status === UserStatus.erased)
    refuse(stateError('The data of this person was erased.', stored.status, [], ['input', 'id']));
  if (stored.version !== expectedVersion) refuse(versionConflict(stored.version));

  const fields = changedFields(stored, profile);
  const user = await users.store({ ...stored, ...profile });
  if (fields.length > 0) tx.publish(userUpdated(user, fields));
  tx.audit({ action: 'userUpdate', object: { type: 'User', id: userId }, details: { fields } });
  return { result: user, ids: { user: userId } };
}
