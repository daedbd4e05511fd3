import { randomUUID } from 'node:crypto';

import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { demoFacts, DEVELOPMENT_ISSUER, personas } from '@tributary/app/seed/index';
import type { PersonaName } from '@tributary/app/seed/index';
import { toGlobalId } from '@tributary/kit/ids';
import type { IdType } from '@tributary/kit/ids';
import { workloadDocument } from '@tributary/schema';

import { startTestGraph } from '../kit/graph.ts';
import type { Statement, TestGraph } from '../kit/graph.ts';
import { personaSubject } from '../kit/personas.ts';
import { startTestPostgres } from '../kit/postgres.ts';
import type { TestDatabase } from '../kit/postgres.ts';
import { SUBGRAPHS } from '../kit/test-database.ts';
import type { SubgraphName } from '../kit/test-database.ts';

// The workload on the demo company, each operation as the person it is meant for, with the number of subgraph fetches and SQL
// statements it may cost. These numbers are a promise: a resolver that loads row by row breaks it.

interface Expectation {
  operation: string;
  as: PersonaName | null;
  variables: (graph: TestGraph) => Record<string, unknown> | Promise<Record<string, unknown>>;
  fetches: number;
  statements: Partial<Record<SubgraphName, number>>;
  check: (data: never) => void;
}

let database: TestDatabase;
const sample = { orderOfCustomer: '', orderOfOrganization: '', stranger: '', ids: [] as string[], number: '' };

beforeAll(async () => {
  database = await startTestPostgres({ seed: 'demo' });
  const first = async (type: IdType, text: string) => {
    const [row] = await database.query<{ id: string }>(text);
    return toGlobalId(type, row!.id);
  };
  sample.orderOfCustomer = await first(
    'Order',
    `SELECT o.id FROM orders.orders o JOIN users.users u ON u.id = o.buyer_id AND u.oidc_subject = 'customer'
     WHERE EXISTS (SELECT FROM orders.shipments s WHERE s.order_id = o.id) ORDER BY o.placed_at DESC LIMIT 1`,
  );
  sample.orderOfOrganization = await first(
    'Order',
    `SELECT o.id FROM orders.orders o JOIN users.organizations g ON g.id = o.organization_id AND g.name = '${demoFacts.buyingOrganization}'
     WHERE EXISTS (SELECT FROM orders.shipments s WHERE s.order_id = o.id) ORDER BY o.placed_at DESC LIMIT 1`,
  );
  sample.stranger = await first(
    'User',
    `SELECT u.id FROM users.users u WHERE oidc_subject <> 'customer' AND EXISTS (SELECT FROM users.memberships m WHERE m.user_id = u.id)
     AND EXISTS (SELECT FROM billing.invoices i WHERE i.customer_id = u.id AND status = 'OPEN') ORDER BY u.id LIMIT 1`,
  );
  const [order] = await database.query<{ number: string }>(
    `SELECT number FROM orders.orders WHERE status = 'CONFIRMED' ORDER BY placed_at DESC LIMIT 1`,
  );
  sample.number = order!.number;
  for (const [type, table] of [
    ['Order', 'orders.orders'],
    ['Invoice', 'billing.invoices'],
    ['User', 'users.users'],
  ] as const) {
    const rows = await database.query<{ id: string }>(`SELECT id FROM ${table} ORDER BY id LIMIT 10`);
    sample.ids.push(...rows.map(({ id }) => toGlobalId(type, id)));
  }
});
afterAll(() => database[Symbol.asyncDispose]());

interface Nodes<T> {
  nodes: T[];
  totalCount?: number;
}

