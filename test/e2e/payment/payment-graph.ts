import { randomUUID } from 'node:crypto';

import Fastify from 'fastify';
import { vi } from 'vitest';

import { createPaymentWebhookRoutes } from '@tributary/billing/provider/webhook.routes';
import { createLogger, startWith, systemClock } from '@tributary/kit';

import {
  adapterFor,
  IMPATIENT_MS,
  providerConfig,
  startProvider,
} from '../../integration/app/development/payment-provider/provider-world.ts';
import { insertFixture } from '../../kit/fixture.ts';
import { startTestGraph } from '../../kit/graph.ts';
import type { TestGraph } from '../../kit/graph.ts';
import { startTestPostgres } from '../../kit/postgres.ts';
import type { TestDatabase } from '../../kit/postgres.ts';
import { buyer, changeOrder, placeOrder, saveCard } from '../buying.ts';

// The whole graph with events flowing, and the payment provider of development behind HTTP on both ways: requests to it, and its webhooks.

export interface PaymentGraph extends AsyncDisposable {
  database: TestDatabase;
  graph: TestGraph;
  /** A card of the buyer that does what the token of the development provider says. Returns its id. */
  saveCard(token: string): Promise<string>;
  /** Places an order that nobody pays yet. Resolves when it has its invoice. */
  placeOrder(): Promise<{ orderId: string; version: number; invoiceId: string }>;
  cancelOrder(order: { orderId: string; version: number }): Promise<void>;
  pay(invoiceId: string, paymentMethodId: string | null, amountMinor?: string): Promise<Record<string, unknown>>;
  ask<Data>(query: string, variables?: Record<string, unknown>): Promise<Data>;
}

export const SOON = { timeout: 15_000, interval: 100 };

const logger = createLogger({ level: 'silent', name: 'test' });

export function startPaymentGraph(): Promise<PaymentGraph> {
  return startWith(async (stack) => {
    const database = await startTestPostgres();
    stack.defer(async () => database[Symbol.asyncDispose]());
    await insertFixture(database.client);
    // Its money was never posted; here the books have to balance.
    await database.query('TRUNCATE billing.invoices, billing.account_balances CASCADE');
    await database.query('UPDATE orders.product_variants SET stock_on_hand = 1000');

    const shop = Fastify({ logger: false, forceCloseConnections: true });
    stack.defer(async () => shop.close());
    // Where events go is known only when the shop listens.
    const config = providerConfig(database, { webhookUrl: '' });
    await shop.register(
      createPaymentWebhookRoutes({
        secrets: [config.webhook.secret],
        onEvent: (event) => graph.subgraphs.billing.applyProviderEvent!(event),
        clock: systemClock,
        logger,
      }),
    );
    const url = `${await shop.listen({ host: '127.0.0.1', port: 0 })}/webhooks/payments`;
    const provider = await startProvider({ ...config, webhook: { ...config.webhook, url } });
    stack.use(provider);
    const graph: TestGraph = await startTestGraph({
      database,
      workers: true,
      payments: {
        provider: adapterFor(provider.url, IMPATIENT_MS),
        webhookSecrets: [config.webhook.secret],
        settings: { pollMs: 50, leaseMs: 5_000, reconcileAfterMs: 300 },
      },
    });
    stack.defer(async () => graph[Symbol.asyncDispose]());

    async function ask<Data>(query: string, variables: Record<string, unknown> = {}): Promise<Data> {
      const { data, errors } = await graph.ask({ query, variables, as: buyer });
      if (errors) throw new Error(JSON.stringify(errors));
      return data as Data;
    }

    return {
      database,
      graph,
      ask,
      saveCard: (token) => saveCard(database, 'devpay', token),
      async placeOrder() {
        const placed = await placeOrder(graph, buyer);
        const invoiceId = await vi.waitFor(async () => {
          const { order } = await ask<{ order: { invoice: { id: string } | null } }>(
            'query ($id: ID!) { order(id: $id) { invoice { id } } }',
            { id: placed.id },
          );
          if (!order.invoice) throw new Error('The order was not invoiced.');
          return order.invoice.id;
        }, SOON);
        return { orderId: placed.id, version: placed.version, invoiceId };
      },
      async cancelOrder({ orderId }) {
        const { order } = await ask<{ order: { version: number } }>('query ($id: ID!) { order(id: $id) { version } }', {
          id: orderId,
        });
        const input = { id: orderId, expectedVersion: order.version, reason: 'CUSTOMER', idempotencyKey: randomUUID() };
        await changeOrder(graph, buyer, 'orderCancel', input);
      },
      async pay(invoiceId, paymentMethodId, amountMinor) {
        const amount = amountMinor === undefined ? null : { amountMinor, currency: 'EUR' };
        const { invoicePay } = await ask<{ invoicePay: Record<string, unknown> }>(
          `mutation ($input: InvoicePayInput!) { invoicePay(input: $input) {
            replayed invoice { status order { number } } payment { id state } userErrors { code field } } }`,
          { input: { invoiceId, paymentMethodId, amount, idempotencyKey: randomUUID() } },
        );
        return invoicePay;
      },
      [Symbol.asyncDispose]: () => stack.stop(),
    };
  });
}
