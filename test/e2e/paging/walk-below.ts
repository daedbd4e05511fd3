import { expect } from 'vitest';

import { toGlobalId } from '@tributary/kit/ids';
import type { IdType } from '@tributary/kit/ids';

import { INVOICE_SORTS, ORDER_SORTS } from './list-sorts.ts';
import type { ListField } from './page-query.ts';
import type { Caller, CallerName, PagingWorld } from './paging-world.ts';
import { walkTogether } from './walk-together.ts';
import type { ExpectedList } from './walk.ts';

/** Lists below objects of one type. */
export interface Below extends Omit<ListField, 'parent' | 'rows' | 'args'> {
  type: IdType;
  /** What tells the rows apart: ids of this type, or else what `keyOf` says. */
  rowType?: IdType;
  keyOf?: (node: never) => string;
  size: number;
  /** The orders the list can have; `rows` is the list below one parent, as SQL. */
  orders: readonly { args?: string; rows: (parent: string, caller: Caller) => string }[];
}

/** Walks the lists below all `parents` (SQL for their ids), in every order, side by side. Some list must have `minPages`. */
export async function walkBelow(
  { graph, callers, column }: PagingWorld,
  caller: CallerName,
  parents: string,
  { type, rowType, orders, ...list }: Below,
  minPages = 3,
): Promise<void> {
  const lists: ExpectedList[] = [];
  for (const parent of await column(parents))
    for (const { args = '', rows } of orders) {
      const keys = await column(rows(parent, callers[caller]));
      lists.push({
        ...list,
        args,
        rows: 'edges',
        parent: { type, id: toGlobalId(type, parent) },
        expected: rowType ? keys.map((id) => toGlobalId(rowType, id)) : keys,
      });
    }
  const longest = Math.max(...lists.map(({ expected }) => expected.length));
  expect(longest).toBeGreaterThan((minPages - 1) * list.size);
  await walkTogether(graph, callers[caller].as, lists);
}

export const ordersBelow = (type: 'User' | 'Organization'): Below => ({
  type,
  field: 'orders',
  rowType: 'Order',
  size: 40,
  orders: ORDER_SORTS.map(({ args, condition, orderBy }) => ({
    args,
    rows: (parent, { orders }) => `SELECT o.id FROM orders.orders o
      WHERE o.${type === 'User' ? 'buyer_id' : 'organization_id'} = '${parent}' AND ${condition} AND ${orders}
      ORDER BY ${orderBy}`,
  })),
});

export const invoicesBelow = (type: 'User' | 'Organization'): Below => ({
  type,
  field: 'invoices',
  rowType: 'Invoice',
  size: 40,
  orders: INVOICE_SORTS.map(({ args, condition, orderBy }) => ({
    args,
    rows: (parent, { invoices }) => `SELECT i.id FROM billing.invoices i
      WHERE i.${type === 'User' ? 'customer_id' : 'organization_id'} = '${parent}' AND ${condition} AND ${invoices}
      ORDER BY ${orderBy}`,
  })),
});

/** Ids of owners as SQL: those with the most rows, one with few and one with none. */
export const ownersOf = (rows: string, owner: string, owners: string) => `
  WITH counted AS (SELECT x.id, (SELECT count(*) FROM ${rows} r WHERE r.${owner} = x.id) AS rows FROM ${owners} x)
  (SELECT id FROM counted ORDER BY rows DESC, id LIMIT 3) UNION ALL
  (SELECT id FROM counted WHERE rows BETWEEN 2 AND 9 ORDER BY id LIMIT 1) UNION ALL
  (SELECT id FROM counted WHERE rows = 0 ORDER BY id LIMIT 1)`;
