import type { EventEnvelope, EventHandlers, WriteTransaction } from '@tributary/kit';

import { ensureAccount } from './account/account-writes.repository.ts';
import type { AccountOwnerType } from './account/account.ts';
import type { OrderCanceled, OrderPlaced, OwnerCreated } from './events.ts';
import { billOrder } from './invoice/bill-order.ts';
import { cancelOrderInvoice } from './invoice/cancel-order-invoice.ts';

// What billing does when others tell of something. Each handler runs in the transaction that remembers the event.

const openAccountOf =
  (ownerType: AccountOwnerType) =>
  (tx: WriteTransaction, { aggregateId, data }: EventEnvelope<OwnerCreated>): Promise<void> =>
    ensureAccount(tx, { ownerType, ownerId: aggregateId }, data.currency);

export const handlers: EventHandlers = {
  'user.registered': openAccountOf('USER'),
  'organization.created': openAccountOf('ORGANIZATION'),
  'order.placed': (tx, { aggregateId, data }: EventEnvelope<OrderPlaced>) =>
    billOrder(tx, { orderId: aggregateId, order: data }),
  'order.canceled': (tx, { aggregateId, data }: EventEnvelope<OrderCanceled>) =>
    cancelOrderInvoice(tx, { orderId: aggregateId, reason: data.reason }),
};
