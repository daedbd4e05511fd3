import { insert, insertOrder, startOrdersWorld, uuid } from './orders-world.ts';
import type { OrdersWorld } from './orders-world.ts';

// Order 1 has everything on it that an order can have; order 2 of another partner has the same reference, and nothing on it.

const address = { recipient: 'Ada Buyer', line1: 'Hauptplatz 1', city: 'Graz', postalCode: '8010', country: 'AT' };

// Ids run against positions, and rows are written out of order.
export const lineOf = (position: number) => uuid('line', 10 - position);

export async function startFullOrder(): Promise<OrdersWorld> {
  const world = await startOrdersWorld();
  const { database } = world;
  await insertOrder(world, {
    number: 1,
    buyer: 1,
    organization: 1,
    partner: 2,
    placed: 1,
    columns: {
      external_reference: 'PO-1',
      subtotal_minor: 3000,
      discount_minor: 200,
      shipping_minor: 500,
      tax_minor: 590,
      total_minor: 3890,
      shipping_address: address,
      billing_address: { ...address, line2: 'Top 4', region: 'Styria' },
      customer_note: 'ring twice',
      internal_note: 'good customer',
      risk_score: 80,
    },
  });
  await insertOrder(world, { number: 2, buyer: 1, partner: 3, columns: { external_reference: 'PO-1' } });
  const order_id = uuid('order', 1);
  for (const position of [1, 2]) {
    const line = lineOf(position);
    const amounts = { unit_price_minor: 1000, discount_minor: 100, tax_minor: position === 1 ? 190 : 400 };
    await insert(database, 'orders.order_lines', {
      id: line,
      order_id,
      position,
      sku: `SKU-${position}`,
      title: `Lamp ${position}`,
      quantity: position,
      shipped_quantity: 1,
      ...amounts,
      total_minor: position * amounts.unit_price_minor - amounts.discount_minor + amounts.tax_minor,
    });
    for (const tax of position === 1 ? [190] : [300, 100])
      await insert(database, 'orders.order_line_taxes', {
        order_line_id: line,
        position: tax === 100 ? 2 : 1,
        title: 'VAT',
        rate: tax === 190 ? '0.19' : '0.055',
        jurisdiction: 'AT',
        amount_minor: tax,
      });
    await insert(database, 'orders.order_discounts', {
      order_id,
      position: 3 - position, // written out of order
      code: position === 1 ? null : 'HELLO',
      title: `Discount ${position}`,
      amount_minor: 100,
    });
    await insert(database, 'orders.shipments', {
      id: uuid('shipment', position),
      order_id,
      status: 'PENDING',
      carrier: 'Post',
    });
  }
  for (const [shipment, position, quantity] of [
    [1, 2, 2],
    [1, 1, 1],
    [2, 2, 1],
  ] as const)
    await insert(database, 'orders.shipment_lines', {
      shipment_id: uuid('shipment', shipment),
      order_line_id: lineOf(position),
      quantity,
    });
  const order_return = { order_id, reason: 'too bright', created_at: '2026-05-05T00:00:00.000Z' };
  await insert(database, 'orders.order_returns', {
    ...order_return,
    id: uuid('return', 1),
    status: 'RECEIVED',
    refund_minor: 500,
  });
  await insert(database, 'orders.order_returns', { ...order_return, id: uuid('return', 2), status: 'REQUESTED' });
  await insert(database, 'orders.return_lines', {
    return_id: uuid('return', 1),
    order_line_id: lineOf(2),
    quantity: 1,
  });
  for (const [number, actor_id] of [uuid('user', 1), null].entries())
    await insert(database, 'orders.order_events', {
      id: uuid('event', number),
      order_id,
      type: 'UPDATED',
      actor_id,
      message: `Event ${number}`,
      created_at: '2026-05-02T00:00:00.000Z',
    });
  return world;
}
