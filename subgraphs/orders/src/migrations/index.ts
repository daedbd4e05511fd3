import type { Migration } from '@tributary/kit/database/migrate';

import { createCatalog } from './0001-create-catalog.ts';
import { createOrders } from './0002-create-orders.ts';
import { createFulfillment } from './0003-create-fulfillment.ts';
import { createMessaging } from './0004-create-messaging.ts';
import { createPricing } from './0005-create-pricing.ts';
import { createOrderSagas } from './0006-create-order-sagas.ts';
import { copyMemberships } from './0007-copy-memberships.ts';
import { feedChanges } from './0008-feed-changes.ts';

/** Every migration of the schema "orders", in the order they run. */
export const migrations: readonly Migration[] = [
  createCatalog,
  createOrders,
  createFulfillment,
  createMessaging,
  createPricing,
  createOrderSagas,
  copyMemberships,
  feedChanges,
];
