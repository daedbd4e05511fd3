import { allOf, parseGlobalId } from '@tributary/kit';
import type { IdType, Range } from '@tributary/kit';
import sql from 'sql-template-tag';
import type { Sql } from 'sql-template-tag';

import { orderSearchCondition } from './order-search.ts';
import type { FulfillmentStatus, OrderStatus, PaymentStatus } from './order.ts';

/** `OrderFilter` of the contract. A condition that is null demands nothing; an empty list matches nothing. */
export interface OrderFilter {
  statusIn?: readonly OrderStatus[] | null;
  paymentStatusIn?: readonly PaymentStatus[] | null;
  fulfillmentStatusIn?: readonly FulfillmentStatus[] | null;
  buyerId?: string | null;
  organizationId?: string | null;
  number?: string | null;
  externalReference?: string | null;
  sku?: string | null;
  search?: string | null;
  placedAt?: Range<Date> | null;
  updatedAt?: Range<Date> | null;
}

/**
 * What the filter demands of `o`, besides a range of the time that the list goes by. It only ever narrows what the caller sees. Throws
 * on wrong ids and on a search that is too short.
 */
export function orderConditions(filter: OrderFilter, sortedBy: 'placedAt' | 'updatedAt'): Sql {
  return allOf([
    isOneOf(sql`o.status`, filter.statusIn),
    isOneOf(sql`o.payment_status`, filter.paymentStatusIn),
    isOneOf(sql`o.fulfillment_status`, filter.fulfillmentStatusIn),
    hasId(sql`o.buyer_id`, 'User', filter.buyerId),
    hasId(sql`o.organization_id`, 'Organization', filter.organizationId),
    equals(sql`o.number`, filter.number),
    equals(sql`o.external_reference`, filter.externalReference),
    hasLineWithSku(filter.sku),
    isGiven(filter.search) ? orderSearchCondition(filter.search) : null,
    sortedBy === 'placedAt' ? null : isWithin(sql`o.placed_at`, filter.placedAt),
    sortedBy === 'updatedAt' ? null : isWithin(sql`o.updated_at`, filter.updatedAt),
  ]);
}

// More would be a statement that takes longer to plan than to run.
const MAX_PARTS = 12;

/**
 * The filter cut by the states it lets through, one of each per part, as the indexes by state are: whoever asks for the oldest of
 * two states would otherwise read past every order in a third. Null when nothing is gained.
 */
export function filtersByState(filter: OrderFilter): OrderFilter[] | null {
  if (NARROW.some((condition) => isGiven(filter[condition]))) return null;
  let parts: OrderFilter[] = [filter];
  for (const condition of ['statusIn', 'paymentStatusIn', 'fulfillmentStatusIn'] as const) {
    const states = filter[condition];
    if (states)
      parts = parts.flatMap((part) => [...new Set(states)].map((state) => ({ ...part, [condition]: [state] })));
  }
  return parts.length > 1 && parts.length <= MAX_PARTS ? parts : null;
}

/** Conditions that leave few orders, found by an index of their own. */
const NARROW = ['buyerId', 'organizationId', 'number', 'externalReference', 'sku', 'search'] as const;

const isGiven = <T>(value: T | null | undefined): value is T => value !== null && value !== undefined;

function isOneOf(column: Sql, values: readonly string[] | null | undefined): Sql | null {
  if (!isGiven(values)) return null;
  // One value as an equality: only then an index that goes on with the sort key hands the rows out in order.
  return values.length === 1 ? sql`${column} = ${values[0]}` : sql`${column} = ANY(${values}::text[])`;
}

function hasId(column: Sql, type: IdType, id: string | null | undefined): Sql | null {
  return isGiven(id) ? sql`${column} = ${parseGlobalId(type, id)}::uuid` : null;
}

function equals(column: Sql, value: string | null | undefined): Sql | null {
  return isGiven(value) ? sql`${column} = ${value}` : null;
}

function hasLineWithSku(sku: string | null | undefined): Sql | null {
  return isGiven(sku)
    ? sql`EXISTS (SELECT FROM orders.order_lines l WHERE l.sku = ${sku} AND l.order_id = o.id)`
    : null;
}

function isWithin(column: Sql, range: Range<Date> | null | undefined): Sql | null {
  if (!isGiven(range)) return null;
  return allOf([
    isGiven(range.from) ? sql`${column} >= ${range.from}` : null,
    isGiven(range.to) ? sql`${column} < ${range.to}` : null,
  ]);
}
