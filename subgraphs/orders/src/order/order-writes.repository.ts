import { anyArm, columnsOf, inputError } from '@tributary/kit';
import type { PostalAddress, Transaction } from '@tributary/kit';
import sql, { join, raw } from 'sql-template-tag';
import type { Sql } from 'sql-template-tag';

import type { OrderTotals } from '../pricing/price-order.ts';
import { refuseIfTaken } from '../unique-violation.ts';
import { orderLineEntity } from './order-line.entity.ts';
import type { OrderLineRow } from './order-line.ts';
import { orderColumns } from './order.repository.ts';
import type { Order, OrderCancelReason, OrderOwners, SalesChannel } from './order.ts';

// Statements of the transactions that change orders. Whatever changes one locks its row first.

/** An order with what only those who change it need to know. */
export interface LockedOrder extends Order {
  /** As the buyer entered them. */
  discountCodes: string[];
}

/** The order, if the caller may see it. Nobody else changes it until the transaction ends. */
export async function lockOrder(tx: Transaction, id: string, orderArms: readonly Sql[]): Promise<LockedOrder | null> {
  const [order] = await tx.query<LockedOrder>(
    sql`SELECT ${orderColumns}, o.discount_codes AS "discountCodes" FROM orders.orders o
      WHERE o.id = ${id}::uuid AND ${anyArm(orderArms)} FOR UPDATE`,
  );
  return order ?? null;
}

/** In the order of the draft. */
export function findLines(tx: Transaction, orderId: string): Promise<OrderLineRow[]> {
  return tx.query(
    sql`SELECT ${columnsOf(orderLineEntity, 'l')} FROM orders.order_lines l WHERE l.order_id = ${orderId}::uuid ORDER BY l.position`,
  );
}

/** What a draft is saved with; its lines are written apart. */
export interface DraftRow extends OrderOwners, OrderTotals {
  id: string;
  externalReference: string | null;
  currency: string;
  shippingAddress: PostalAddress | null;
  billingAddress: PostalAddress | null;
  customerNote: string | null;
  discountCodes: readonly string[];
  searchText: string;
}

export async function insertDraft(tx: Transaction, channel: SalesChannel, draft: DraftRow): Promise<Order> {
  const [order] = await tx
    .query<Order>(
      sql`INSERT INTO orders.orders AS o (id, status, channel, ${join(draftColumns(draft).map(([name]) => raw(name)))})
      VALUES (${draft.id}::uuid, 'DRAFT', ${channel}, ${join(draftColumns(draft).map(([, value]) => value))})
      RETURNING ${orderColumns}`,
    )
    .catch(asReferenceInUse);
  return order!;
}

export const updateDraft = (tx: Transaction, draft: DraftRow): Promise<Order> =>
  updateOrder(
    tx,
    draft.id,
    draftColumns(draft).map(([name, value]) => sql`${raw(name)} = ${value}`),
  );

function draftColumns(draft: DraftRow): [column: string, value: Sql][] {
  return [
    ['buyer_id', sql`${draft.buyerId}::uuid`],
    ['organization_id', sql`${draft.organizationId}::uuid`],
    ['partner_organization_id', sql`${draft.partnerOrganizationId}::uuid`],
    ['external_reference', sql`${draft.externalReference}`],
    ['currency', sql`${draft.currency}`],
    ['shipping_address', json(draft.shippingAddress)],
    ['billing_address', json(draft.billingAddress)],
    ['customer_note', sql`${draft.customerNote}`],
    ['discount_codes', sql`${draft.discountCodes}::text[]`],
    ['search_text', sql`${draft.searchText}`],
    ...totalColumns(draft),
  ];
}

const totalColumns = (totals: OrderTotals): [column: string, value: Sql][] => [
  ['subtotal_minor', sql`${totals.subtotalMinor}`],
  ['discount_minor', sql`${totals.discountMinor}`],
  ['shipping_minor', sql`${totals.shippingMinor}`],
  ['tax_minor', sql`${totals.taxMinor}`],
  ['total_minor', sql`${totals.totalMinor}`],
];

/** Gives a draft its number, its frozen amounts and its place among the orders. */
export const setPlaced = (
  tx: Transaction,
  { id, searchText, ...totals }: OrderTotals & { id: string; searchText: string },
): Promise<Order> =>
  updateOrder(tx, id, [
    sql`status = 'PENDING'`,
    sql`number = 'TR' || nextval('orders.order_numbers')`,
    sql`placed_at = now()`,
    sql`billing_address = coalesce(o.billing_address, o.shipping_address)`,
    sql`search_text = ${searchText}`,
    ...totalColumns(totals).map(([name, value]) => sql`${raw(name)} = ${value}`),
  ]);

export const setConfirmed = (tx: Transaction, id: string): Promise<Order> =>
  updateOrder(tx, id, [sql`status = 'CONFIRMED'`]);

export const setCanceled = (tx: Transaction, id: string, reason: OrderCancelReason): Promise<Order> =>
  updateOrder(tx, id, [sql`status = 'CANCELED'`, sql`canceled_at = now()`, sql`cancel_reason = ${reason}`]);

export interface OrderChange {
  shippingAddress: PostalAddress | null;
  customerNote: string | null;
  internalNote: string | null;
  externalReference: string | null;
}

export const setDetails = (
  tx: Transaction,
  { id, shippingAddress, customerNote, internalNote, externalReference }: OrderChange & { id: string },
  totals: OrderTotals | null,
): Promise<Order> =>
  updateOrder(tx, id, [
    sql`shipping_address = ${json(shippingAddress)}`,
    sql`customer_note = ${customerNote}`,
    sql`internal_note = ${internalNote}`,
    sql`external_reference = ${externalReference}`,
    ...(totals ? totalColumns(totals).map(([name, value]) => sql`${raw(name)} = ${value}`) : []),
  ]);

/** Changes a locked order; its version goes up. */
async function updateOrder(tx: Transaction, id: string, changes: readonly Sql[]): Promise<Order> {
  const [order] = await tx
    .query<Order>(
      sql`UPDATE orders.orders o SET ${join(changes)}, version = o.version + 1, updated_at = now()
      WHERE o.id = ${id}::uuid RETURNING ${orderColumns}`,
    )
    .catch(asReferenceInUse);
  return order!;
}

const asReferenceInUse = refuseIfTaken(
  'orders_external_reference_key',
  inputError('ALREADY_EXISTS', 'Another order of this partner has this reference.', ['input', 'externalReference']),
);

const json = (value: object | null): Sql => sql`${value && JSON.stringify(value)}::jsonb`;
