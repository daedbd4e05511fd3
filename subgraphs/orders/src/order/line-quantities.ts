import sql, { raw } from 'sql-template-tag';
import type { Sql } from 'sql-template-tag';

import type { LineQuantity, OrderLine } from './order-line.ts';
import { orderLineColumns } from './order-line.repository.ts';

// Shipments and returns list units of order lines. The lines come with them, so that neither needs a second statement.

export interface LineQuantityOf extends LineQuantity {
  /** The shipment or the return. */
  parentId: string;
}

type Row = OrderLine & { parentId: string; units: number };

/** The units below shipments or returns, in the order of the lines. */
export function lineQuantitiesStatement(
  { table, parent }: { table: 'shipment_lines' | 'return_lines'; parent: 'shipment_id' | 'return_id' },
  parentIds: readonly string[],
): Sql {
  const parentColumn = raw(`q.${parent}`);
  return sql`SELECT ${parentColumn} AS "parentId", q.quantity AS "units", ${orderLineColumns}
    FROM ${raw(`orders.${table}`)} q JOIN orders.order_lines l ON l.id = q.order_line_id JOIN orders.orders o ON o.id = l.order_id
    WHERE ${parentColumn} = ANY(${parentIds}::uuid[]) ORDER BY ${parentColumn}, l.position`;
}

export function toLineQuantities(rows: readonly Row[]): LineQuantityOf[] {
  return rows.map(({ parentId, units, ...orderLine }) => ({ parentId, quantity: units, orderLine }));
}
