import { randomUUID } from 'node:crypto';

import { createBillingSubgraph } from '@tributary/billing';
import type { BillingSubgraph } from '@tributary/billing';
import { handlers } from '@tributary/billing/handlers';
import { postTransaction } from '@tributary/billing/ledger/ledger.repository';
import { goodwillGranted } from '@tributary/billing/ledger/postings';
import { createAskingJobs } from '@tributary/billing/payment/ask-provider';
import { PAYMENT_SETTINGS } from '@tributary/billing/payment/payment-settings';
import type { PaymentSettings } from '@tributary/billing/payment/payment-settings';
import { ALL_WALLS, createConsumer, createLogger, newUuid, SYSTEM } from '@tributary/kit';
import type { Consumer, EventEnvelope, Job, Principal } from '@tributary/kit';

import { FIELD_KEYS, fieldCipher, storedToken } from '../../kit/field-keys.ts';
import { expectBalancedBooks } from '../../kit/ledger-check.ts';
import { startTestPostgres } from '../../kit/postgres.ts';
import type { TestDatabase } from '../../kit/postgres.ts';
import { startTestProvider, WEBHOOK_SECRET } from '../../kit/test-provider.ts';
import type { TestProvider } from '../../kit/test-provider.ts';
import { billTo, NOW } from './billing-world.ts';

// Billing with a payment provider of the test's own, and told of orders by their events. Nothing is sent to the provider, and no outcome is
// asked for, until the test says so.

export interface PaymentWorld extends AsyncDisposable {
  database: TestDatabase;
  subgraph: BillingSubgraph;
  provider: TestProvider;
  consumer: Consumer;
  jobs: readonly Job[];
  /** A person or an organization with an account. */
  addCustomer(options?: CustomerOptions): Promise<Customer>;
  /** Tells billing of an order. Returns its id. */
  placeOrder(customer: Customer, options?: OrderOptions): Promise<string>;
  cancelOrder(orderId: string, reason?: string): Promise<void>;
  /** Sends, and asks for, whatever is due until nothing changes. */
  settle(): Promise<void>;
  invoiceOf(orderId: string): Promise<InvoiceRow>;
  /** Oldest first. */
  paymentsOf(orderId: string): Promise<PaymentRow[]>;
  /** States of those payments. */
  statesOf(orderId: string): Promise<string[]>;
  /** What other subgraphs were told about an order: types with the payment status, oldest first. */
  told(orderId: string): Promise<string[]>;
  /** What a customer has, in minor units. */
  balanceOf(customer: Customer): Promise<bigint>;
  run<Data>(principal: Principal | null, query: string, variables: object): Promise<{ data: Data; errors: string[] }>;
  /** Lets the provider do right by what a test left behind, after which the books have to balance. */
  finish(): Promise<void>;
}

export interface CustomerOptions {
  ownerType?: 'USER' | 'ORGANIZATION';
  ownerId?: string;
  /** What a saved card does; left out: none is saved. */
  card?: string;
  creditLimitMinor?: bigint;
  balanceMinor?: bigint;
}

export interface Customer {
  ownerType: 'USER' | 'ORGANIZATION';
  ownerId: string;
  accountId: string;
  methodId: string;
}

export interface OrderOptions {
  totalMinor?: bigint;
  currency?: string;
  /** Pays with the saved card. */
  withCard?: boolean;
  paymentMethodId?: string;
  buyerId?: string;
  partnerOrganizationId?: string;
}

interface InvoiceRow {
  [column: string]: unknown;
  id: string;
  status: string;
}

interface PaymentRow {
  [column: string]: unknown;
  id: string;
  state: string;
  provider_idempotency_key: string;
}

const logger = createLogger({ level: 'silent', name: 'test' });

