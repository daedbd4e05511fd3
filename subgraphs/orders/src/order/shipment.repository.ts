import { anyArm, columnsOf } from '@tributary/kit';
import type { RequestReader } from '@tributary/kit';
import sql from 'sql-template-tag';
import type { Sql } from 'sql-template-tag';

import { lineQuantitiesStatement, toLineQuantities } from './line-quantities.ts';
import type { LineQuantityOf } from './line-quantities.ts';
import { orderPartColumns } from './order-part.ts';
import { shipmentEntity } from './shipment.entity.ts';
import type { Shipment } from './shipment.ts';

export interface ShipmentRepository {
  /** Shipments whose order the caller may see. */
  findByIds(ids: readonly string[]): Promise<Shipment[]>;
  /** Shipments of orders that the caller was already given, oldest first. */
  findByOrders(orderIds: readonly string[]): Promise<Shipment[]>;
  /** What is inside shipments that the caller was already given. */
  findLines(shipmentIds: readonly string[]): Promise<LineQuantityOf[]>;
}

const shipmentColumns = sql`${columnsOf(shipmentEntity, 's')}, ${orderPartColumns}`;
const shipmentsWithOrder = sql`orders.shipments s JOIN orders.orders o ON o.id = s.order_id`;

/** `orderArms`: the visible orders, as predicates on `o`. */
export function createShipmentRepository(db: RequestReader, orderArms: readonly Sql[]): ShipmentRepository {
  return {
    findByIds: (ids) =>
      db.query(sql`SELECT ${shipmentColumns} FROM ${shipmentsWithOrder}
        WHERE s.id = ANY(${ids}::uuid[]) AND ${anyArm(orderArms)}`),
    findByOrders: (orderIds) =>
      db.query(sql`SELECT ${shipmentColumns} FROM ${shipmentsWithOrder}
        WHERE s.order_id = ANY(${orderIds}::uuid[]) ORDER BY s.order_id, s.id`),
    findLines: async (ids) =>
      toLineQuantities(
        await db.query(lineQuantitiesStatement({ table: 'shipment_lines', parent: 'shipment_id' }, ids)),
      ),
  };
}
