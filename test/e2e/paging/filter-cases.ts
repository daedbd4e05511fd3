import { toGlobalId } from '@tributary/kit/ids';
import type { IdType } from '@tributary/kit/ids';

import type { CallerName, PagingWorld } from './paging-world.ts';

/** A filter as it stands in a document, and as a plain condition. */
export type FilterCase = [filter: string, condition: string];

/** Values that rows of the company have. */
export interface Samples {
  buyer: string;
  organization: string;
  orderNumber: string;
  /** Used by more than one partner. */
  externalReference: string;
  skus: [string, string];
  invoiceNumber: string;
  /** A month that is over; many rows share its first instant. */
  month: { from: string; to: string };
}

export async function findSamples({ column }: PagingWorld): Promise<Samples> {
  const one = async (text: string) => (await column(text))[0]!;
  const most = (name: string) =>
    one(
      `SELECT ${name} FROM orders.orders WHERE ${name} IS NOT NULL GROUP BY 1 ORDER BY count(*) DESC, count(number) DESC, 1 LIMIT 1`,
    );
  const numbered = (table: string) =>
    one(`SELECT number FROM ${table} WHERE number IS NOT NULL ORDER BY id OFFSET 999 LIMIT 1`);
  const monthsAgo = (months: number) =>
    one(
      `SELECT to_char(date_trunc('month', now() AT TIME ZONE 'UTC') - interval '${months} months', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`,
    );
  return {
    buyer: await most('buyer_id'),
    organization: await most('organization_id'),
    orderNumber: await numbered('orders.orders'),
    externalReference: await most('external_reference'),
    skus: (await column('SELECT sku FROM orders.order_lines GROUP BY 1 ORDER BY count(*), 1 LIMIT 2')) as [
      string,
      string,
    ],
    invoiceNumber: await numbered('billing.invoices'),
    month: { from: await monthsAgo(6), to: await monthsAgo(5) },
  };
}

/** Values of the newest rows that one caller sees and that have one; values of the company are seldom among them. */
export interface OwnSamples {
  buyer: string;
  orderNumber: string;
  invoiceCustomer: string;
  invoiceNumber: string;
}

export async function findOwnSamples({ column, callers }: PagingWorld, caller: CallerName): Promise<OwnSamples> {
  const { orders, invoices } = callers[caller];
  const newest = async (name: string, rows: string) =>
    (await column(`SELECT ${name} FROM ${rows} AND ${name} IS NOT NULL ORDER BY id DESC LIMIT 1`))[0]!;
  const seenOrders = `orders.orders o WHERE ${orders}`;
  const seenInvoices = `billing.invoices i WHERE ${invoices ?? 'FALSE'}`;
  return {
    buyer: await newest('buyer_id', seenOrders),
    orderNumber: await newest('number', seenOrders),
    invoiceCustomer: await newest('customer_id', seenInvoices),
    invoiceNumber: await newest('number', seenInvoices),
  };
}

