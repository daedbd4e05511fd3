import { personas } from '@tributary/app/seed/index';
import { toGlobalId } from '@tributary/kit/ids';
import type { IdType } from '@tributary/kit/ids';

import type { TestDatabase } from '../../kit/postgres.ts';

/** Values that rows of the company have, and ids of objects that have others below them. */
export interface Samples {
  ids: Record<Extract<IdType, 'User' | 'Organization' | 'Order' | 'Invoice' | 'Product' | 'ProductVariant'>, string[]>;
  parts: Record<
    Extract<
      IdType,
      | 'OrderLine'
      | 'Shipment'
      | 'OrderReturn'
      | 'Payment'
      | 'Refund'
      | 'CreditNote'
      | 'PaymentMethod'
      | 'AddressBookEntry'
      | 'Membership'
      | 'ApiClient'
    >,
    string[]
  >;
  orderNumber: string;
  externalReference: string;
  sku: string;
  slug: string;
  invoiceNumber: string;
  /** A week that is long over. */
  week: { from: string; to: string };
}

export async function findSamples(database: TestDatabase): Promise<Samples> {
  const column = async (text: string) => {
    const rows = await database.query<Record<string, string>>(text);
    return rows.map((row) => Object.values(row)[0]!);
  };
  const ids = async (type: IdType, text: string) => (await column(text)).map((id) => toGlobalId(type, id));
  const first = (type: IdType, table: string) => ids(type, `SELECT id FROM ${table} ORDER BY id LIMIT 5`);
  const ofMost = (owner: string, table: string) =>
    `SELECT ${owner} FROM ${table} WHERE ${owner} IS NOT NULL GROUP BY 1 ORDER BY count(*) DESC, 1 LIMIT 5`;
  const one = async (text: string) => (await column(`${text} LIMIT 1`))[0]!;
  // Neither the first nor the last, of which the planner knows that little lies beyond them.
  const numbered = (table: string) =>
    one(`SELECT number FROM ${table} WHERE number IS NOT NULL ORDER BY id OFFSET 9000`);
  const newest = 'FROM orders.orders WHERE placed_at IS NOT NULL ORDER BY placed_at DESC, id DESC';
  return {
    ids: {
      User: await ids('User', ofMost('buyer_id', 'orders.orders')),
      Organization: await ids('Organization', ofMost('organization_id', 'orders.orders')),
      Order: await ids('Order', `SELECT id ${newest} LIMIT 5`),
      Invoice: await ids('Invoice', `SELECT id FROM billing.invoices WHERE number IS NOT NULL ORDER BY id LIMIT 5`),
      Product: await first('Product', 'orders.products'),
      ProductVariant: await first('ProductVariant', 'orders.product_variants'),
    },
    parts: {
      OrderLine: await first('OrderLine', 'orders.order_lines'),
      Shipment: await first('Shipment', 'orders.shipments'),
      OrderReturn: await first('OrderReturn', 'orders.order_returns'),
      Payment: await first('Payment', 'billing.payments'),
      Refund: await first('Refund', 'billing.refunds'),
      CreditNote: await first('CreditNote', 'billing.credit_notes'),
      PaymentMethod: await first('PaymentMethod', 'billing.payment_methods'),
      AddressBookEntry: await first('AddressBookEntry', 'users.addresses'),
      Membership: await first('Membership', 'users.memberships'),
      ApiClient: await first('ApiClient', 'users.api_clients'),
    },
    orderNumber: await numbered('orders.orders'),
    externalReference: await one(`SELECT external_reference FROM orders.orders o JOIN users.api_clients c
      ON c.organization_id = o.partner_organization_id AND c.client_id = '${personas.partner.clientId}'
      WHERE external_reference IS NOT NULL ORDER BY o.id`),
    sku: await one('SELECT sku FROM orders.order_lines GROUP BY 1 ORDER BY count(*), 1'),
    slug: await one('SELECT slug FROM orders.products ORDER BY id'),
    invoiceNumber: await numbered('billing.invoices'),
    week: {
      from: await one(`SELECT to_char(now() AT TIME ZONE 'UTC' - interval '200 days', 'YYYY-MM-DD"T00:00:00.000Z"')`),
      to: await one(`SELECT to_char(now() AT TIME ZONE 'UTC' - interval '193 days', 'YYYY-MM-DD"T00:00:00.000Z"')`),
    },
  };
}
