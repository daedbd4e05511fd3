import type { Migration } from '@tributary/kit/database/migrate';

import { createUsers } from './0001-create-users.ts';
import { createOrganizations } from './0002-create-organizations.ts';
import { createMessaging } from './0003-create-messaging.ts';
import { createAddresses } from './0004-create-addresses.ts';
import { compareTaxIds } from './0005-compare-tax-ids.ts';
import { publishDirectory } from './0006-publish-directory.ts';

/** Every migration of the schema "users", in the order they run. */
export const migrations: readonly Migration[] = [
  createUsers,
  createOrganizations,
  createMessaging,
  createAddresses,
  compareTaxIds,
  publishDirectory,
];