/** Filters of orders that leave little. */
export function rareOrders({
  buyer,
  organization,
  orderNumber,
  externalReference,
  skus,
  month,
}: Samples): FilterCase[] {
  const [sku] = skus;
  const ofBuyer = `o.buyer_id = '${buyer}'`;
  const hasSku = `o.id IN (SELECT order_id FROM orders.order_lines WHERE sku = '${sku}')`;
  return [
    ['statusIn: [PENDING]', `o.status = 'PENDING'`],
    ['statusIn: [DRAFT]', `o.status = 'DRAFT'`],
    ['statusIn: [CONFIRMED PENDING CONFIRMED]', `o.status IN ('PENDING', 'CONFIRMED')`],
    ['statusIn: [CANCELED DRAFT PENDING]', `o.status IN ('PENDING', 'CANCELED', 'DRAFT')`],
    ['statusIn: []', 'FALSE'],
    ['paymentStatusIn: [UNPAID VOIDED]', `o.payment_status IN ('UNPAID', 'VOIDED')`],
    ['fulfillmentStatusIn: [PARTIALLY_FULFILLED]', `o.fulfillment_status = 'PARTIALLY_FULFILLED'`],
    [
      'statusIn: [COMPLETED CONFIRMED] fulfillmentStatusIn: [RETURNED UNFULFILLED] paymentStatusIn: [PAID REFUNDED]',
      `o.status IN ('COMPLETED', 'CONFIRMED') AND o.fulfillment_status IN ('RETURNED', 'UNFULFILLED')
        AND o.payment_status IN ('PAID', 'REFUNDED')`,
    ],
    [`buyerId: ${quotedId('User', buyer)}`, ofBuyer],
    [
      `buyerId: ${quotedId('User', buyer)} statusIn: [COMPLETED CANCELED]`,
      `${ofBuyer} AND o.status IN ('COMPLETED', 'CANCELED')`,
    ],
    [`organizationId: ${quotedId('Organization', organization)}`, `o.organization_id = '${organization}'`],
    [`number: "${orderNumber}"`, `o.number = '${orderNumber}'`],
    [`number: "${orderNumber.toLowerCase()}"`, 'FALSE'],
    [`externalReference: "${externalReference}"`, `o.external_reference = '${externalReference}'`],
    [`sku: "${sku}"`, hasSku],
    [`sku: "${sku}" statusIn: [COMPLETED CANCELED]`, `${hasSku} AND o.status IN ('COMPLETED', 'CANCELED')`],
    [`search: "${orderNumber}"`, says(orderNumber)],
    [`search: "${orderNumber.slice(0, -1)}"`, says(orderNumber.slice(0, -1))],
    ['search: " lamp  COOKBOOK "', says('lamp', 'cookbook')],
    ['search: "mug" statusIn: [PENDING CONFIRMED]', `${says('mug')} AND o.status IN ('PENDING', 'CONFIRMED')`],
    [`placedAt: ${range(month)}`, within('o.placed_at', month)],
    [`updatedAt: ${range(month)}`, within('o.updated_at', month)],
    [
      `placedAt: ${range(month)} updatedAt: { to: "${month.to}" } statusIn: [COMPLETED CANCELED]`,
      `${within('o.placed_at', month)} AND o.updated_at < '${month.to}' AND o.status IN ('COMPLETED', 'CANCELED')`,
    ],
    [
      `placedAt: { to: "${month.from}" } paymentStatusIn: [UNPAID PARTIALLY_PAID]`,
      `o.placed_at < '${month.from}' AND o.payment_status IN ('UNPAID', 'PARTIALLY_PAID')`,
    ],
  ];
}

/** Filters of orders that leave much, for callers who see little. */
export const frequentOrders = ({ month: { from } }: Samples): FilterCase[] => [
  ['statusIn: null search: null placedAt: null buyerId: null', 'TRUE'],
  ['statusIn: [COMPLETED]', `o.status = 'COMPLETED'`],
  ['statusIn: [COMPLETED CANCELED]', `o.status IN ('COMPLETED', 'CANCELED')`],
  ['paymentStatusIn: [PAID]', `o.payment_status = 'PAID'`],
  ['fulfillmentStatusIn: [FULFILLED]', `o.fulfillment_status = 'FULFILLED'`],
  [`placedAt: { from: "${from}" }`, `o.placed_at >= '${from}'`],
  [`placedAt: { to: "${from}" }`, `o.placed_at < '${from}'`],
  [`updatedAt: { from: "${from}" }`, `o.updated_at >= '${from}'`],
  ['placedAt: {}', 'TRUE'],
  ['search: "lamp"', says('lamp')],
];

/** Filters of orders that name what the caller has. */
export const ownOrders = ({ buyer, orderNumber }: OwnSamples): FilterCase[] => [
  [`buyerId: ${quotedId('User', buyer)}`, `o.buyer_id = '${buyer}'`],
  [`number: "${orderNumber}"`, `o.number = '${orderNumber}'`],
  [`search: "${orderNumber}"`, says(orderNumber)],
];

