import {
  checkInput,
  forbidden,
  invalidInput,
  notFoundError,
  parseGlobalId,
  readPostalAddress,
  refuse,
  refuseIfAny,
  versionConflict,
} from '@tributary/kit';
import type { Kept, PostalAddress, WriteTransaction } from '@tributary/kit';

import { orderChanged } from '../events.ts';
import { findDiscountCodes } from '../pricing/supply.repository.ts';
import type { Quote } from '../pricing/quote.ts';
import type { Caller } from './caller.ts';
import { rewriteLines } from './line-writes.repository.ts';
import { changesOrder, writesInternalNotes } from './order-change.access.ts';
import { readNote, readReference } from './order-input.ts';
import { isUnshipped, nextStatus, wrongStatus } from './order-status.ts';
import { findLines, lockOrder, setDetails } from './order-writes.repository.ts';
import type { LockedOrder, OrderChange } from './order-writes.repository.ts';
import type { Order } from './order.ts';
import { priceBasket } from './price-basket.ts';
import { addToTimeline } from './timeline-writes.repository.ts';

/** `OrderUpdateInput` of the contract. */
export interface OrderUpdateInput {
  id: string;
  expectedVersion: number;
  shippingAddress?: PostalAddress | null;
  customerNote?: string | null;
  internalNote?: string | null;
  externalReference?: string | null;
}

/** What is undefined stays as it is. */
export type UpdateOrder = { orderId: string; expectedVersion: number } & {
  [Key in keyof OrderChange]: OrderChange[Key] | undefined;
};

export function readOrderUpdate(input: OrderUpdateInput): UpdateOrder {
  const check = checkInput();
  const text = (name: 'customerNote' | 'internalNote' | 'externalReference', read: typeof readNote) =>
    check.clearable(input[name], (value) => read(check, value, ['input', name]));
  const change = {
    orderId: parseGlobalId('Order', input.id),
    expectedVersion: input.expectedVersion,
    shippingAddress: check.clearable(input.shippingAddress, (address) =>
      readPostalAddress(check, address, ['input', 'shippingAddress']),
    ),
    customerNote: text('customerNote', readNote),
    internalNote: text('internalNote', readNote),
    externalReference: text('externalReference', readReference),
  };
  check.refuseIfAny();
  return change;
}

/** Changes notes, address or reference of an order of which nothing was shipped. */
export async function updateOrder(
  tx: WriteTransaction,
  { principal, orderArms }: Caller,
  { orderId, expectedVersion, ...change }: UpdateOrder,
): Promise<Kept<Order>> {
  if (change.internalNote !== undefined && !writesInternalNotes(principal)) throw forbidden();
  const stored = await lockOrder(tx, orderId, orderArms);
  if (!stored) return refuse(notFoundError(['input', 'id']));
  if (!changesOrder(principal, stored)) throw forbidden();
  if (stored.version !== expectedVersion) refuse(versionConflict(stored.version));
  if (nextStatus[stored.status].length === 0 || !isUnshipped(stored))
    refuse(wrongStatus(stored, 'The order was shipped, completed or canceled.', ['input', 'id']));
  const address = change.shippingAddress;
  if (stored.status !== 'DRAFT') refuseIfAny(frozenAddress(stored, address));

  const next: OrderChange = {
    shippingAddress: address === undefined ? stored.shippingAddress : address,
    customerNote: change.customerNote === undefined ? stored.customerNote : change.customerNote,
    internalNote: change.internalNote === undefined ? stored.internalNote : change.internalNote,
    externalReference: change.externalReference === undefined ? stored.externalReference : change.externalReference,
  };
  const quote = stored.status === 'DRAFT' && address !== undefined ? await reprice(tx, stored, address) : null;
  const order = await setDetails(tx, { ...next, id: orderId }, quote);
  await addToTimeline(tx, orderId, { type: 'UPDATED', message: `Changed: ${namesOf(change)}.` });
  tx.publish(orderChanged('order.updated', order));
  const fields = Object.keys(change).filter((name) => change[name as keyof OrderChange] !== undefined);
  tx.audit({ action: 'orderUpdate', object: { type: 'Order', id: orderId }, details: { fields } });
  return { result: order, ids: { order: orderId } };
}

/** Once an order is placed it has an address, and its taxes are those of the country. */
function frozenAddress({ shippingAddress }: LockedOrder, address: PostalAddress | null | undefined) {
  const field = ['input', 'shippingAddress'];
  if (address === null) return [invalidInput('A placed order keeps an address.', field)];
  if (address && address.country !== shippingAddress?.country)
    return [invalidInput('The country of a placed order decides its taxes and stays.', [...field, 'country'])];
  return [];
}

/** The taxes of a draft follow its address. */
async function reprice(tx: WriteTransaction, stored: LockedOrder, address: PostalAddress | null): Promise<Quote> {
  const lines = await findLines(tx, stored.id);
  const { currency, discountCodes: codes } = stored;
  const basket = { lines, currency, country: address?.country ?? null, codes };
  const { quote } = await priceBasket(tx, basket, findDiscountCodes);
  const ids = lines.map(({ id }) => id);
  await rewriteLines(tx, stored.id, ids, quote);
  return quote;
}

const NAMES: Readonly<Record<keyof OrderChange, string>> = {
  shippingAddress: 'shipping address',
  customerNote: 'note of the buyer',
  // The timeline is for everybody who sees the order; that support took a note is not.
  internalNote: '',
  externalReference: 'external reference',
};

function namesOf(change: Partial<Record<keyof OrderChange, unknown>>): string {
  const names = Object.entries(NAMES).filter(([key, name]) => name && change[key as keyof OrderChange] !== undefined);
  return names.map(([, name]) => name).join(', ') || 'details';
}
