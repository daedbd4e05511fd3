import { anyArm, columnsOf } from '@tributary/kit';
import type { RequestReader } from '@tributary/kit';
import sql from 'sql-template-tag';
import type { Sql } from 'sql-template-tag';

import { discountEntity, orderEntity } from './order.entity.ts';
import type { Discount, Order } from './order.ts';

export interface OrderRepository {
  /** Orders the caller may see; others are left out. */
  findByIds(ids: readonly string[]): Promise<Order[]>;
  findByNumbers(numbers: readonly string[]): Promise<Order[]>;
  /** Visible orders that a partner placed under these references of its own. */
  findByExternalReferences(partnerOrganizationId: string, references: readonly string[]): Promise<Order[]>;
  /** Of orders that the caller was already given. Orders without lines have no row. */
  countItems(orderIds: readonly string[]): Promise<{ orderId: string; count: number }[]>;
  findDiscounts(orderIds: readonly string[]): Promise<Discount[]>;
}

export const orderColumns = columnsOf(orderEntity, 'o');
const discountColumns = columnsOf(discountEntity, 'd');

export function createOrderRepository(db: RequestReader, arms: readonly Sql[]): OrderRepository {
  const visible = anyArm(arms);
  const select = (condition: Sql) =>
    db.query<Order>(sql`SELECT ${orderColumns} FROM orders.orders o WHERE ${condition} AND ${visible}`);
  return {
    findByIds: (ids) => select(sql`o.id = ANY(${ids}::uuid[])`),
    findByNumbers: (numbers) => select(sql`o.number = ANY(${numbers}::text[])`),
    findByExternalReferences: (partnerOrganizationId, references) =>
      select(
        sql`o.external_reference = ANY(${references}::text[]) AND o.partner_organization_id = ${partnerOrganizationId}::uuid`,
      ),
    countItems: (orderIds) =>
      db.query(sql`SELECT l.order_id AS "orderId", sum(l.quantity)::integer AS count FROM orders.order_lines l
        WHERE l.order_id = ANY(${orderIds}::uuid[]) GROUP BY l.order_id`),
    findDiscounts: (orderIds) =>
      db.query(sql`SELECT ${discountColumns} FROM orders.order_discounts d
        WHERE d.order_id = ANY(${orderIds}::uuid[]) ORDER BY d.order_id, d.position`),
  };
}