/** Input that places a draft of ten lines. */
async function orderToPlace(graph: TestGraph): Promise<Record<string, unknown>> {
  const variants = await database.query<{ id: string }>(
    `SELECT v.id FROM orders.product_variants v JOIN orders.products p ON p.id = v.product_id AND p.active
     WHERE v.stock_on_hand - v.stock_reserved > 10 ORDER BY v.id LIMIT 10`,
  );
  const { data, errors } = await graph.ask({
    query: `mutation ($input: OrderDraftSaveInput!) {
      orderDraftSave(input: $input) { order { id version total { amountMinor currency } } userErrors { code field } } }`,
    variables: {
      input: {
        lines: variants.map(({ id }) => ({ variantId: toGlobalId('ProductVariant', id), quantity: 1 })),
        shippingAddress: { recipient: 'Mara Lindner', line1: 'Lindenweg 4', city: 'Berlin', country: 'DE' },
      },
    },
    as: personaSubject('customer'),
  });
  expect(errors).toBeUndefined();
  const { order } = (data as { orderDraftSave: { order: { id: string; version: number; total: object } } })
    .orderDraftSave;
  return { id: order.id, expectedVersion: order.version, expectedTotal: order.total, idempotencyKey: randomUUID() };
}

/** Begin and end of a transaction, which do no work of their own. */
const isBoundary = ({ text }: Statement) => ['START TRANSACTION', 'COMMIT'].includes(text);

const WORKLOAD: readonly Expectation[] = [
  {
    operation: 'StorefrontCatalog',
    as: null,
    variables: () => ({}),
    fetches: 1,
    statements: { orders: 4 },
    check({ products }: { products: Nodes<{ variants: { price: unknown }[] }> }) {
      expect(products.nodes).toHaveLength(24);
      expect(products.nodes.flatMap(({ variants }) => variants).every(({ price }) => price !== null)).toBe(true);
      expect(products.totalCount).toBeGreaterThanOrEqual(40);
    },
  },
  {
    operation: 'CheckoutPlaceOrder',
    as: 'customer',
    variables: async (graph) => ({ input: await orderToPlace(graph) }),
    fetches: 2,
    // Key, lock, lines, prices and stock, lines, order, saga, timeline, promised stock, outbox, audit log, answer to the key.
    statements: { orders: 12, billing: 1 },
    check({ orderPlace }: { orderPlace: { order: Record<string, unknown>; userErrors: unknown[] } }) {
      expect(orderPlace).toEqual({
        replayed: false,
        order: expect.objectContaining({ status: 'PENDING', paymentStatus: 'NOT_INVOICED', invoice: null }) as unknown,
        userErrors: [],
      });
      expect(orderPlace.order.outstandingAmount).toEqual(orderPlace.order.total);
    },
  },
  {
    operation: 'MyOrders',
    as: 'customer',
    variables: () => ({}),
    fetches: 4,
    statements: { users: 1, orders: 2, billing: 2 },
    check({ me }: { me: { balance: unknown; orders: Nodes<{ paymentStatus: string | null }> } }) {
      expect(me.balance).toMatchObject({ available: { currency: 'EUR' }, overdue: { currency: 'EUR' } });
      expect(me.orders.nodes.length).toBeGreaterThanOrEqual(2);
      expect(me.orders.nodes.every(({ paymentStatus }) => paymentStatus !== null)).toBe(true);
    },
  },
  {
    operation: 'OrderDetail',
    as: 'customer',
    variables: () => ({ id: sample.orderOfCustomer }),
    fetches: 4,
    statements: { users: 2, orders: 7, billing: 2 },
    check({ order }: { order: Record<string, unknown> }) {
      expect(order).toMatchObject({
        id: sample.orderOfCustomer,
        buyer: { displayName: personas.customer.displayName },
        invoice: { status: expect.any(String) as string },
      });
      expect(order.shipments).not.toEqual([]);
    },
  },
  {
    operation: 'OrderDetail',
    as: 'buyer',
    variables: () => ({ id: sample.orderOfOrganization }),
    fetches: 5, // one more for the organization
    statements: { users: 3, orders: 7, billing: 2 },
    check({ order }: { order: Record<string, unknown> }) {
      expect(order).toMatchObject({
        id: sample.orderOfOrganization,
        organization: { name: demoFacts.buyingOrganization },
        invoice: { status: expect.any(String) as string },
      });
      expect(order.shipments).not.toEqual([]);
    },
  },
  {
    operation: 'SupportOrderSearch',
    as: 'support',
    variables: () => ({ search: sample.number.slice(0, -1) }),
    fetches: 5,
    statements: { users: 2, orders: 3, billing: 1 },
    check({ orders }: { orders: Nodes<{ buyer: { email: string } | null; fulfillmentBlockers: unknown }> }) {
      expect(orders.nodes.length).toBeGreaterThan(0);
      expect(orders.nodes.every(({ fulfillmentBlockers }) => Array.isArray(fulfillmentBlockers))).toBe(true);
      expect(orders.nodes.some(({ buyer }) => buyer?.email.includes('@'))).toBe(true);
    },
  },
  {
    operation: 'SupportCustomer360',
    as: 'support',
    variables: () => ({ id: sample.stranger }),
    fetches: 5,
    statements: { users: 3, orders: 3, billing: 4 },
    check({
      user,
    }: {
      user: { email: string; memberships: Nodes<unknown>; invoices: Nodes<{ order: { status: string } }> };
    }) {
      expect(user.memberships.nodes).not.toEqual([]);
      expect(user.email).toContain('@');
      expect(user.invoices.nodes[0]?.order.status).toEqual(expect.any(String));
    },
  },
  {
    operation: 'FinanceOverdueInvoices',
    as: 'finance',
    variables: () => ({}),
    fetches: 3,
    statements: { users: 2, billing: 2 },
    check({ invoices }: { invoices: Nodes<{ dueOn: string; order: { number: string } }> }) {
      const days = invoices.nodes.map(({ dueOn }) => dueOn);
      expect(days.length).toBeGreaterThan(0);
      expect(days).toEqual([...days].sort());
      expect(days.at(-1)! < new Date().toISOString()).toBe(true);
      expect(invoices.nodes.every(({ order }) => order.number !== null)).toBe(true);
    },
  },
  {
    operation: 'PartnerOrderSync',
    as: 'partner',
    variables: () => ({ since: '2020-01-01T00:00:00.000Z' }),
    fetches: 2,
    statements: { orders: 3, billing: 1 },
    check({ orders }: { orders: Nodes<{ externalReference: string | null; updatedAt: string }> }) {
      expect(orders.nodes.length).toBeGreaterThan(0);
      const times = orders.nodes.map(({ updatedAt }) => updatedAt);
      expect(times).toEqual([...times].sort());
    },
  },
  {
    operation: 'RefetchNodes',
    as: 'finance',
    variables: () => ({ ids: sample.ids }),
    fetches: 4,
    statements: { users: 1, orders: 1, billing: 2 },
    check({ nodes }: { nodes: { id: string }[] }) {
      expect(nodes.map(({ id }) => id)).toEqual(sample.ids);
    },
  },
];

