import { beforeAll, describe, expect, test } from 'vitest';

import { DEVELOPMENT_ISSUER, demoFacts, personas, SEED_SIZES } from '@tributary/app/seed/index';

import { startTestPostgres } from '../../../kit/postgres.ts';
import type { TestDatabase } from '../../../kit/postgres.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await startTestPostgres({ seed: 'demo' });
  return () => database[Symbol.asyncDispose]();
});

/** The first column of the first row. */
async function valueOf<T>(text: string, ...values: unknown[]): Promise<T> {
  const [row] = await database.query<Record<string, T>>(text, values);
  return Object.values(row!)[0]!;
}
const count = (from: string, ...values: unknown[]) => valueOf<number>(`SELECT count(*)::int FROM ${from}`, ...values);

/** Every value of an enum column, with how often it occurs. */
async function occurrences(table: string, column: string): Promise<Record<string, number>> {
  const rows = await database.query<{ value: string; count: number }>(
    `SELECT ${column} AS value, count(*)::int AS count FROM ${table} WHERE ${column} IS NOT NULL GROUP BY 1`,
  );
  return Object.fromEntries(rows.map(({ value, count: found }) => [value, found]));
}

describe('the company', () => {
  test('has its size', async () => {
    expect({
      users: await count('users.users'),
      organizations: await count('users.organizations'),
      products: await count('orders.products'),
      orders: await count('orders.orders'),
    }).toEqual(SEED_SIZES.demo);
    expect(await count('orders.product_variants')).toBeGreaterThanOrEqual(100);
    expect(await count('billing.invoices')).toBeGreaterThanOrEqual(1_900);
  });

  test.each([
    ['users.users', 'status', ['INVITED', 'ACTIVE', 'SUSPENDED', 'ERASED']],
    ['users.user_roles', 'role', ['CUSTOMER', 'SUPPORT', 'FINANCE', 'ADMIN']],
    ['users.organizations', 'kind', ['BUYER', 'PARTNER']],
    ['users.memberships', 'role', ['OWNER', 'BILLING_MANAGER', 'BUYER', 'VIEWER']],
    ['users.api_clients', 'status', ['ACTIVE', 'REVOKED']],
    ['orders.orders', 'status', ['DRAFT', 'PENDING', 'CONFIRMED', 'COMPLETED', 'CANCELED']],
    ['orders.orders', 'fulfillment_status', ['UNFULFILLED', 'PARTIALLY_FULFILLED', 'FULFILLED', 'RETURNED']],
    ['orders.orders', 'payment_status', ['NOT_INVOICED', 'UNPAID', 'AUTHORIZED', 'PARTIALLY_PAID', 'PAID', 'PARTIALLY_REFUNDED', 'REFUNDED', 'VOIDED']],
    ['orders.orders', 'channel', ['WEB', 'SUPPORT', 'PARTNER_API']],
    ['orders.orders', 'cancel_reason', ['CUSTOMER', 'FRAUD', 'INVENTORY', 'PAYMENT', 'OTHER']],
    ['orders.shipments', 'status', ['PENDING', 'SHIPPED', 'DELIVERED']],
    ['orders.order_returns', 'status', ['REQUESTED', 'APPROVED', 'DECLINED', 'RECEIVED']],
    ['billing.invoices', 'status', ['DRAFT', 'OPEN', 'PAID', 'VOID', 'UNCOLLECTIBLE']],
    ['billing.payments', 'state', ['REQUIRES_ACTION', 'PROCESSING', 'AUTHORIZED', 'SUCCEEDED', 'FAILED', 'CANCELED']],
    ['billing.payments', 'method_type', ['CARD', 'DIRECT_DEBIT', 'BANK_TRANSFER']],
  ])('shows every %s.%s, each more than once where rows are many', async (table, column, values) => {
    const found = await occurrences(table, column);
    expect(Object.keys(found).sort()).toEqual([...values].sort());
    if (table !== 'users.api_clients') expect(Math.min(...Object.values(found))).toBeGreaterThanOrEqual(2);
  }); // prettier-ignore

  test('has people with one order and people with hundreds', async () => {
    const ordersOf = (customerNumber: string) =>
      count(
        'orders.orders o JOIN users.users u ON u.id = o.buyer_id WHERE legacy_customer_number = $1',
        customerNumber,
      );
    expect(await ordersOf(demoFacts.collectorCustomerNumber)).toBeGreaterThanOrEqual(400);
    for (const customerNumber of demoFacts.singleOrderCustomerNumbers) expect(await ordersOf(customerNumber)).toBe(1);
  });

  test('has a discount, a tax, an open and a paid invoice on its newest pages', async () => {
    const newestOrders =
      '(SELECT * FROM orders.orders WHERE placed_at IS NOT NULL ORDER BY placed_at DESC, id DESC LIMIT 20) o';
    expect(await count(`${newestOrders} WHERE discount_minor > 0`)).toBeGreaterThan(0);
    expect(await count(`${newestOrders} WHERE tax_minor > 0`)).toBeGreaterThan(0);
    const newestInvoices = '(SELECT * FROM billing.invoices ORDER BY created_at DESC, id DESC LIMIT 50) i';
    for (const status of ['OPEN', 'PAID'])
      expect(await count(`${newestInvoices} WHERE status = $1`, status), status).toBeGreaterThan(0);
  });

  test('has invoices past their due date, with reminders, and closed ones with a reason', async () => {
    const overdue = `billing.invoices WHERE status = 'OPEN' AND due_on < current_date`;
    expect(await count(overdue)).toBeGreaterThanOrEqual(20);
    expect(await count(`${overdue} AND reminder_count > 0`)).toBeGreaterThan(5);
    expect(
      await count(`billing.invoices WHERE status IN ('VOID', 'UNCOLLECTIBLE') AND char_length(close_reason) > 20`),
    ).toBeGreaterThan(20);
  });

  test('has orders with two invoices, of which one is void', async () => {
    expect(
      await count(`(SELECT order_id FROM billing.invoices WHERE order_id IS NOT NULL GROUP BY 1
        HAVING count(*) = 2 AND count(*) FILTER (WHERE status = 'VOID') = 1) twice`),
    ).toBeGreaterThan(5);
  });

  test('has lines with two taxes, lines free of tax, and every reading of an amount', async () => {
    expect(await count('orders.order_line_taxes WHERE position = 2')).toBeGreaterThan(0);
    expect(await count('orders.order_line_taxes WHERE rate = 0')).toBeGreaterThan(0);
    expect(Object.keys(await occurrences('orders.orders', 'currency')).sort()).toEqual([
      'CAD',
      'EUR',
      'GBP',
      'JPY',
      'USD',
    ]);
  });

  test('posted to the ledger in the last 90 days', async () => {
    const kinds = await occurrences(
      `(SELECT * FROM billing.ledger_transactions WHERE posted_at > now() - interval '90 days') t`,
      'kind',
    );
    expect(Object.keys(kinds)).toEqual(
      expect.arrayContaining([
        'invoice_finalized',
        'payment_captured',
        'credit_note_issued',
        'refund_succeeded',
        'invoice_voided',
      ]),
    );
  });
});

