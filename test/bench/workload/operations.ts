import { randomUUID } from 'node:crypto';

import { buildSchema, Kind, parse, validate } from 'graphql';

import { apiSdl, workloadDocument } from '@tributary/schema';

import type { GraphClient } from './graph-client.ts';

// The operations of the workload, each as the person it is meant for, with variables that fit the data it finds.

export interface WorkloadOperation {
  name: string;
  /** How often it is asked, in parts of a hundred. */
  weight: number;
  run(client: GraphClient): Promise<void>;
}

interface Ided {
  id: string;
}

const WEIGHTS: Readonly<Record<string, number>> = {
  StorefrontCatalog: 35,
  MyOrders: 20,
  OrderDetail: 20,
  CheckoutPlaceOrder: 8,
  SupportOrderSearch: 5,
  PartnerOrderSync: 5,
  SupportCustomer360: 3,
  FinanceOverdueInvoices: 2,
  SupportRefund: 1,
  RefetchNodes: 1,
};

/** Operations of the mix that the graph publishes, in the order of the mix. */
export function publishedOperations(): string[] {
  const schema = buildSchema(apiSdl(), { assumeValidSDL: true });
  const document = parse(workloadDocument());
  const published = document.definitions.flatMap((definition) =>
    definition.kind === Kind.OPERATION_DEFINITION && definition.name ? [definition.name.value] : [],
  );
  const errors = validate(schema, document);
  if (errors.length > 0) throw new Error(`The workload does not fit the graph: ${errors[0]!.message}`);
  return Object.keys(WEIGHTS).filter((name) => published.includes(name));
}

/** Looks around in the graph and makes the operations ready to run. */
export async function prepareOperations(client: GraphClient): Promise<WorkloadOperation[]> {
  const { me } = await client.workload<{ me: Ided & { orders: { nodes: (Ided & { invoice: Ided | null })[] } } }>(
    'MyOrders',
    'customer',
  );
  const orders = me.orders.nodes;
  const ids = [me, ...orders, ...orders.flatMap(({ invoice }) => invoice ?? [])].map(({ id }) => id).slice(0, 30);
  const since = new Date(Date.now() - 400 * 24 * 3_600_000).toISOString();
  const pick = <T>(list: readonly T[]): T => list[Math.floor(Math.random() * list.length)]!;

  const runs: Readonly<Record<string, (client: GraphClient) => Promise<unknown>>> = {
    StorefrontCatalog: (by) => by.workload('StorefrontCatalog', null),
    MyOrders: (by) => by.workload('MyOrders', 'customer'),
    OrderDetail: (by) => by.workload('OrderDetail', 'customer', { id: pick(orders).id }),
    SupportOrderSearch: (by) => by.workload('SupportOrderSearch', 'support', { search: 'TR1' }),
    SupportCustomer360: (by) => by.workload('SupportCustomer360', 'support', { id: me.id }),
    FinanceOverdueInvoices: (by) => by.workload('FinanceOverdueInvoices', 'finance'),
    PartnerOrderSync: (by) => by.workload('PartnerOrderSync', 'partner', { since }),
    RefetchNodes: (by) => by.workload('RefetchNodes', 'finance', { ids }),
    CheckoutPlaceOrder: checkOut,
  };
  return publishedOperations().flatMap((name) => {
    const run = runs[name];
    return run ? [{ name, weight: WEIGHTS[name]!, run: async (by: GraphClient) => void (await run(by)) }] : [];
  });
}

/** A draft, which is not measured, and the placing of it, which is. */
async function checkOut(client: GraphClient): Promise<void> {
  const variantId = await client.memo('variant without limited stock', () => findUnlimitedVariant(client));
  const shippingAddress = {
    recipient: 'Ada Byron',
    line1: 'Kanaalstraat 1',
    city: 'Utrecht',
    postalCode: '3531 CJ',
    country: 'NL',
  };
  const { orderDraftSave } = await client.unmeasured<{
    orderDraftSave: { order: { id: string; version: number; total: { amountMinor: string; currency: string } } };
  }>(
    `mutation ($input: OrderDraftSaveInput!) {
      orderDraftSave(input: $input) { order { id version total { amountMinor currency } } userErrors { code message field } }
    }`,
    'customer',
    { input: { currency: 'EUR', lines: [{ variantId, quantity: 1 }], shippingAddress } },
  );
  const { id, version, total } = orderDraftSave.order;
  const input = { id, expectedVersion: version, expectedTotal: total, idempotencyKey: randomUUID() };
  await client.workload('CheckoutPlaceOrder', 'customer', { input });
}

async function findUnlimitedVariant(client: GraphClient): Promise<string> {
  const { products } = await client.unmeasured<{
    products: { nodes: { variants: { id: string; price: unknown; availableQuantity: number | null }[] }[] };
  }>(
    '{ products(first: 40) { nodes { variants { id price(currency: "EUR") { amountMinor } availableQuantity } } } }',
    null,
  );
  const variants = products.nodes.flatMap((product) => product.variants).filter(({ price }) => price !== null);
  const stockOf = ({ availableQuantity }: (typeof variants)[number]) => availableQuantity ?? Number.MAX_SAFE_INTEGER;
  return variants.reduce((best, each) => (stockOf(each) > stockOf(best) ? each : best)).id;
}
