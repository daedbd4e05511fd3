import { changeFeedColumns } from '@tributary/kit/messaging/tables';
import type { Migration } from '@tributary/kit/database/migrate';

export const feedChanges: Migration = { name: '0011-feed-changes', sql: changeFeedColumns('billing') };