/** Filters of invoices that leave little. */
export function rareInvoices({ buyer, organization, invoiceNumber, month }: Samples): FilterCase[] {
  const days = { from: month.from.slice(0, 10), to: month.to.slice(0, 10) };
  return [
    ['statusIn: [DRAFT]', `i.status = 'DRAFT'`],
    ['statusIn: [OPEN]', `i.status = 'OPEN'`],
    ['statusIn: [UNCOLLECTIBLE VOID DRAFT]', `i.status IN ('UNCOLLECTIBLE', 'VOID', 'DRAFT')`],
    ['statusIn: []', 'FALSE'],
    ['overdue: true', OVERDUE],
    ['overdue: true statusIn: [OPEN VOID]', OVERDUE],
    ['overdue: true statusIn: [PAID]', 'FALSE'],
    ['overdue: false statusIn: [OPEN DRAFT]', `i.status IN ('OPEN', 'DRAFT') AND NOT coalesce(${OVERDUE}, FALSE)`],
    [`customerId: ${quotedId('User', buyer)}`, `i.customer_id = '${buyer}'`],
    [
      `customerId: ${quotedId('User', buyer)} statusIn: [PAID VOID]`,
      `i.customer_id = '${buyer}' AND i.status IN ('PAID', 'VOID')`,
    ],
    [`organizationId: ${quotedId('Organization', organization)}`, `i.organization_id = '${organization}'`],
    [`number: "${invoiceNumber}"`, `i.number = '${invoiceNumber}'`],
    [`issuedOn: ${range(days)}`, within('i.issued_on', days)],
    [`updatedAt: ${range(month)}`, within('i.updated_at', month)],
    [
      `issuedOn: ${range(days)} updatedAt: { to: "${month.to}" } statusIn: [PAID VOID]`,
      `${within('i.issued_on', days)} AND i.updated_at < '${month.to}' AND i.status IN ('PAID', 'VOID')`,
    ],
  ];
}

/** Filters of invoices that leave much, for callers who see little. */
export const frequentInvoices = ({ month: { from } }: Samples): FilterCase[] => [
  ['statusIn: null overdue: null number: null issuedOn: null', 'TRUE'],
  ['statusIn: [PAID]', `i.status = 'PAID'`],
  ['overdue: false', `NOT coalesce(${OVERDUE}, FALSE)`],
  [`issuedOn: { from: "${from.slice(0, 10)}" }`, `i.issued_on >= '${from.slice(0, 10)}'`],
  [`issuedOn: { to: "${from.slice(0, 10)}" }`, `i.issued_on < '${from.slice(0, 10)}'`],
  [`updatedAt: { from: "${from}" }`, `i.updated_at >= '${from}'`],
  ['issuedOn: {}', 'TRUE'],
];

/** Filters of invoices that name what the caller has. */
export const ownInvoices = ({ invoiceCustomer, invoiceNumber }: OwnSamples): FilterCase[] => [
  [`customerId: ${quotedId('User', invoiceCustomer)}`, `i.customer_id = '${invoiceCustomer}'`],
  [`number: "${invoiceNumber}"`, `i.number = '${invoiceNumber}'`],
];

/** Filters of products, among those that can be bought. */
export const products = ({ skus: [first, second] }: Samples): FilterCase[] => [
  ['', 'TRUE'],
  ['search: "LAMPS"', mentions('lamps?')],
  ['search: "solid wood"', `${mentions('solid')} AND ${mentions('woods?')}`],
  ['search: "  "', 'TRUE'],
  ['skuIn: []', 'FALSE'],
  [
    `skuIn: ["${first}" "${second}" "nothing"]`,
    `p.id IN (SELECT product_id FROM orders.product_variants WHERE sku IN ('${first}', '${second}'))`,
  ],
  ['search: "lamp" skuIn: ["nothing"]', 'FALSE'],
];

const OVERDUE = `(i.status = 'OPEN' AND i.due_on < (now() AT TIME ZONE 'UTC')::date)`;

/** Every word begins a word of the number, the recipient, a title or a sku. */
function says(...words: string[]): string {
  const text = `concat_ws(' ', o.number, o.shipping_address ->> 'recipient',
    (SELECT string_agg(l.title || ' ' || l.sku, ' ') FROM orders.order_lines l WHERE l.order_id = o.id))`;
  return words.map((word) => `${text} ~* '\\m${word}'`).join(' AND ');
}

const mentions = (word: string) => `concat_ws(' ', p.title, p.description) ~* '\\m${word}\\M'`;
const within = (column: string, { from, to }: { from: string; to: string }) =>
  `${column} >= '${from}' AND ${column} < '${to}'`;
const range = ({ from, to }: { from: string; to: string }) => `{ from: "${from}" to: "${to}" }`;
const quotedId = (type: IdType, id: string) => JSON.stringify(toGlobalId(type, id));
