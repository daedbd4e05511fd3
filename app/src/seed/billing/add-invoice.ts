import type { OrderToBill, BillingDeps } from './bill-order.ts';
import { dateOf, instant } from '../time.ts';

export interface InvoiceState {
  status: 'OPEN' | 'PAID' | 'VOID' | 'UNCOLLECTIBLE';
  changedAt: number;
  closeReason?: string | null;
  paidMinor?: bigint;
  creditedMinor?: bigint;
  refundedMinor?: bigint;
  authorizedMinor?: bigint;
  reminderCount?: number;
}

type InvoiceSource = Pick<
  OrderToBill,
  | 'id'
  | 'number'
  | 'customerId'
  | 'organizationId'
  | 'partnerOrganizationId'
  | 'currency'
  | 'basket'
  | 'account'
  | 'billTo'
> & { createdAt: number; dueOn: string };

/** Writes a finalized invoice with its lines and returns its id. The lines are those of the order, and one for shipping. */
export function addInvoice(
  { random, add, nextInvoiceNumber }: BillingDeps,
  order: InvoiceSource,
  state: InvoiceState,
): string {
  const { basket, createdAt } = order;
  const { price } = basket;
  const id = random.uuid(createdAt);
  const created = instant(createdAt);
  add('billing.invoices', {
    id,
    number: nextInvoiceNumber(),
    account_id: order.account.id,
    customer_id: order.customerId,
    organization_id: order.organizationId,
    partner_organization_id: order.partnerOrganizationId,
    order_id: order.id,
    order_number: order.number,
    status: state.status,
    currency: order.currency,
    subtotal_minor: price.totalMinor - price.taxMinor,
    tax_minor: price.taxMinor,
    total_minor: price.totalMinor,
    paid_minor: state.paidMinor ?? 0n,
    credited_minor: state.creditedMinor ?? 0n,
    authorized_minor: state.authorizedMinor ?? 0n,
    refunded_minor: state.refundedMinor ?? 0n,
    issued_on: dateOf(createdAt),
    due_on: order.dueOn,
    reminder_count: state.reminderCount ?? 0,
    bill_to: order.billTo,
    close_reason: state.closeReason ?? null,
    created_at: created,
    updated_at: instant(state.changedAt),
    version: state.changedAt === createdAt ? 1 : 2,
  });
  for (const [index, line] of basket.lines.entries()) {
    const priced = price.lines[index]!;
    const lineId = random.uuid(createdAt);
    add('billing.invoice_lines', {
      id: lineId,
      invoice_id: id,
      position: index + 1,
      description: line.variant.title,
      quantity: line.quantity,
      unit_price_minor: line.unitPriceMinor,
      discount_minor: priced.discountMinor,
      tax_minor: priced.taxMinor,
      total_minor: priced.totalMinor,
      created_at: created,
      updated_at: created,
    });
    for (const [rateIndex, { title, rate, jurisdiction }] of line.rates.entries())
      add('billing.invoice_line_taxes', {
        invoice_line_id: lineId,
        position: rateIndex + 1,
        title,
        rate,
        jurisdiction,
        amount_minor: priced.taxesMinor[rateIndex]!,
        created_at: created,
        updated_at: created,
      });
  }
  if (price.shippingMinor > 0n)
    add('billing.invoice_lines', {
      id: random.uuid(createdAt),
      invoice_id: id,
      position: basket.lines.length + 1,
      description: 'Shipping',
      quantity: 1,
      unit_price_minor: price.shippingMinor,
      discount_minor: 0n,
      tax_minor: 0n,
      total_minor: price.shippingMinor,
      created_at: created,
      updated_at: created,
    });
  return id;
}
