import { forbidden, inputError, newUuid, notFoundError, refuse, versionConflict } from '@tributary/kit';
import type { Kept, WriteTransaction } from '@tributary/kit';

import { assertMayBuy } from '../buyer/named-buyer.ts';
import { DEFAULT_CHANNEL_CURRENCY } from '../catalog/variant.ts';
import { findDiscountCodes } from '../pricing/supply.repository.ts';
import { orderChanged } from '../events.ts';
import type { Caller } from './caller.ts';
import type { DraftChange } from './draft-input.ts';
import { changedOwner, draftOwner } from './draft-owners.ts';
import { deleteLines, insertLines, searchTextOf } from './line-writes.repository.ts';
import { changesOrder } from './order-change.access.ts';
import { wrongStatus } from './order-status.ts';
import { findLines, insertDraft, lockOrder, updateDraft } from './order-writes.repository.ts';
import type { DraftRow, LockedOrder } from './order-writes.repository.ts';
import type { Order, OrderOwners } from './order.ts';
import { priceBasket } from './price-basket.ts';
import { addToTimeline } from './timeline-writes.repository.ts';

/** Makes a draft, or changes one; prices, discounts and taxes are worked out again. */
export async function saveDraft(tx: WriteTransaction, caller: Caller, change: DraftChange): Promise<Kept<Order>> {
  const order = change.draft
    ? await changeDraft(tx, caller, change, change.draft)
    : await createDraft(tx, caller, change);
  tx.audit({ action: 'orderDraftSave', object: { type: 'Order', id: order.id }, details: { version: order.version } });
  return { result: order, ids: { order: order.id } };
}

async function createDraft(tx: WriteTransaction, { principal }: Caller, change: DraftChange): Promise<Order> {
  const { channel, ...owner } = draftOwner(principal, change);
  await assertMayBuy(tx, principal, owner);
  const currency = change.currency ?? DEFAULT_CHANNEL_CURRENCY;
  const { row, quote } = await priceDraft(tx, change, { id: newUuid(tx.now), currency, owner, stored: null });
  const order = await insertDraft(tx, channel, row);
  await insertLines(tx, order.id, quote, tx.now);
  await addToTimeline(tx, order.id, { type: 'CREATED', message: 'The draft was created.' });
  tx.publish(orderChanged('order.created', order));
  return order;
}

async function changeDraft(
  tx: WriteTransaction,
  { principal, orderArms }: Caller,
  change: DraftChange,
  { id, expectedVersion }: NonNullable<DraftChange['draft']>,
): Promise<Order> {
  const stored = await lockOrder(tx, id, orderArms);
  if (!stored) return refuse(notFoundError(['input', 'id']));
  if (!changesOrder(principal, stored)) throw forbidden();
  if (stored.version !== expectedVersion) refuse(versionConflict(stored.version));
  if (stored.status !== 'DRAFT') refuse(wrongStatus(stored, 'Only a draft can be saved as one.', ['input', 'id']));
  const owner = changedOwner(principal, stored, change);
  // Who is buyer already is asked for again when it is placed.
  if (owner !== stored) await assertMayBuy(tx, principal, owner);
  const currency = await changedCurrency(tx, stored, change.currency);

  const { row, quote } = await priceDraft(tx, change, { id, currency, owner, stored });
  const order = await updateDraft(tx, row);
  await deleteLines(tx, id);
  await insertLines(tx, id, quote, tx.now);
  await addToTimeline(tx, id, { type: 'UPDATED', message: 'The draft was changed.' });
  tx.publish(orderChanged('order.updated', order));
  return order;
}

async function changedCurrency(tx: WriteTransaction, stored: LockedOrder, wanted: string | undefined): Promise<string> {
  if (wanted === undefined || wanted === stored.currency) return stored.currency;
  if ((await findLines(tx, stored.id)).length > 0)
    refuse(
      inputError('CURRENCY_MISMATCH', `The draft has lines in ${stored.currency}, so its currency cannot change.`, [
        'input',
        'currency',
      ]),
    );
  return wanted;
}

async function priceDraft(
  tx: WriteTransaction,
  change: DraftChange,
  { id, currency, owner, stored }: { id: string; currency: string; owner: OrderOwners; stored: LockedOrder | null },
) {
  const kept = <Key extends keyof LockedOrder & keyof DraftChange>(key: Key) =>
    change[key] === undefined ? (stored?.[key] ?? null) : change[key];
  const shippingAddress = kept('shippingAddress');
  const codes = change.discountCodes ?? stored?.discountCodes ?? [];
  const basket = { lines: change.lines, currency, country: shippingAddress?.country ?? null, codes };
  const { quote } = await priceBasket(tx, basket, findDiscountCodes);
  const row: DraftRow = {
    ...quote,
    id,
    buyerId: owner.buyerId,
    organizationId: owner.organizationId,
    partnerOrganizationId: owner.partnerOrganizationId,
    currency,
    shippingAddress,
    billingAddress: kept('billingAddress'),
    customerNote: kept('customerNote'),
    externalReference: kept('externalReference'),
    discountCodes: codes,
    searchText: searchTextOf(quote),
  };
  return { row, quote };
}
