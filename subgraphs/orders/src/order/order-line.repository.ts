import { anyArm, columnsOf, EVERY_ROW, noFilter } from '@tributary/kit';
import type { NestedListQuery, RequestReader } from '@tributary/kit';
import sql from 'sql-template-tag';
import type { Sql } from 'sql-template-tag';

import { lineTaxEntity, orderLineEntity } from './order-line.entity.ts';
import type { LineTax, OrderLine } from './order-line.ts';
import { orderPartColumns } from './order-part.ts';

export interface OrderLineRepository {
  /** Lines whose order the caller may see. */
  findByIds(ids: readonly string[]): Promise<OrderLine[]>;
  /** Taxes of lines that the caller was already given, in their order. */
  findTaxes(lineIds: readonly string[]): Promise<LineTax[]>;
}

/** The SELECT list of `OrderLine`, from `l` and `o`. */
export const orderLineColumns = sql`${columnsOf(orderLineEntity, 'l')}, ${orderPartColumns}`;
const taxColumns = columnsOf(lineTaxEntity, 't');

/** `orderArms`: the visible orders, as predicates on `o`. */
export function createOrderLineRepository(db: RequestReader, orderArms: readonly Sql[]): OrderLineRepository {
  return {
    findByIds: (ids) =>
      db.query(sql`SELECT ${orderLineColumns} FROM orders.order_lines l JOIN orders.orders o ON o.id = l.order_id
        WHERE l.id = ANY(${ids}::uuid[]) AND ${anyArm(orderArms)}`),
    findTaxes: (lineIds) =>
      db.query(sql`SELECT ${taxColumns} FROM orders.order_line_taxes t
        WHERE t.order_line_id = ANY(${lineIds}::uuid[]) ORDER BY t.order_line_id, t.position`),
  };
}

/** Lines below orders that the caller was already given. */
export const linesOfOrder: NestedListQuery = {
  name: 'Order.lines',
  columns: orderLineColumns,
  from: sql`orders.order_lines l JOIN orders.orders o ON o.id = l.order_id`,
  id: sql`l.id`,
  parent: sql`l.order_id`,
  sort: { direction: 'ASC', key: { column: sql`l.position`, type: 'integer', nullable: false } },
  arms: EVERY_ROW,
  filter: noFilter,
};
