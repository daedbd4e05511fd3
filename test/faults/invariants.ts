import type pg from 'pg';

// What must hold when everything has come to rest, whatever was killed before. Each query returns what breaks the rule it is named after.

const RULES: Readonly<Record<string, string>> = {
  'every event was handed on': `SELECT id, type FROM orders.outbox WHERE published_at IS NULL
    UNION ALL SELECT id, type FROM billing.outbox WHERE published_at IS NULL
    UNION ALL SELECT id, type FROM users.outbox WHERE published_at IS NULL`,
  'every event was handled': 'SELECT event_id, consumer FROM events.queue',
  'no event is dead': `SELECT event_id, error FROM orders.dead_letters UNION ALL SELECT event_id, error FROM billing.dead_letters
    UNION ALL SELECT event_id, error FROM users.dead_letters`,
  'no payment waits': `SELECT id, state FROM billing.payments WHERE state = 'PROCESSING' AND id NOT IN (SELECT id FROM before.payments)`,
  'no saga is stuck': `SELECT s.order_id, s.step FROM orders.order_sagas s JOIN orders.orders o ON o.id = s.order_id
    WHERE s.step <> 'DONE' AND o.id NOT IN (SELECT id FROM before.orders)`,
  'a purchase is one order': `SELECT customer_note, count(*) FROM orders.orders WHERE id NOT IN (SELECT id FROM before.orders)
    GROUP BY customer_note HAVING count(*) > 1`,
  'a placed order was told of': `SELECT o.id, o.number FROM orders.orders o WHERE o.id NOT IN (SELECT id FROM before.orders)
    AND o.placed_at < now() - interval '2 seconds' AND NOT EXISTS (SELECT FROM orders.outbox e WHERE e.key = o.id AND e.type = 'order.placed')`,
  'an order has one invoice': `SELECT order_id, count(*) FROM billing.invoices WHERE id NOT IN (SELECT id FROM before.invoices)
    GROUP BY order_id HAVING count(*) > 1`,
  'a placed order is confirmed and paid': `SELECT o.id, o.status, o.payment_status, i.status AS invoice FROM orders.orders o
    LEFT JOIN billing.invoices i ON i.order_id = o.id
    WHERE o.id NOT IN (SELECT id FROM before.orders) AND o.status <> 'DRAFT'
      AND (o.status, o.payment_status, i.status) IS DISTINCT FROM ('CONFIRMED', 'PAID', 'PAID')`,
  'a paid invoice was charged once, in full': `SELECT i.id, i.total_minor, sum(c.captured_minor) AS charged FROM billing.invoices i
    JOIN billing.payments p ON p.invoice_id = i.id LEFT JOIN provider.charges c ON c.idempotency_key = p.provider_idempotency_key
    WHERE i.id NOT IN (SELECT id FROM before.invoices) AND i.status = 'PAID'
    GROUP BY i.id HAVING coalesce(sum(c.captured_minor), 0) <> i.total_minor`,
  'nothing was charged that no payment knows': `SELECT c.reference FROM provider.charges c
    LEFT JOIN billing.payments p ON p.provider_idempotency_key = c.idempotency_key AND p.state = 'SUCCEEDED'
    WHERE c.captured_minor > 0 AND c.reference NOT IN (SELECT reference FROM before.charges) AND p.id IS NULL`,
  'news stands in the timeline once': `SELECT order_id, message, count(*) FROM orders.order_events
    WHERE order_id NOT IN (SELECT id FROM before.orders) GROUP BY order_id, type, message HAVING count(*) > 1`,
  'the ledger balances': `SELECT transaction_id, currency FROM billing.ledger_entries GROUP BY transaction_id, currency
    HAVING sum(CASE side WHEN 'DEBIT' THEN amount_minor ELSE -amount_minor END) <> 0`,
  'receivables are what is open': `SELECT receivable, open FROM
    (SELECT currency, sum(CASE side WHEN 'DEBIT' THEN amount_minor ELSE -amount_minor END) AS receivable
       FROM billing.ledger_entries WHERE account_code = '1200-receivables' GROUP BY currency) ledger
    FULL JOIN (SELECT currency, sum(due_minor) AS open FROM billing.invoices WHERE status = 'OPEN' GROUP BY currency) invoices USING (currency)
    WHERE coalesce(receivable, 0) <> coalesce(open, 0)`,
  'stock is reserved for what was ordered': `SELECT v.id, v.stock_reserved, wanted.units FROM orders.product_variants v
    JOIN before.variants b ON b.id = v.id
    LEFT JOIN (SELECT l.variant_id, sum(l.quantity) AS units FROM orders.order_lines l JOIN orders.orders o ON o.id = l.order_id
      WHERE o.id NOT IN (SELECT id FROM before.orders) AND o.status IN ('PENDING', 'CONFIRMED') GROUP BY l.variant_id) wanted ON wanted.variant_id = v.id
    WHERE v.stock_on_hand IS NOT NULL AND v.stock_reserved - b.stock_reserved <> coalesce(wanted.units, 0)`,
};

/** Notes what is there before the faults begin, in a schema of its own. */
export async function rememberBefore(client: pg.Client): Promise<void> {
  await client.query(`CREATE SCHEMA before;
    CREATE TABLE before.orders AS SELECT id FROM orders.orders;
    CREATE TABLE before.invoices AS SELECT id FROM billing.invoices;
    CREATE TABLE before.payments AS SELECT id FROM billing.payments;
    CREATE TABLE before.charges AS SELECT reference FROM provider.charges;
    CREATE TABLE before.variants AS SELECT id, stock_reserved FROM orders.product_variants`);
}

/** The rules that do not hold, each with up to five rows that break it. */
export async function findBroken(client: pg.Client): Promise<Record<string, unknown[]>> {
  const broken: Record<string, unknown[]> = {};
  for (const [rule, query] of Object.entries(RULES)) {
    const { rows } = await client.query<Record<string, unknown>>(`SELECT * FROM (${query}) AS broken LIMIT 5`);
    if (rows.length > 0) broken[rule] = rows;
  }
  return broken;
}
