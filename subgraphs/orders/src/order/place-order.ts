import {
  forbidden,
  inputError,
  invalidInput,
  notFoundError,
  refuse,
  refuseIfAny,
  toDecimal,
  versionConflict,
} from '@tributary/kit';
import type { Kept, Money, UserError, WriteTransaction } from '@tributary/kit';

import { assertMayBuy } from '../buyer/named-buyer.ts';
import { reserveStock } from '../catalog/stock.repository.ts';
import { orderPlaced } from '../events.ts';
import { isShort, outOfStock, unitsPerVariant } from '../pricing/quote.ts';
import type { Quote } from '../pricing/quote.ts';
import { useDiscountCodes } from '../pricing/supply.repository.ts';
import type { Caller } from './caller.ts';
import { rewriteLines, searchTextOf } from './line-writes.repository.ts';
import { placesOrder } from './order-change.access.ts';
import { insertSaga } from './order-saga.repository.ts';
import { startSaga } from './order-saga.ts';
import type { OrderDeadlines } from './order-saga.ts';
import { wrongStatus } from './order-status.ts';
import { findLines, lockOrder, setPlaced } from './order-writes.repository.ts';
import type { LockedOrder } from './order-writes.repository.ts';
import type { OrderLineRow } from './order-line.ts';
import type { Order } from './order.ts';
import { priceBasket } from './price-basket.ts';
import { addToTimeline } from './timeline-writes.repository.ts';

export interface PlaceOrder {
  orderId: string;
  expectedVersion: number;
  /** What the buyer saw. */
  expectedTotal: Money;
  /** Saved payment method to charge; whether it is the payer's is for billing to say. */
  paymentMethodId: string | null;
}

/**
 * Places a draft: prices it once more, freezes the prices, promises the stock and tells billing. The number of statements does not
 * depend on the number of lines.
 */
export async function placeOrder(
  tx: WriteTransaction,
  { principal, orderArms }: Caller,
  deadlines: OrderDeadlines,
  { orderId, expectedVersion, expectedTotal, paymentMethodId }: PlaceOrder,
): Promise<Kept<Order>> {
  const draft = await lockOrder(tx, orderId, orderArms);
  if (!draft) return refuse(notFoundError(['input', 'id']));
  if (!placesOrder(principal, draft)) throw forbidden();
  if (draft.version !== expectedVersion) refuse(versionConflict(draft.version));
  if (draft.status !== 'DRAFT') refuse(wrongStatus(draft, 'Only a draft can be placed.', ['input', 'id']));
  // Somebody who has left meanwhile must not become a customer of the organization by it.
  await assertMayBuy(tx, principal, draft);
  const lines = await findLines(tx, orderId);
  refuseIfAny(missingParts(draft, lines));

  const { currency, discountCodes: codes } = draft;
  const basket = { lines, currency, country: draft.shippingAddress!.country, codes };
  const { quote, offers } = await priceBasket(tx, basket, useDiscountCodes);
  const units = unitsPerVariant(lines);
  // Most lack of stock shows here already, before anything is written. Whoever loses a race for the last units is stopped below.
  refuseIfAny([
    ...changedTotal(quote, currency, expectedTotal),
    ...outOfStock(quote.lines, (id) => isShort(offers.get(id)!, units.get(id)!)),
  ]);

  const ids = lines.map(({ id }) => id);
  await rewriteLines(tx, orderId, ids, quote);
  const order = await setPlaced(tx, { ...quote, id: orderId, searchText: searchTextOf(quote) });
  await insertSaga(tx, orderId, startSaga(deadlines, { charged: paymentMethodId !== null, now: tx.now }));
  await addToTimeline(tx, orderId, { type: 'PLACED', message: `Order ${order.number!} was placed.` });
  // Last, because everybody who buys the same variant waits from here until COMMIT.
  const reserved = await reserveStock(tx, units);
  refuseIfAny(outOfStock(quote.lines, (id) => !reserved.has(id)));

  tx.publish(orderPlaced(order, quote, paymentMethodId));
  tx.audit({
    action: 'orderPlace',
    object: { type: 'Order', id: orderId },
    details: { number: order.number, total: String(order.totalMinor), currency },
  });
  return { result: order, ids: { order: orderId } };
}

function missingParts(draft: LockedOrder, lines: readonly OrderLineRow[]): UserError[] {
  const errors: UserError[] = [];
  if (lines.length === 0) errors.push(invalidInput('An order without lines cannot be placed.', ['input', 'id']));
  if (!draft.shippingAddress)
    errors.push(invalidInput('The order has no shipping address. Save the draft with one.', ['input', 'id']));
  return errors;
}

function changedTotal({ totalMinor }: Quote, currency: string, expected: Money): UserError[] {
  if (expected.currency !== currency)
    return [inputError('CURRENCY_MISMATCH', `The order is in ${currency}.`, ['input', 'expectedTotal', 'currency'])];
  if (expected.amountMinor === totalMinor) return [];
  return [
    inputError(
      'TOTAL_CHANGED',
      `The order costs ${toDecimal({ amountMinor: totalMinor, currency })} ${currency} now. Save the draft again to see why.`,
      ['input', 'expectedTotal'],
    ),
  ];
}