export async function startPaymentWorld(given: Partial<PaymentSettings> = {}): Promise<PaymentWorld> {
  const database = await startTestPostgres();
  const provider = startTestProvider();
  // What is owed may be asked for at once.
  const settings = { ...PAYMENT_SETTINGS, reconcileAfterMs: 0, ...given };
  const subgraph = await createBillingSubgraph({
    databaseUrl: database.urls.billing,
    cursorKey: new Uint8Array(32),
    linkKey: new Uint8Array(32),
    fieldKeys: FIELD_KEYS,
    publicBaseUrl: 'http://billing.test',
    logger,
    clock: { now: () => NOW },
    payments: { provider, webhookSecrets: [WEBHOOK_SECRET], settings },
  });
  const { writer } = subgraph;
  const parts = { schema: 'billing', handlers, database: subgraph.database, writer, walls: ALL_WALLS, logger };
  const consumer = createConsumer(parts);
  const jobs = createAskingJobs({
    database: subgraph.database,
    writer,
    provider,
    cipher: fieldCipher,
    settings,
    logger,
  });
  const { signal } = new AbortController();
  let orders = 0;

  const insert = async (table: string, row: Record<string, unknown>) => {
    const columns = Object.keys(row);
    const values = columns.map((_, index) => `$${index + 1}`).join(', ');
    await database.query(`INSERT INTO ${table} (${columns.join(', ')}) VALUES (${values})`, Object.values(row));
  };

  const world: PaymentWorld = {
    database,
    subgraph,
    provider,
    consumer,
    jobs,
    async addCustomer({ ownerType = 'USER', ownerId = randomUUID(), ...options } = {}) {
      const [accountId, methodId] = [newUuid(NOW), newUuid(NOW)];
      await insert('billing.billing_accounts', {
        id: accountId,
        owner_type: ownerType,
        owner_id: ownerId,
        currency: 'EUR',
        payment_term_days: 14,
        credit_limit_minor: options.creditLimitMinor ?? 0n,
      });
      if (options.card !== undefined)
        await insert('billing.payment_methods', {
          id: methodId,
          account_id: accountId,
          type: 'CARD',
          provider: provider.name,
          provider_token_enc: storedToken(methodId, options.card),
          brand: 'visa',
          last4: '4242',
          is_default: true,
        });
      const { balanceMinor } = options;
      if (balanceMinor !== undefined)
        await writer.write({ actor: SYSTEM, traceparent: null }, (tx) =>
          postTransaction(
            tx,
            goodwillGranted({ id: newUuid(NOW), currency: 'EUR', amountMinor: balanceMinor }, accountId),
          ),
        );
      return { ownerType, ownerId, accountId, methodId };
    },
    async placeOrder(customer, options = {}) {
      const event = orderPlaced(`TR${(orders += 1)}`, customer, options);
      await consumer.deliver(event, 1);
      return event.aggregateId;
    },
    cancelOrder: (orderId, reason) => consumer.deliver(orderCanceled(orderId, reason), 1),
    async settle() {
      for (let before = ''; ;) {
        for (const job of jobs) await job.run(signal);
        const [now] = await database.query<{ state: string }>(
          `SELECT jsonb_agg(to_jsonb(s) - 'ask_at')::text AS state FROM (
            SELECT id, version, provider_reference, sent_at IS NULL AS unsent, ask_at FROM billing.payments
            UNION ALL SELECT id, version, provider_reference, sent_at IS NULL, ask_at FROM billing.refunds ORDER BY 1) s`,
        );
        if (now!.state === before) return;
        before = now!.state;
      }
    },
    async invoiceOf(orderId) {
      const [invoice] = await database.query<InvoiceRow>(
        `SELECT * FROM billing.invoices WHERE order_id = $1 ORDER BY status = 'VOID', created_at DESC`,
        [orderId],
      );
      return invoice!;
    },
    paymentsOf: (orderId) =>
      database.query(
        `SELECT p.* FROM billing.payments p JOIN billing.invoices i ON i.id = p.invoice_id WHERE i.order_id = $1
          ORDER BY p.created_at, p.id`,
        [orderId],
      ),
    statesOf: async (orderId) => (await world.paymentsOf(orderId)).map(({ state }) => state),
    async told(orderId) {
      const rows = await database.query<{ told: string }>(
        `SELECT type || ' ' || (payload->>'paymentStatus') AS told FROM billing.outbox
          WHERE payload->>'orderId' = $1 AND published_at IS NULL ORDER BY position`,
        [orderId],
      );
      return rows.map(({ told }) => told);
    },
    async balanceOf({ accountId }) {
      const [row] = await database.query<{ minor: string }>(
        'SELECT coalesce(sum(available_minor), 0) AS minor FROM billing.account_balances WHERE account_id = $1',
        [accountId],
      );
      return BigInt(row!.minor);
    },
    async run<Data>(principal: Principal | null, query: string, variables: object) {
      const call = { principal, requestId: 'test', deadline: Number.MAX_SAFE_INTEGER };
      const { data, errors = [] } = await subgraph.execute({ query, variables: { ...variables } }, call);
      return {
        data: JSON.parse(JSON.stringify(data ?? null)) as Data,
        errors: errors.map(({ path = [], extensions }) => `${path.join('.')} ${String(extensions.code)}`),
      };
    },
    async finish() {
      provider.behave('clear');
      await world.settle();
      await expectBalancedBooks(database);
    },
    async [Symbol.asyncDispose]() {
      await subgraph.stop();
      await database[Symbol.asyncDispose]();
    },
  };
  return world;
}

