import type { OrderDeadlines } from '@tributary/orders';

import { insertFixture, objects, organizations } from '../../kit/fixture.ts';
import { startTestGraph } from '../../kit/graph.ts';
import type { TestGraph } from '../../kit/graph.ts';
import type { TokenSubject } from '../../kit/issuer.ts';
import { startTestPostgres } from '../../kit/postgres.ts';
import type { TestDatabase } from '../../kit/postgres.ts';
import { startTestProvider, WEBHOOK_SECRET } from '../../kit/test-provider.ts';
import type { TestProvider } from '../../kit/test-provider.ts';
import { changeOrder, placeOrder, saveCard } from '../buying.ts';
import type { PlacedOrder, Purchase } from '../buying.ts';

// The whole graph with events flowing between its subgraphs, and a payment provider that does what a card's token says.

export interface CheckoutGraph extends AsyncDisposable {
  database: TestDatabase;
  graph: TestGraph;
  provider: TestProvider;
  /** A card of the buyer that does what `token` says. Returns its id. */
  saveCard(token: string): Promise<string>;
  /** Runs a mutation that must not be refused, and returns the order in its payload. */
  change(as: TokenSubject, mutation: string, input: Record<string, unknown>): Promise<PlacedOrder>;
  /** Drafts and places an order for lamps. */
  placeOrder(as: TokenSubject, purchase?: Purchase): Promise<PlacedOrder>;
  /** The order with its money, as its buyer sees it. */
  look(as: TokenSubject, id: string): Promise<Record<string, unknown>>;
  /** Lamps that are promised. */
  lampsReserved(): Promise<number>;
}

export const organizationBuyer: TokenSubject = { subject: 'organizationBuyer' };
export const billingManager: TokenSubject = { subject: 'billingManager' };

export async function startCheckoutGraph(deadlines: Partial<OrderDeadlines> = {}): Promise<CheckoutGraph> {
  const database = await startTestPostgres();
  await insertFixture(database.client);
  await database.query('UPDATE billing.billing_accounts SET credit_limit_minor = 100000 WHERE owner_id = $1', [
    organizations.buying,
  ]);
  // Its money was never posted; here the books have to balance.
  await database.query('TRUNCATE billing.invoices, billing.account_balances CASCADE');
  const provider = startTestProvider();
  const graph = await startTestGraph({
    database,
    workers: true,
    payments: { provider, webhookSecrets: [WEBHOOK_SECRET], settings: { pollMs: 50 } },
    deadlines: { checkIntervalMs: 50, ...deadlines },
  });

  return {
    database,
    graph,
    provider,
    change: (...wanted) => changeOrder(graph, ...wanted),
    saveCard: (token) => saveCard(database, provider.name, token),
    placeOrder: (...wanted) => placeOrder(graph, ...wanted),
    async look(as, id) {
      const { data, errors } = await graph.ask({
        query: `query ($id: ID!) { order(id: $id) { status paymentStatus outstandingAmount { amountMinor }
          invoice { status } timeline { nodes { type } } } }`,
        variables: { id },
        as,
      });
      if (errors) throw new Error(JSON.stringify(errors));
      const { timeline, outstandingAmount, invoice, ...order } = data!.order as Record<string, never> & {
        timeline: { nodes: { type: string }[] };
        outstandingAmount: { amountMinor: string } | null;
        invoice: { status: string } | null;
      };
      return {
        ...order,
        outstanding: outstandingAmount?.amountMinor ?? null,
        invoice: invoice?.status ?? null,
        timeline: timeline.nodes.map(({ type }) => type).toReversed(),
      };
    },
    async lampsReserved() {
      const [row] = await database.query<{ reserved: number }>(
        'SELECT stock_reserved AS reserved FROM orders.product_variants WHERE id = $1',
        [objects.ProductVariant],
      );
      return row!.reserved;
    },
    async [Symbol.asyncDispose]() {
      await graph[Symbol.asyncDispose]();
      await database[Symbol.asyncDispose]();
    },
  };
}