describe('a stranger', () => {
  test('has everything that strangers must not see', async () => {
    const [stranger] = await database.query(
      `SELECT email, phone, support_notes, oidc_subject FROM users.users WHERE legacy_customer_number = $1`,
      [demoFacts.strangerCustomerNumber],
    );
    expect(Object.values(stranger!)).not.toContain(null);
    expect(Object.values(personas).map((persona) => 'subject' in persona && persona.subject)).not.toContain(
      stranger!.oidc_subject,
    );
  });

  test('has an address book with a default', async () => {
    const addresses = `users.addresses a JOIN users.users u ON u.id = a.user_id WHERE u.legacy_customer_number = $1`;
    expect(await count(addresses, demoFacts.strangerCustomerNumber)).toBeGreaterThanOrEqual(2);
    expect(await count(`${addresses} AND a.is_default`, demoFacts.strangerCustomerNumber)).toBe(1);
  });

  test('has an order with score, notes, address, shipment, return, invoice and a refunded payment', async () => {
    expect(
      await count(
        `orders.orders o JOIN users.users u ON u.id = o.buyer_id JOIN orders.shipments s ON s.order_id = o.id
          JOIN orders.order_returns r ON r.order_id = o.id JOIN billing.invoices i ON i.order_id = o.id
          JOIN billing.payments p ON p.invoice_id = i.id
        WHERE u.legacy_customer_number = $1 AND o.risk_score IS NOT NULL AND o.internal_note IS NOT NULL
          AND o.customer_note IS NOT NULL AND o.shipping_address IS NOT NULL AND s.tracking_number IS NOT NULL
          AND p.provider_reference IS NOT NULL AND p.refunded_minor > 0`,
        demoFacts.strangerCustomerNumber,
      ),
    ).toBeGreaterThan(0);
  });

  test('has a captured payment without refunds', async () => {
    expect(
      await count(
        `billing.payments p JOIN billing.invoices i ON i.id = p.invoice_id JOIN users.users u ON u.id = i.customer_id
        WHERE u.legacy_customer_number = $1 AND p.captured_minor > 0 AND p.refunded_minor = 0`,
        demoFacts.strangerCustomerNumber,
      ),
    ).toBeGreaterThan(0);
  });

  test('who was erased keeps orders and invoices, and nothing personal', async () => {
    expect(
      await count(`orders.orders o JOIN users.users u ON u.id = o.buyer_id JOIN billing.invoices i ON i.order_id = o.id
        WHERE u.status = 'ERASED'`),
    ).toBeGreaterThanOrEqual(2);
    expect(await count(`users.addresses a JOIN users.users u ON u.id = a.user_id WHERE u.status = 'ERASED'`)).toBe(0);
    expect(
      await database.query(`SELECT u.id FROM users.users u LEFT JOIN orders.orders o ON o.buyer_id = u.id WHERE u.status = 'ERASED'
        AND (u.display_name <> 'Erased user' OR num_nonnulls(u.email, u.phone, u.support_notes, u.oidc_subject, o.shipping_address,
          o.billing_address, o.customer_note) > 0)`),
    ).toEqual([]);
  });
});

