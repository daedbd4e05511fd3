import type { Migration } from '@tributary/kit/database/migrate';

import { createUsers } from './0001-create-users.ts';
import { createOrganizations } from './0002-create-organizations.ts';
import { createMessaging } from './0003-create-messaging.ts';

/** Every migration of the schema "users", in the order they run. */
export const migrations: readonly Migration[] = [createUsers, createOrganizations, createMessaging];
