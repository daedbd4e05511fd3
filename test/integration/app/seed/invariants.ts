/**
 * What must hold over all rows of a seeded company, each as a query for the rows that break it. Written in SQL from the rules, not
 * from the code that makes the rows.
 */
export const invariants: Readonly<Record<string, string>> = {
  'an order is the sum of its lines, its shipping and its discounts': `
    SELECT o.id FROM orders.orders o
    JOIN LATERAL (SELECT sum(quantity * unit_price_minor) AS gross, sum(discount_minor) AS discount, sum(tax_minor) AS tax
      FROM orders.order_lines WHERE order_id = o.id) l ON true
    LEFT JOIN LATERAL (SELECT sum(amount_minor) AS amount FROM orders.order_discounts WHERE order_id = o.id) d ON true
    WHERE l.gross IS NULL OR (o.subtotal_minor, o.discount_minor, o.tax_minor) <> (l.gross, l.discount, l.tax)
      OR o.discount_minor <> coalesce(d.amount, 0)
      OR o.total_minor <> o.subtotal_minor - o.discount_minor + o.shipping_minor + o.tax_minor`,
  'a tax is rounded half to even, per line and rate': `
    SELECT t.order_line_id FROM orders.order_line_taxes t JOIN orders.order_lines l ON l.id = t.order_line_id,
      LATERAL (SELECT (l.quantity * l.unit_price_minor - l.discount_minor) * t.rate AS exact) e,
      LATERAL (SELECT floor(e.exact) AS low, e.exact - floor(e.exact) AS rest) r
    WHERE t.amount_minor <> CASE WHEN r.rest > 0.5 OR (r.rest = 0.5 AND r.low % 2 = 1) THEN r.low + 1 ELSE r.low END`,
  'the tax of a line is the sum of its taxes': `
    SELECT l.id FROM orders.order_lines l
    LEFT JOIN (SELECT order_line_id, sum(amount_minor) AS amount FROM orders.order_line_taxes GROUP BY 1) t ON t.order_line_id = l.id
    WHERE l.tax_minor IS DISTINCT FROM t.amount`,
  'a discount goes to the lines by largest remainder': `
    WITH shares AS (
      SELECT o.id AS order_id, l.discount_minor - floor(s.exact) AS extra, s.exact - floor(s.exact) AS remainder
      FROM orders.orders o JOIN orders.order_lines l ON l.order_id = o.id,
        LATERAL (SELECT o.discount_minor::numeric * l.quantity * l.unit_price_minor / o.subtotal_minor AS exact) s
      WHERE o.discount_minor > 0)
    SELECT order_id FROM shares GROUP BY order_id
    HAVING bool_or(extra NOT IN (0, 1))
      OR min(remainder) FILTER (WHERE extra = 1) < max(remainder) FILTER (WHERE extra = 0)`,
  'units shipped are those in parcels that left': `
    SELECT l.id FROM orders.order_lines l
    LEFT JOIN (SELECT sl.order_line_id, sum(sl.quantity) AS quantity FROM orders.shipment_lines sl
      JOIN orders.shipments s ON s.id = sl.shipment_id AND s.status IN ('SHIPPED', 'DELIVERED') GROUP BY 1) s ON s.order_line_id = l.id
    WHERE l.shipped_quantity <> coalesce(s.quantity, 0)`,
  'units returned are those of received returns': `
    SELECT l.id FROM orders.order_lines l
    LEFT JOIN (SELECT rl.order_line_id, sum(rl.quantity) AS quantity FROM orders.return_lines rl
      JOIN orders.order_returns r ON r.id = rl.return_id AND r.status = 'RECEIVED' GROUP BY 1) r ON r.order_line_id = l.id
    WHERE l.returned_quantity <> coalesce(r.quantity, 0)`,
  'the fulfillment status follows from the units': `
    SELECT o.id FROM orders.orders o JOIN LATERAL (SELECT sum(quantity) AS ordered, sum(shipped_quantity) AS shipped,
      sum(returned_quantity) AS returned FROM orders.order_lines WHERE order_id = o.id) u ON true
    WHERE o.fulfillment_status <> CASE WHEN u.shipped = 0 THEN 'UNFULFILLED' WHEN u.returned = u.ordered THEN 'RETURNED'
      WHEN u.shipped = u.ordered THEN 'FULFILLED' ELSE 'PARTIALLY_FULFILLED' END`,
  'the stage of an order agrees with its goods': `
    SELECT o.id FROM orders.orders o
    WHERE (o.status = 'COMPLETED') <> (o.fulfillment_status IN ('FULFILLED', 'RETURNED')
        AND NOT EXISTS (SELECT FROM orders.shipments s WHERE s.order_id = o.id AND s.status <> 'DELIVERED'))
      OR (o.status IN ('DRAFT', 'PENDING', 'CANCELED') AND o.fulfillment_status <> 'UNFULFILLED')`,
  'reserved stock is what placed orders still have to ship': `
    SELECT v.id FROM orders.product_variants v
    LEFT JOIN (SELECT l.variant_id, sum(l.quantity - l.shipped_quantity) AS units FROM orders.order_lines l
      JOIN orders.orders o ON o.id = l.order_id AND o.status IN ('PENDING', 'CONFIRMED') GROUP BY 1) r ON r.variant_id = v.id
    WHERE v.stock_reserved <> coalesce(r.units, 0)`,
  'a discount code was used by the orders that stand with it': `
    SELECT c.code FROM orders.discount_codes c LEFT JOIN (SELECT d.code, count(*) AS orders FROM orders.order_discounts d
      JOIN orders.orders o ON o.id = d.order_id AND o.status IN ('PENDING', 'CONFIRMED', 'COMPLETED') GROUP BY 1) u ON u.code = c.code
    WHERE c.used <> coalesce(u.orders, 0)`,
  'an order remembers the codes of its discounts': `
    SELECT o.id FROM orders.orders o WHERE o.discount_codes <> ARRAY(SELECT d.code FROM orders.order_discounts d
      WHERE d.order_id = o.id AND d.code IS NOT NULL ORDER BY d.position)`,
  'the next order number is free': `
    SELECT number FROM orders.orders, orders.order_numbers s WHERE substr(number, 3)::bigint > s.last_value`,
  'orders know everybody, and who belongs to which organization': `
    SELECT 'user' AS what, id FROM users.users u FULL JOIN orders.user_copies c USING (id)
      WHERE u.status IS DISTINCT FROM c.status OR c.version > u.version
    UNION ALL SELECT 'membership', id FROM users.memberships m
      FULL JOIN (SELECT * FROM orders.membership_copies WHERE role IS NOT NULL) c USING (id)
      WHERE (m.organization_id, m.user_id, m.role, m.version) IS DISTINCT FROM (c.organization_id, c.user_id, c.role, c.version)`,
  'a draft for an organization is one of a member who may order': `
    SELECT o.id FROM orders.orders o WHERE o.status = 'DRAFT' AND o.buyer_id IS NOT NULL AND o.organization_id IS NOT NULL
      AND NOT EXISTS (SELECT FROM users.memberships m
        WHERE m.user_id = o.buyer_id AND m.organization_id = o.organization_id AND m.role <> 'VIEWER')`,
  'every placed order has an invoice, unless it was placed a moment ago': `
    SELECT o.id FROM orders.orders o
    WHERE (o.placed_at IS NOT NULL AND o.payment_status <> 'NOT_INVOICED')
      <> EXISTS (SELECT FROM billing.invoices i WHERE i.order_id = o.id)`,
  'an invoice demands what its order costs, from the same owners': `
    SELECT i.id FROM billing.invoices i JOIN orders.orders o ON o.id = i.order_id
    WHERE (i.total_minor, i.tax_minor, i.currency, i.order_number) <> (o.total_minor, o.tax_minor, o.currency, o.number)
      OR (i.customer_id, i.organization_id, i.partner_organization_id)
        IS DISTINCT FROM (o.buyer_id, o.organization_id, o.partner_organization_id)`,
  'an invoice belongs to an order that exists, or is a draft': `
    SELECT i.id FROM billing.invoices i LEFT JOIN orders.orders o ON o.id = i.order_id
    WHERE (i.status = 'DRAFT') <> (o.id IS NULL)`,
  'an invoice is charged to the account of the organization, else of the person': `
    SELECT i.id FROM billing.invoices i JOIN billing.billing_accounts a ON a.id = i.account_id
    WHERE (a.owner_type, a.owner_id) <> (CASE WHEN i.organization_id IS NULL THEN 'USER' ELSE 'ORGANIZATION' END,
      coalesce(i.organization_id, i.customer_id))`,
  'an invoice is the sum of its lines': `
    SELECT i.id FROM billing.invoices i
    JOIN LATERAL (SELECT sum(total_minor) AS total, sum(tax_minor) AS tax FROM billing.invoice_lines WHERE invoice_id = i.id) l ON true
    WHERE (i.total_minor, i.tax_minor) IS DISTINCT FROM (l.total, l.tax)`,
  'the tax of an invoice line is the sum of its taxes': `
    SELECT l.id FROM billing.invoice_lines l
    LEFT JOIN (SELECT invoice_line_id, sum(amount_minor) AS amount FROM billing.invoice_line_taxes GROUP BY 1) t
      ON t.invoice_line_id = l.id
    WHERE l.tax_minor <> coalesce(t.amount, 0)`,
  'an invoice has received what its payments captured': `
    SELECT i.id FROM billing.invoices i
    LEFT JOIN (SELECT invoice_id, sum(captured_minor) AS captured, sum(refunded_minor) AS refunded,
      sum(amount_minor) FILTER (WHERE state = 'AUTHORIZED') AS authorized FROM billing.payments GROUP BY 1) p ON p.invoice_id = i.id
    WHERE (i.paid_minor, i.refunded_minor, i.authorized_minor)
      <> (coalesce(p.captured, 0), coalesce(p.refunded, 0), coalesce(p.authorized, 0))`,
  'an invoice without anything due is paid': `
    SELECT id FROM billing.invoices WHERE (status = 'PAID') <> (status IN ('OPEN', 'PAID') AND due_minor = 0)`,
  'the numbers of invoices have no gaps': `
    SELECT number FROM (SELECT number, substr(number, 5)::int - row_number() OVER (ORDER BY substr(number, 5)::int) AS shift
      FROM billing.invoices WHERE number IS NOT NULL) n WHERE shift <> 100000`,
  'the payment status of an order is what billing derives': `
    SELECT o.id FROM orders.orders o LEFT JOIN LATERAL (SELECT * FROM billing.invoices WHERE order_id = o.id
      ORDER BY status = 'VOID', created_at DESC LIMIT 1) i ON true
    WHERE o.payment_status <> CASE WHEN i.id IS NULL THEN 'NOT_INVOICED' WHEN i.status = 'VOID' THEN 'VOIDED'
      WHEN i.refunded_minor > 0 THEN CASE WHEN i.refunded_minor = i.paid_minor THEN 'REFUNDED' ELSE 'PARTIALLY_REFUNDED' END
      WHEN i.due_minor = 0 THEN 'PAID' WHEN i.paid_minor > 0 THEN 'PARTIALLY_PAID'
      WHEN i.authorized_minor > 0 THEN 'AUTHORIZED' ELSE 'UNPAID' END`,
  'every posting balances in each currency': `
    SELECT t.id FROM billing.ledger_transactions t LEFT JOIN billing.ledger_entries e ON e.transaction_id = t.id
    GROUP BY t.id, e.currency
    HAVING coalesce(sum(CASE e.side WHEN 'DEBIT' THEN e.amount_minor ELSE -e.amount_minor END), -1) <> 0`,
  'receivables are what open invoices have due': `
    SELECT currency FROM (
      SELECT currency, sum(CASE side WHEN 'DEBIT' THEN amount_minor ELSE -amount_minor END) AS amount
      FROM billing.ledger_entries WHERE account_code = '1200-receivables' GROUP BY 1) ledger
    FULL JOIN (SELECT currency, sum(due_minor) AS due FROM billing.invoices WHERE status = 'OPEN' GROUP BY 1) open USING (currency)
    WHERE coalesce(amount, 0) <> coalesce(due, 0)`,
  'balances are the sums of the customers’ sub-accounts': `
    SELECT account_id FROM (
      SELECT sub_account_id AS account_id, currency, sum(CASE side WHEN 'CREDIT' THEN amount_minor ELSE -amount_minor END) AS amount
      FROM billing.ledger_entries WHERE account_code = '2100-customer-balances' GROUP BY 1, 2) ledger
    FULL JOIN billing.account_balances b USING (account_id, currency)
    WHERE coalesce(amount, 0) <> coalesce(available_minor, 0)`,
  'every finalized invoice and every captured payment was posted': `
    SELECT id FROM billing.invoices i WHERE (status <> 'DRAFT') <> EXISTS (SELECT FROM billing.ledger_transactions t
      WHERE (t.kind, t.source_type, t.source_id) = ('invoice_finalized', 'Invoice', i.id))
    UNION ALL SELECT id FROM billing.payments p WHERE (captured_minor > 0) <> EXISTS (SELECT FROM billing.ledger_transactions t
      WHERE (t.kind, t.source_type, t.source_id) = ('payment_captured', 'Payment', p.id))`,
  'people and organizations that are referred to exist': `
    SELECT o.id FROM orders.orders o LEFT JOIN users.users u ON u.id = o.buyer_id
      LEFT JOIN users.organizations g ON g.id = o.organization_id LEFT JOIN users.organizations p ON p.id = o.partner_organization_id
    WHERE (o.buyer_id IS NULL) <> (u.id IS NULL) OR (o.organization_id IS NULL) <> (g.id IS NULL)
      OR (o.partner_organization_id IS NULL) <> (p.id IS NULL) OR p.kind <> 'PARTNER'`,
  'whoever orders for an organization is a member who may': `
    SELECT o.id FROM orders.orders o LEFT JOIN users.memberships m ON (m.organization_id, m.user_id) = (o.organization_id, o.buyer_id)
    WHERE o.organization_id IS NOT NULL AND o.buyer_id IS NOT NULL AND (m.id IS NULL OR m.role = 'VIEWER')`,
  'nobody orders before their account exists': `
    SELECT o.id FROM orders.orders o JOIN users.users u ON u.id = o.buyer_id WHERE o.created_at < u.created_at`,
  'nothing is later than the start of the day': `
    SELECT id FROM orders.orders WHERE greatest(updated_at, placed_at, canceled_at) > $1
    UNION ALL SELECT id FROM orders.order_events WHERE created_at > $1
    UNION ALL SELECT id FROM orders.shipments WHERE updated_at > $1
    UNION ALL SELECT id FROM billing.invoices WHERE updated_at > $1
    UNION ALL SELECT id FROM billing.payments WHERE updated_at > $1
    UNION ALL SELECT id FROM billing.ledger_transactions WHERE posted_at > $1
    UNION ALL SELECT id FROM users.users WHERE greatest(updated_at, last_sign_in_at) > $1
    UNION ALL SELECT id FROM users.memberships WHERE updated_at > $1`,
  'the timeline starts with the draft, ends with the last change, and has one entry per version': `
    SELECT o.id FROM orders.orders o JOIN LATERAL (SELECT count(*) AS entries, max(created_at) AS last,
      (array_agg(type ORDER BY id))[1] AS first FROM orders.order_events WHERE order_id = o.id) e ON true
    WHERE (e.entries, e.last, e.first) IS DISTINCT FROM (o.version, o.updated_at, 'CREATED')`,
  'ids are UUIDs version 7 of the time of creation': `
    SELECT id FROM (SELECT id, created_at FROM orders.orders UNION ALL SELECT id, created_at FROM billing.invoices
      UNION ALL SELECT id, created_at FROM users.users UNION ALL SELECT id, created_at FROM orders.order_events) r
    WHERE substr(id::text, 15, 1) <> '7'
      OR ('x' || lpad(replace(substr(id::text, 1, 13), '-', ''), 16, '0'))::bit(64)::bigint <> extract(epoch FROM created_at) * 1000`,
};