describe('the personas', () => {
  const person = (subject: string) =>
    `users.users u WHERE u.oidc_issuer = '${DEVELOPMENT_ISSUER}' AND u.oidc_subject = '${subject}'`;

  test.each([
    [personas.customer, 'CUSTOMER'],
    [personas.buyer, 'CUSTOMER'],
    [personas.support, 'SUPPORT'],
    [personas.finance, 'FINANCE'],
    [personas.admin, 'ADMIN'],
  ] as const)('$subject is active and has just the role %s', async ({ subject, displayName }, role) => {
    expect(
      await database.query(
        `SELECT u.display_name, u.status, array_agg(r.role) AS roles FROM users.users u JOIN users.user_roles r ON r.user_id = u.id
        WHERE u.oidc_issuer = $1 AND u.oidc_subject = $2 GROUP BY u.id`,
        [DEVELOPMENT_ISSUER, subject],
      ),
    ).toEqual([{ display_name: displayName, status: 'ACTIVE', roles: [role] }]);
  });

  test.each([personas.customer, personas.buyer])(
    '$subject has saved addresses, one of them the default',
    async ({ subject }) => {
      const addresses = `users.addresses a WHERE a.user_id = (SELECT u.id FROM ${person(subject)})`;
      expect(await count(addresses)).toBeGreaterThanOrEqual(2);
      expect(await count(`${addresses} AND a.is_default`)).toBe(1);
    },
  );

  test('the customer has orders in many states and a balance in euros', async () => {
    const id = await valueOf<string>(`SELECT u.id FROM ${person('customer')}`);
    const statuses = await occurrences(`(SELECT * FROM orders.orders WHERE buyer_id = '${id}') o`, 'status');
    expect(Object.keys(statuses).sort()).toEqual(['CANCELED', 'COMPLETED', 'CONFIRMED', 'DRAFT', 'PENDING']);
    expect(await count('users.memberships WHERE user_id = $1', id)).toBe(0);
    expect(
      await database.query(
        `SELECT a.currency, b.available_minor > 0 AS has_money, EXISTS (SELECT FROM billing.invoices i
          WHERE i.account_id = a.id AND i.status = 'OPEN' AND i.due_on < current_date) AS owes
        FROM billing.billing_accounts a JOIN billing.account_balances b ON b.account_id = a.id WHERE a.owner_id = $1`,
        [id],
      ),
    ).toEqual([{ currency: 'EUR', has_money: true, owes: true }]);
  });

  test('the buyer owns a company with every kind of member, free credit, and orders of several people', async () => {
    const id = await valueOf<string>(`SELECT u.id FROM ${person('buyer')}`);
    const [company] = await database.query<{ id: string; name: string; complete: boolean }>(
      `SELECT o.id, o.name, num_nulls(o.tax_id, o.legal_name) = 0 AS complete FROM users.organizations o
      JOIN users.memberships m ON m.organization_id = o.id AND m.role = 'OWNER' WHERE m.user_id = $1`,
      [id],
    );
    expect(company).toMatchObject({ name: demoFacts.buyingOrganization, complete: true });
    expect(
      Object.keys(
        await occurrences(`(SELECT * FROM users.memberships WHERE organization_id = '${company!.id}') m`, 'role'),
      ),
    ).toHaveLength(4);
    const orders = `orders.orders WHERE organization_id = '${company!.id}'`;
    expect(await count(`${orders} AND buyer_id = $1`, id)).toBeGreaterThanOrEqual(8);
    expect(await count(`(SELECT DISTINCT buyer_id FROM ${orders}) b`)).toBeGreaterThanOrEqual(4);
    expect(await count(`${orders} AND partner_organization_id IS NOT NULL`)).toBeGreaterThan(0);
    expect(
      await valueOf<number>(
        `SELECT (a.credit_limit_minor - sum(i.due_minor))::int FROM billing.billing_accounts a
        JOIN billing.invoices i ON i.account_id = a.id AND i.status = 'OPEN' WHERE a.owner_id = $1 GROUP BY a.id`,
        company!.id,
      ),
    ).toBeGreaterThan(100_000);
  });

  test('the partner is an active client of a partner organization with orders of its own', async () => {
    const { clientId, scopes } = personas.partner;
    const [client] = await database.query<{ organization_id: string }>(
      `SELECT c.organization_id, o.kind, o.name, c.status, c.scopes, s.hint FROM users.api_clients c
      JOIN users.organizations o ON o.id = c.organization_id JOIN users.api_client_secrets s ON s.client_id = c.id
      WHERE c.client_id = $1`,
      [clientId],
    );
    expect(client).toMatchObject({
      kind: 'PARTNER',
      name: demoFacts.partnerOrganization,
      status: 'ACTIVE',
      scopes: [...scopes],
    });
    const orders = `orders.orders WHERE partner_organization_id = '${client!.organization_id}'`;
    expect(await count(orders)).toBeGreaterThanOrEqual(100);
    expect(await count(`${orders} AND external_reference IS NULL`)).toBe(0);
    expect(await count(`${orders} AND buyer_id IS NULL`)).toBeGreaterThan(0);
    expect(await count(`${orders} AND organization_id <> partner_organization_id`)).toBeGreaterThan(0);
  });
});
