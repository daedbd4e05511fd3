import { anyArm, columnsOf } from '@tributary/kit';
import type { RequestReader } from '@tributary/kit';
import sql from 'sql-template-tag';
import type { Sql } from 'sql-template-tag';

import { lineQuantitiesStatement, toLineQuantities } from './line-quantities.ts';
import type { LineQuantityOf } from './line-quantities.ts';
import { orderPartColumns } from './order-part.ts';
import { orderReturnEntity } from './order-return.entity.ts';
import type { OrderReturn } from './order-return.ts';

export interface OrderReturnRepository {
  /** Returns whose order the caller may see. */
  findByIds(ids: readonly string[]): Promise<OrderReturn[]>;
  /** Returns of orders that the caller was already given, oldest first. */
  findByOrders(orderIds: readonly string[]): Promise<OrderReturn[]>;
  /** What comes back with returns that the caller was already given. */
  findLines(returnIds: readonly string[]): Promise<LineQuantityOf[]>;
}

const returnColumns = sql`${columnsOf(orderReturnEntity, 'r')}, ${orderPartColumns}`;
const returnsWithOrder = sql`orders.order_returns r JOIN orders.orders o ON o.id = r.order_id`;

/** `orderArms`: the visible orders, as predicates on `o`. */
export function createOrderReturnRepository(db: RequestReader, orderArms: readonly Sql[]): OrderReturnRepository {
  return {
    findByIds: (ids) =>
      db.query(sql`SELECT ${returnColumns} FROM ${returnsWithOrder}
        WHERE r.id = ANY(${ids}::uuid[]) AND ${anyArm(orderArms)}`),
    findByOrders: (orderIds) =>
      db.query(sql`SELECT ${returnColumns} FROM ${returnsWithOrder}
        WHERE r.order_id = ANY(${orderIds}::uuid[]) ORDER BY r.order_id, r.id`),
    findLines: async (ids) =>
      toLineQuantities(await db.query(lineQuantitiesStatement({ table: 'return_lines', parent: 'return_id' }, ids))),
  };
}