const envelope = (type: string, orderId: string, data: Readonly<Record<string, unknown>>): EventEnvelope => ({
  id: newUuid(NOW),
  type,
  schemaVersion: 1,
  occurredAt: NOW.toISOString(),
  aggregateType: 'Order',
  aggregateId: orderId,
  aggregateVersion: 2,
  actor: SYSTEM,
  traceparent: null,
  data,
});

/** One line with 20 % tax in the total, rounded down. */
export function orderPlaced(number: string, customer: Customer, options: OrderOptions = {}): EventEnvelope {
  const { totalMinor = 1200n, currency = 'EUR', withCard = false } = options;
  const taxMinor = totalMinor / 6n;
  const netMinor = totalMinor - taxMinor;
  const amounts = { taxMinor: String(taxMinor), totalMinor: String(totalMinor) };
  const tax = { title: 'VAT', rate: '0.2', jurisdiction: 'AT', amountMinor: String(taxMinor) };
  return envelope('order.placed', newUuid(NOW), {
    number,
    buyerId: options.buyerId ?? (customer.ownerType === 'USER' ? customer.ownerId : null),
    organizationId: customer.ownerType === 'ORGANIZATION' ? customer.ownerId : null,
    partnerOrganizationId: options.partnerOrganizationId ?? null,
    currency,
    subtotalMinor: String(netMinor),
    discountMinor: '0',
    shippingMinor: '0',
    ...amounts,
    placedAt: NOW.toISOString(),
    paymentMethodId: options.paymentMethodId ?? (withCard ? customer.methodId : null),
    billTo,
    lines: [
      {
        sku: 'LAMP-1',
        title: 'Desk lamp',
        quantity: 1,
        unitPriceMinor: String(netMinor),
        discountMinor: '0',
        ...amounts,
        taxes: [tax],
      },
    ],
  });
}

export const orderCanceled = (orderId: string, reason = 'CUSTOMER'): EventEnvelope =>
  envelope('order.canceled', orderId, { number: 'TR', reason });

export const person = (
  customer: Customer,
  principal: Partial<Extract<Principal, { type: 'user' }>> = {},
): Principal => ({
  type: 'user',
  userId: customer.ownerId,
  roles: ['CUSTOMER'],
  scopes: ['billing:read', 'billing:pay'],
  memberships: [],
  authTime: null,
  amr: [],
  ...principal,
});
