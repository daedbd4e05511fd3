import type { Order } from './order.ts';
import { OrderStatus, PaymentStatus } from './order.ts';

export const FulfillmentBlocker = {
  payment: 'PAYMENT',
  riskReview: 'RISK_REVIEW',
  address: 'ADDRESS',
  state: 'STATE',
} as const;
export type FulfillmentBlocker = (typeof FulfillmentBlocker)[keyof typeof FulfillmentBlocker];

/** From this risk score on a person looks at the order before it ships. */
export const RISK_REVIEW_SCORE = 75;

// Money that is reserved or was received and, at least in part, kept.
const SECURED: readonly PaymentStatus[] = [
  PaymentStatus.authorized,
  PaymentStatus.paid,
  PaymentStatus.partiallyRefunded,
];
// Invoiced and not fully paid: fine for an order on account, which pays by its due date.
const OWED: readonly PaymentStatus[] = [PaymentStatus.unpaid, PaymentStatus.partiallyPaid];

type Facts = Pick<Order, 'status' | 'riskScore' | 'shippingAddress'>;

/**
 * What stops the shipment of an order now. Empty: it may ship. Null: unknown, because billing did not tell the payment status;
 * never to be read as "may ship".
 */
export function fulfillmentBlockers(order: Facts, paymentStatus: PaymentStatus | null): FulfillmentBlocker[] | null {
  if (paymentStatus === null) return null;
  const blocked: [FulfillmentBlocker, boolean][] = [
    [FulfillmentBlocker.payment, !SECURED.includes(paymentStatus) && !isOnAccount(order, paymentStatus)],
    [FulfillmentBlocker.riskReview, order.riskScore !== null && order.riskScore >= RISK_REVIEW_SCORE],
    [FulfillmentBlocker.address, !canBeDeliveredTo(order.shippingAddress)],
    [FulfillmentBlocker.state, order.status !== OrderStatus.confirmed],
  ];
  return blocked.filter(([, applies]) => applies).map(([blocker]) => blocker);
}

/** The payment status as billing told it; null when it did not, or when it told one that this code does not know. */
export function parsePaymentStatus(value: unknown): PaymentStatus | null {
  return Object.values(PaymentStatus).find((status) => status === value) ?? null;
}

// An order is confirmed when it is paid or when it goes on account, so one that was confirmed and is still owed is on account.
function isOnAccount({ status }: Facts, paymentStatus: PaymentStatus): boolean {
  const wasConfirmed = status === OrderStatus.confirmed || status === OrderStatus.completed;
  return wasConfirmed && OWED.includes(paymentStatus);
}

// Addresses are stored as documents, so their parts are looked at rather than believed.
function canBeDeliveredTo(address: Order['shippingAddress']): boolean {
  if (address === null) return false;
  const { recipient, line1, city, country } = address;
  return [recipient, line1, city].every(isFilled) && /^[A-Z]{2}$/.test(country);
}

const isFilled = (text: unknown) => typeof text === 'string' && text.trim() !== '';
