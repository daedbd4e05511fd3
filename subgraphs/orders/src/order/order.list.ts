import { beginsOutsidePeriod, EVERY_ROW } from '@tributary/kit';
import type { ListQuery, NestedListQuery, PageArguments, SortDirection, SortKey } from '@tributary/kit';
import sql from 'sql-template-tag';
import type { Sql } from 'sql-template-tag';

import { filtersByState, orderConditions } from './order.filter.ts';
import type { OrderFilter } from './order.filter.ts';
import { orderColumns } from './order.repository.ts';
import { OrderStatus } from './order.ts';

/** `OrderSort` of the contract. */
export interface OrderSort {
  field: 'PLACED_AT' | 'UPDATED_AT';
  direction: SortDirection;
}

export interface OrderListArguments extends PageArguments {
  filter?: OrderFilter | null;
  sort?: OrderSort | null;
}

const DEFAULT_SORT: OrderSort = { field: 'PLACED_AT', direction: 'DESC' };

/** Every order among the arms. Like the other lists it throws when the filter cannot be used; nothing has been read then. */
export function allOrders(args: OrderListArguments, arms: readonly Sql[], now: Date): ListQuery {
  const list = orderList('orders', args, arms, now);
  // Whoever owns orders has few; their own indexes serve them in any state.
  const parts = arms === EVERY_ROW ? filtersByState(args.filter ?? {}) : null;
  return parts ? { ...list, filterParts: parts.map((part) => conditionsOf(args.sort ?? DEFAULT_SORT, part)) } : list;
}

/** Orders below the people who placed them. */
export const ordersOfBuyer = (args: OrderListArguments, arms: readonly Sql[], now: Date): NestedListQuery => ({
  ...orderList('User.orders', args, arms, now),
  parent: sql`o.buyer_id`,
});

/** Orders below the organizations they were placed for. */
export const ordersOfOrganization = (args: OrderListArguments, arms: readonly Sql[], now: Date): NestedListQuery => ({
  ...orderList('Organization.orders', args, arms, now),
  parent: sql`o.organization_id`,
});

function orderList(field: string, args: OrderListArguments, arms: readonly Sql[], now: Date): ListQuery {
  const sort = args.sort ?? DEFAULT_SORT;
  const filter = args.filter ?? {};
  return {
    name: `${field}:${sort.field}:${sort.direction}`,
    columns: orderColumns,
    from: sql`orders.orders o`,
    id: sql`o.id`,
    sort: { direction: sort.direction, key: sortKey(sort.field, filter) },
    arms,
    filter: conditionsOf(sort, filter),
    sortsMatches: sortsMatches(sort, filter, args, now),
  };
}

const conditionsOf = ({ field }: OrderSort, filter: OrderFilter): Sql =>
  orderConditions(filter, field === 'PLACED_AT' ? 'placedAt' : 'updatedAt');

const sortKey = (field: OrderSort['field'], filter: OrderFilter): SortKey =>
  field === 'PLACED_AT'
    ? {
        column: sql`o.placed_at`,
        type: 'timestamptz',
        nullable: mayLackPlacedAt(filter),
        range: { ...filter.placedAt },
      }
    : {
        column: sql`o.updated_at`,
        type: 'timestamptz',
        nullable: false,
        range: { ...filter.updatedAt, below: settled },
      };

// Orders that were placed stay so: only drafts, also canceled ones, have no time. Where the filter leaves them out, the list need
// not look for them.
function mayLackPlacedAt({ statusIn }: OrderFilter): boolean {
  return !isGiven(statusIn) || statusIn.some((status) => UNPLACED.includes(status));
}

const UNPLACED: readonly OrderStatus[] = [OrderStatus.draft, OrderStatus.canceled];

// A search is answered from its own index. The planner expects one order in a thousand for a word it has no statistics of, thinks
// that walking the orders in list order meets a page of them soon, and reads the whole table for a rare one: for an order number
// among 300,000 orders 257 ms instead of 0.1 ms. The price is paid by words that most orders hold (a word in all of them: 640 ms
// instead of 60 ms). A period of the time that the list does not go by is answered in the same way.
function sortsMatches({ field, direction }: OrderSort, filter: OrderFilter, args: PageArguments, now: Date): boolean {
  const otherTime = field === 'PLACED_AT' ? filter.updatedAt : filter.placedAt;
  return isGiven(filter.search) || beginsOutsidePeriod(otherTime, direction, args, now);
}

const isGiven = <T>(value: T | null | undefined): value is T => value !== null && value !== undefined;

// Who polls by time of change must not be handed a cursor that a change still being committed would slip behind.
const settled = sql`now() - interval '2 seconds'`;
