import { newUuid } from '@tributary/kit';
import type { Transaction } from '@tributary/kit';
import sql from 'sql-template-tag';
import type { Sql } from 'sql-template-tag';

import type { Quote, QuotedLine } from '../pricing/quote.ts';

// Lines, their taxes and the discounts of an order are written together, in one statement for any number of them. Rows travel as one
// JSON document; amounts in it are text, because JSON numbers of most readers are floats.

type LineToWrite = QuotedLine & { id: string };

/** Words by which an order is found: titles and skus of its lines. */
export const searchTextOf = ({ lines }: Pick<Quote, 'lines'>): string =>
  lines.map(({ title, sku }) => `${title} ${sku}`).join(' ');

/** Takes off the lines and discounts of a draft. */
export async function deleteLines(tx: Transaction, orderId: string): Promise<void> {
  await tx.query(
    sql`WITH discounts AS (DELETE FROM orders.order_discounts WHERE order_id = ${orderId}::uuid)
      DELETE FROM orders.order_lines WHERE order_id = ${orderId}::uuid`,
  );
}

/** Writes lines and discounts of a draft that has none. */
export async function insertLines(tx: Transaction, orderId: string, quote: Quote, now: Date): Promise<void> {
  if (quote.lines.length === 0) return;
  const lines = quote.lines.map((line): LineToWrite => ({ ...line, id: newUuid(now) }));
  await tx.query(
    sql`WITH n AS (${lineRows(lines)}),
      lines AS (INSERT INTO orders.order_lines (id, order_id, position, variant_id, sku, title, quantity,
          unit_price_minor, discount_minor, tax_minor, total_minor)
        SELECT id, ${orderId}::uuid, position, variant_id, sku, title, quantity,
          unit_price_minor, discount_minor, tax_minor, total_minor FROM n),
      taxes AS (${insertTaxes(lines)})
      ${insertDiscounts(orderId, quote)}`,
  );
}

/** Writes what lines cost that are there already; `ids` are theirs, in the order of the quote. */
export async function rewriteLines(
  tx: Transaction,
  orderId: string,
  ids: readonly string[],
  quote: Quote,
): Promise<void> {
  const lines = quote.lines.map((line, index): LineToWrite => ({ ...line, id: ids[index]! }));
  await tx.query(
    sql`WITH n AS (${lineRows(lines)}),
      lines AS (UPDATE orders.order_lines l SET sku = n.sku, title = n.title, unit_price_minor = n.unit_price_minor,
          discount_minor = n.discount_minor, tax_minor = n.tax_minor, total_minor = n.total_minor, updated_at = now()
        FROM n WHERE l.id = n.id),
      no_taxes AS (DELETE FROM orders.order_line_taxes t USING n WHERE t.order_line_id = n.id AND t.position > n.taxes),
      no_discounts AS (DELETE FROM orders.order_discounts
        WHERE order_id = ${orderId}::uuid AND position > ${quote.discounts.length}),
      taxes AS (${insertTaxes(lines)}
        ON CONFLICT (order_line_id, position) DO UPDATE SET title = excluded.title, rate = excluded.rate,
          jurisdiction = excluded.jurisdiction, amount_minor = excluded.amount_minor, updated_at = now())
      ${insertDiscounts(orderId, quote)}
        ON CONFLICT (order_id, position) DO UPDATE SET code = excluded.code, title = excluded.title,
          amount_minor = excluded.amount_minor, updated_at = now()`,
  );
}

const lineRows = (lines: readonly LineToWrite[]): Sql =>
  sql`SELECT * FROM jsonb_to_recordset(${JSON.stringify(
    lines.map((line, index) => ({
      id: line.id,
      position: index + 1,
      variant_id: line.variantId,
      sku: line.sku,
      title: line.title,
      quantity: line.quantity,
      unit_price_minor: String(line.unitPriceMinor),
      discount_minor: String(line.discountMinor),
      tax_minor: String(line.taxMinor),
      total_minor: String(line.totalMinor),
      taxes: line.taxes.length,
    })),
  )}::jsonb) AS r(id uuid, position integer, variant_id uuid, sku text, title text, quantity integer,
    unit_price_minor bigint, discount_minor bigint, tax_minor bigint, total_minor bigint, taxes integer)`;

const insertTaxes = (lines: readonly LineToWrite[]): Sql =>
  sql`INSERT INTO orders.order_line_taxes (order_line_id, position, title, rate, jurisdiction, amount_minor)
    SELECT * FROM jsonb_to_recordset(${JSON.stringify(
      lines.flatMap(({ id, taxes }) =>
        taxes.map(({ title, rate, jurisdiction, amountMinor }, index) => ({
          order_line_id: id,
          position: index + 1,
          title,
          rate,
          jurisdiction,
          amount_minor: String(amountMinor),
        })),
      ),
    )}::jsonb) AS r(order_line_id uuid, position smallint, title text, rate numeric, jurisdiction char(2), amount_minor bigint)`;

const insertDiscounts = (orderId: string, { discounts }: Quote): Sql =>
  sql`INSERT INTO orders.order_discounts (order_id, position, code, title, amount_minor)
    SELECT ${orderId}::uuid, r.* FROM jsonb_to_recordset(${JSON.stringify(
      discounts.map(({ code, title, amountMinor }, index) => ({
        position: index + 1,
        code,
        title,
        amount_minor: String(amountMinor),
      })),
    )}::jsonb) AS r(position smallint, code text, title text, amount_minor bigint)`;
