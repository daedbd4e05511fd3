import { allOf } from '@tributary/kit';
import type { ListQuery, NestedListQuery, PageArguments, Sort, SortDirection } from '@tributary/kit';
import sql from 'sql-template-tag';
import type { Sql } from 'sql-template-tag';

import { orderConditions } from './order.filter.ts';
import type { OrderFilter } from './order.filter.ts';
import { orderColumns } from './order.repository.ts';

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
export const allOrders = (args: OrderListArguments, arms: readonly Sql[]): ListQuery => orderList('orders', args, arms);

/** Orders below the people who placed them. */
export const ordersOfBuyer = (args: OrderListArguments, arms: readonly Sql[]): NestedListQuery => ({
  ...orderList('User.orders', args, arms),
  parent: sql`o.buyer_id`,
});

/** Orders below the organizations they were placed for. */
export const ordersOfOrganization = (args: OrderListArguments, arms: readonly Sql[]): NestedListQuery => ({
  ...orderList('Organization.orders', args, arms),
  parent: sql`o.organization_id`,
});

function orderList(field: string, { filter, sort }: OrderListArguments, arms: readonly Sql[]): ListQuery {
  const { field: key, direction } = sort ?? DEFAULT_SORT;
  return {
    name: `${field}:${key}:${direction}`,
    columns: orderColumns,
    from: sql`orders.orders o`,
    id: sql`o.id`,
    sort: { direction, key: SORT_KEYS[key] },
    arms,
    filter: allOf([key === 'UPDATED_AT' ? settled : null, orderConditions(filter ?? {})]),
  };
}

const SORT_KEYS: Readonly<Record<OrderSort['field'], Sort['key']>> = {
  PLACED_AT: { column: sql`o.placed_at`, type: 'timestamptz', nullable: true },
  UPDATED_AT: { column: sql`o.updated_at`, type: 'timestamptz', nullable: false },
};

// Who polls by time of change must not be handed a cursor that a change still being committed would slip behind.
const settled = sql`o.updated_at < now() - interval '2 seconds'`;