describe.each(['in-process', 'http'] as const)('the workload over the %s transport', (transport) => {
  let graph: TestGraph;
  beforeAll(async () => {
    graph = await startTestGraph({ database, transport, issuer: DEVELOPMENT_ISSUER });
  });
  afterAll(() => graph[Symbol.asyncDispose]());

  test.each(WORKLOAD.map((each) => ({ ...each, who: each.as ?? 'nobody' })))(
    '$operation as $who answers within its fetches and statements',
    async (expectation) => {
      const { operation, as, variables, check } = expectation;
      const question = {
        query: workloadDocument(),
        operationName: operation,
        variables: await variables(graph),
        as: as ? personaSubject(as) : undefined,
      };
      await graph.ask({ query: '{ __typename }', as: question.as }); // looks the caller up, which is not part of the operation
      graph.takeTraffic();
      const { data, errors } = await graph.ask(question);
      const { fetches, statements } = graph.takeTraffic();

      expect(errors).toBeUndefined();
      check(data as never);
      expect(fetches.length).toBeLessThanOrEqual(expectation.fetches);
      for (const subgraph of SUBGRAPHS)
        expect([
          subgraph,
          statements
            .filter((statement) => statement.subgraph === subgraph && !isBoundary(statement))
            .map(({ text }) => text.slice(0, 120)),
        ]).toSatisfy(([, sent]: [string, string[]]) => sent.length <= (expectation.statements[subgraph] ?? 0));
    },
  );
});
