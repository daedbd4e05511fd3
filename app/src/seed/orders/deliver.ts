import { multiplyHalfEven } from '@tributary/kit/money';

import type { AddRow } from '../load/tables.ts';
import type { Random } from '../random.ts';
import { instant } from '../time.ts';
import { RETURN_REASONS } from '../words/texts.ts';
import type { OrderEvent } from './add-order.ts';
import type { Course } from './course.ts';
import type { Basket } from './fill-basket.ts';
import { allUnits, splitUnits, unitsPerLine } from './split-units.ts';
import type { Units } from './split-units.ts';
import type { Story } from './story.ts';

/** What became of the goods of an order. */
export interface Delivery {
  fulfillmentStatus: 'UNFULFILLED' | 'PARTIALLY_FULFILLED' | 'FULFILLED' | 'RETURNED';
  /** Units shipped and returned, per line. */
  shipped: readonly number[];
  returned: readonly number[];
  /** Worth of the goods that came back; zero while nothing did. */
  returnedMinor: bigint;
  events: readonly OrderEvent[];
}

export interface OrderToDeliver {
  id: string;
  basket: Basket;
  course: Course;
  story: Story;
  carriers: readonly string[];
  buyerId: string | null;
  /** Who packs, ships and decides on returns. */
  staffId: string;
}

/** Writes the shipments and the return of an order. */
export function deliver(random: Random, add: AddRow, order: OrderToDeliver): Delivery {
  const { id, basket, course, story, carriers, buyerId, staffId } = order;
  const quantities = basket.lines.map(({ quantity }) => quantity);
  const events: OrderEvent[] = [];
  const happened = (at: number, type: string, actorId: string | null, message: string) =>
    events.push({ at, type, actorId, message });

  const parcels = parcelsOf(course, quantities);
  const shippedUnits = parcels.filter((_, index) => story.shipments[index]!.shippedAt !== null).flat();
  for (const [index, units] of parcels.entries()) addShipment(units, story.shipments[index]!);

  const comingBack = course.returned
    ? course.returned.share === 'ALL'
      ? allUnits(quantities)
      : splitUnits(quantities)[0]
    : [];
  const returnedMinor = story.return?.receivedAt ? worthOf(comingBack) : 0n;
  if (story.return) addReturn(story.return);

  const shipped = unitsPerLine(quantities.length, shippedUnits);
  const returned = unitsPerLine(quantities.length, returnedMinor > 0n ? comingBack : []);
  const sum = (counts: readonly number[]) => counts.reduce((left, right) => left + right, 0);
  const [ordered, sent, back] = [sum(quantities), sum(shipped), sum(returned)];
  const fulfillmentStatus =
    sent === 0 ? 'UNFULFILLED' : back === ordered ? 'RETURNED' : sent === ordered ? 'FULFILLED' : 'PARTIALLY_FULFILLED';
  return { fulfillmentStatus, shipped, returned, returnedMinor, events };

  function addShipment(units: readonly Units[], times: Story['shipments'][number]): void {
    const { createdAt, shippedAt, deliveredAt } = times;
    const carrier = random.pick(carriers);
    const trackingNumber = `${carrier.slice(0, 2).toUpperCase()}${String(random.uint32()).padStart(10, '0')}`;
    const shipmentId = random.uuid(createdAt);
    const created = instant(createdAt);
    add('orders.shipments', {
      id: shipmentId,
      order_id: id,
      status: deliveredAt !== null ? 'DELIVERED' : shippedAt !== null ? 'SHIPPED' : 'PENDING',
      carrier,
      tracking_number: shippedAt === null ? null : trackingNumber,
      shipped_at: shippedAt === null ? null : instant(shippedAt),
      delivered_at: deliveredAt === null ? null : instant(deliveredAt),
      created_at: created,
      updated_at: instant(deliveredAt ?? shippedAt ?? createdAt),
      version: deliveredAt !== null ? 3 : shippedAt !== null ? 2 : 1,
    });
    for (const { line, quantity } of units)
      add('orders.shipment_lines', {
        shipment_id: shipmentId,
        order_line_id: basket.lines[line]!.id,
        quantity,
        created_at: created,
        updated_at: created,
      });
    if (shippedAt === null)
      happened(createdAt, 'SHIPMENT_UPDATED', staffId, `A shipment with ${carrier} is being packed.`);
    else happened(shippedAt, 'SHIPMENT_UPDATED', staffId, `Handed to ${carrier}, tracking number ${trackingNumber}.`);
    if (deliveredAt !== null) happened(deliveredAt, 'SHIPMENT_UPDATED', null, `Delivered by ${carrier}.`);
  }

  function addReturn({ requestedAt, decidedAt, receivedAt }: NonNullable<Story['return']>): void {
    const { status } = course.returned!;
    const returnId = random.uuid(requestedAt);
    const requested = instant(requestedAt);
    add('orders.order_returns', {
      id: returnId,
      order_id: id,
      status,
      reason: random.pick(RETURN_REASONS),
      refund_minor: receivedAt === null ? null : returnedMinor,
      created_at: requested,
      updated_at: instant(receivedAt ?? decidedAt ?? requestedAt),
      version: receivedAt !== null ? 3 : decidedAt !== null ? 2 : 1,
    });
    for (const { line, quantity } of comingBack)
      add('orders.return_lines', {
        return_id: returnId,
        order_line_id: basket.lines[line]!.id,
        quantity,
        created_at: requested,
        updated_at: requested,
      });
    happened(requestedAt, 'RETURN_UPDATED', buyerId, 'The buyer asked for a return.');
    if (decidedAt !== null)
      happened(
        decidedAt,
        'RETURN_UPDATED',
        staffId,
        status === 'DECLINED' ? 'The return was declined.' : 'The return was approved.',
      );
    if (receivedAt !== null) happened(receivedAt, 'RETURN_UPDATED', staffId, 'The returned goods arrived.');
  }

  // Everything back is worth the whole order, shipping included; else each line gives its share.
  function worthOf(units: readonly Units[]): bigint {
    if (course.returned?.share === 'ALL') return basket.price.totalMinor;
    return units.reduce((worth, { line, quantity }) => {
      const { totalMinor } = basket.price.lines[line]!;
      return worth + multiplyHalfEven(totalMinor, BigInt(quantity), BigInt(quantities[line]!));
    }, 0n);
  }
}

function parcelsOf(course: Course, quantities: readonly number[]): Units[][] {
  switch (course.goods) {
    case 'NONE':
      return [];
    case 'PARTLY_SHIPPED':
      return [splitUnits(quantities)[0]];
    case 'DELIVERED_IN_TWO':
      return splitUnits(quantities);
    case 'LABELED':
    case 'SHIPPED':
    case 'DELIVERED':
      return [allUnits(quantities)];
  }
}
