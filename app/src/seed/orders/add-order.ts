import type { AddRow } from '../load/tables.ts';
import { instant } from '../time.ts';
import type { Random } from '../random.ts';
import type { OrderPlan } from './order-plan.ts';
import type { Basket } from './fill-basket.ts';
import type { Delivery } from './deliver.ts';

export interface OrderEvent {
  at: number;
  type: string;
  actorId: string | null;
  message: string;
}

export interface OrderRow {
  id: string;
  number: string | null;
  plan: OrderPlan;
  channel: 'WEB' | 'SUPPORT' | 'PARTNER_API';
  externalReference: string | null;
  status: string;
  paymentStatus: string;
  currency: string;
  basket: Basket;
  delivery: Delivery;
  /** Postal address as a JSON document. */
  address: string | null;
  customerNote: string | null;
  internalNote: string | null;
  riskScore: number | null;
  cancelReason: string | null;
  createdAt: number;
  placedAt: number | null;
  canceledAt: number | null;
  /** Oldest first. */
  events: readonly OrderEvent[];
}

/** Writes an order with its lines, discounts, shipments, return and timeline. */
export function addOrder(random: Random, add: AddRow, order: OrderRow): void {
  const { id, basket, delivery, plan, createdAt, events } = order;
  const { price, lines } = basket;
  const created = instant(createdAt);
  const updated = instant(events.at(-1)!.at);
  add('orders.orders', {
    id,
    number: order.number,
    status: order.status,
    fulfillment_status: delivery.fulfillmentStatus,
    payment_status: order.paymentStatus,
    channel: order.channel,
    buyer_id: plan.buyer?.id ?? null,
    organization_id: plan.organization?.id ?? null,
    partner_organization_id: plan.partner?.id ?? null,
    external_reference: order.externalReference,
    currency: order.currency,
    subtotal_minor: price.subtotalMinor,
    discount_minor: price.discountMinor,
    shipping_minor: price.shippingMinor,
    tax_minor: price.taxMinor,
    total_minor: price.totalMinor,
    shipping_address: order.address,
    billing_address: order.address,
    customer_note: order.customerNote,
    internal_note: order.internalNote,
    risk_score: order.riskScore,
    cancel_reason: order.cancelReason,
    placed_at: order.placedAt === null ? null : instant(order.placedAt),
    canceled_at: order.canceledAt === null ? null : instant(order.canceledAt),
    discount_codes: `{${basket.discounts.flatMap(({ code }) => code ?? []).join(',')}}`,
    search_text: lines.map(({ variant }) => `${variant.title} ${variant.sku}`).join(' '),
    created_at: created,
    updated_at: updated,
    version: events.length,
  });
  for (const [index, line] of lines.entries()) {
    const priced = price.lines[index]!;
    add('orders.order_lines', {
      id: line.id,
      order_id: id,
      position: index + 1,
      variant_id: line.variant.id,
      sku: line.variant.sku,
      title: line.variant.title,
      quantity: line.quantity,
      shipped_quantity: delivery.shipped[index]!,
      returned_quantity: delivery.returned[index]!,
      unit_price_minor: line.unitPriceMinor,
      discount_minor: priced.discountMinor,
      tax_minor: priced.taxMinor,
      total_minor: priced.totalMinor,
      created_at: created,
      updated_at: updated,
    });
    for (const [rateIndex, { title, rate, jurisdiction }] of line.rates.entries())
      add('orders.order_line_taxes', {
        order_line_id: line.id,
        position: rateIndex + 1,
        title,
        rate,
        jurisdiction,
        amount_minor: priced.taxesMinor[rateIndex]!,
        created_at: created,
        updated_at: created,
      });
  }
  for (const [index, { code, title, amountMinor }] of basket.discounts.entries())
    add('orders.order_discounts', {
      order_id: id,
      position: index + 1,
      code,
      title,
      amount_minor: amountMinor,
      created_at: created,
      updated_at: created,
    });
  for (const { at, type, actorId, message } of events)
    add('orders.order_events', {
      id: random.uuid(at),
      order_id: id,
      type,
      actor_id: actorId,
      message,
      created_at: instant(at),
    });
}
