import { randomUUID } from 'node:crypto';

import { toGlobalId } from '@tributary/kit';
import type { OrderDeadlines } from '@tributary/orders';

import { storedToken } from '../../kit/field-keys.ts';
import { fixtureId, insertFixture, objects, organizations, people } from '../../kit/fixture.ts';
import { startTestGraph } from '../../kit/graph.ts';
import type { TestGraph } from '../../kit/graph.ts';
import type { TokenSubject } from '../../kit/issuer.ts';
import { startTestPostgres } from '../../kit/postgres.ts';
import type { TestDatabase } from '../../kit/postgres.ts';
import { startTestProvider, WEBHOOK_SECRET } from '../../kit/test-provider.ts';
import type { TestProvider } from '../../kit/test-provider.ts';

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
  placeOrder(
    as: TokenSubject,
    options?: { card?: string; forOrganization?: boolean; lamps?: number; codes?: string[] },
  ): Promise<PlacedOrder>;
  /** The order with its money, as its buyer sees it. */
  look(as: TokenSubject, id: string): Promise<Record<string, unknown>>;
  /** Lamps that are promised. */
  lampsReserved(): Promise<number>;
}

export interface PlacedOrder {
  id: string;
  number: string | null;
  status: string;
  version: number;
  total: { amountMinor: string; currency: string };
}

export const buyer: TokenSubject = { subject: 'buyer' };
export const organizationBuyer: TokenSubject = { subject: 'organizationBuyer' };
export const billingManager: TokenSubject = { subject: 'billingManager' };

const ADDRESS = { recipient: 'Ada Buyer', line1: 'Hauptplatz 1', city: 'Graz', postalCode: '8010', country: 'AT' };
const ORDER = 'order { id number status version total { amountMinor currency } }';
const ERRORS = 'userErrors { code field message }';

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

  const change: CheckoutGraph['change'] = async (as, mutation, input) => {
    const type = `${mutation[0]!.toUpperCase()}${mutation.slice(1)}Input!`;
    const { data, errors } = await graph.ask({
      query: `mutation ($input: ${type}) { ${mutation}(input: $input) { ${ORDER} ${ERRORS} } }`,
      variables: { input },
      as,
    });
    const payload = data?.[mutation] as { order: PlacedOrder | null; userErrors: unknown[] } | undefined;
    if (!payload?.order) throw new Error(JSON.stringify(errors ?? payload));
    return payload.order;
  };

  return {
    database,
    graph,
    provider,
    change,
    async saveCard(token) {
      const id = randomUUID();
      await database.query(
        `INSERT INTO billing.payment_methods (id, account_id, type, provider, provider_token_enc, brand, last4)
          SELECT $1, id, 'CARD', 'test', $2, 'visa', '4242' FROM billing.billing_accounts WHERE owner_id = $3`,
        [id, storedToken(id, token), people.buyer],
      );
      return toGlobalId('PaymentMethod', id);
    },
    async placeOrder(as, { card, forOrganization = false, lamps = 1, codes = [] } = {}) {
      const draft = await change(as, 'orderDraftSave', {
        lines: [{ variantId: fixtureId('ProductVariant'), quantity: lamps }],
        shippingAddress: ADDRESS,
        discountCodes: codes,
        ...(forOrganization && { organizationId: toGlobalId('Organization', organizations.buying) }),
      });
      return change(as, 'orderPlace', {
        id: draft.id,
        expectedVersion: draft.version,
        expectedTotal: draft.total,
        idempotencyKey: randomUUID(),
        paymentMethodId: card ?? null,
      });
    },
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
