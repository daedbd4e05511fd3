import { mutate, parseGlobalId } from '@tributary/kit';
import type { Kept, Money, WriteTransaction } from '@tributary/kit';

import type { OrdersContext } from '../context.ts';
import { cancelOrder } from './cancel-order.ts';
import type { Caller } from './caller.ts';
import { readDraftInput } from './draft-input.ts';
import type { OrderDraftSaveInput } from './draft-input.ts';
import type { OrderDeadlines } from './order-saga.ts';
import type { Order, OrderCancelReason } from './order.ts';
import { placeOrder } from './place-order.ts';
import { saveDraft } from './save-draft.ts';
import { readOrderUpdate, updateOrder } from './update-order.ts';
import type { OrderUpdateInput } from './update-order.ts';

interface OrderPlaceInput {
  id: string;
  expectedVersion: number;
  idempotencyKey: string;
  expectedTotal: Money;
  paymentMethodId?: string | null;
}

interface OrderCancelInput {
  id: string;
  expectedVersion: number;
  idempotencyKey: string;
  reason: OrderCancelReason;
  note?: string | null;
}

/** Mutations of orders. `deadlines`: how long a placed order waits for its money. */
export const createOrderMutations = (deadlines: OrderDeadlines) => ({
  orderDraftSave: (_root: unknown, { input }: { input: OrderDraftSaveInput }, context: OrdersContext) =>
    change(context, 'orderDraftSave', input, (tx, caller) => saveDraft(tx, caller, readDraftInput(input))),
  orderPlace: (_root: unknown, { input }: { input: OrderPlaceInput }, context: OrdersContext) =>
    change(context, 'orderPlace', input, (tx, caller) =>
      placeOrder(tx, caller, deadlines, {
        orderId: parseGlobalId('Order', input.id),
        expectedVersion: input.expectedVersion,
        expectedTotal: input.expectedTotal,
        paymentMethodId: input.paymentMethodId ? parseGlobalId('PaymentMethod', input.paymentMethodId) : null,
      }),
    ),
  orderUpdate: (_root: unknown, { input }: { input: OrderUpdateInput }, context: OrdersContext) =>
    // It takes no key: the version does the same.
    change(context, 'orderUpdate', {}, (tx, caller) => updateOrder(tx, caller, readOrderUpdate(input))),
  orderCancel: (_root: unknown, { input }: { input: OrderCancelInput }, context: OrdersContext) =>
    change(context, 'orderCancel', input, (tx, caller) =>
      cancelOrder(tx, caller, {
        orderId: parseGlobalId('Order', input.id),
        expectedVersion: input.expectedVersion,
        reason: input.reason,
        note: input.note ?? null,
      }),
    ),
});

async function change(
  context: OrdersContext,
  operation: string,
  input: { idempotencyKey?: string | null },
  work: (tx: WriteTransaction, caller: Caller) => Promise<Kept<Order>>,
) {
  const { result: order, ...rest } = await mutate(context, {
    operation,
    input,
    work: (tx) => work(tx, context),
    reread: (ids) => context.orders.byId.load(ids.order!),
  });
  return { order, ...rest };
}
