import type { Migration } from '@tributary/kit/database/migrate';
import { messagingTables } from '@tributary/kit/messaging/tables';

export const createMessaging: Migration = { name: '0005-create-messaging', sql: messagingTables('billing') };
