import { stateError } from '@tributary/kit';
import type { InputPath, UserError } from '@tributary/kit';

import type { Order, OrderStatus } from './order.ts';

/** Where an order can go from each stage. It leaves CONFIRMED for CANCELED only while nothing was shipped. */
export const nextStatus: Readonly<Record<OrderStatus, readonly OrderStatus[]>> = {
  DRAFT: ['PENDING', 'CANCELED'],
  PENDING: ['CONFIRMED', 'CANCELED'],
  CONFIRMED: ['COMPLETED', 'CANCELED'],
  COMPLETED: [],
  CANCELED: [],
};

export const canBecome = ({ status }: Pick<Order, 'status'>, next: OrderStatus): boolean =>
  nextStatus[status].includes(next);

/** Nothing of it has left. */
export const isUnshipped = ({ fulfillmentStatus }: Pick<Order, 'fulfillmentStatus'>): boolean =>
  fulfillmentStatus === 'UNFULFILLED';

/** The refusal of an action that the stage of the order does not allow. */
export function wrongStatus({ status }: Pick<Order, 'status'>, message: string, field: InputPath): UserError {
  return stateError(message, status, nextStatus[status], field);
}
