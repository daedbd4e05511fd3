// How each example is made ready to run: whom it is asked as, and where its variables come from. Ids differ from seed to seed, so they
// are looked up when an example is opened, as the same caller that the example is for.

/** Asks the graph as the example's caller. Throws when the answer has no data, or when it may not write for that caller. */
export type AskFor = <Data>(operation: string, variables?: Record<string, unknown>) => Promise<Data>;

export interface Recipe {
  /** Name of a persona; null: nobody. */
  persona: string | null;
  /** Values of the variables. `ask` looks things up; null in place of a value: nothing was found. */
  variables?: (ask: AskFor, now: Date) => Promise<Record<string, unknown>>;
}

interface Ided {
  id: string;
}
interface Nodes<T> {
  nodes: T[];
}

interface Draft extends Ided {
  version: number;
  total: { amountMinor: string; currency: string };
}

const ADDRESS = { recipient: 'Mara Lindner', line1: 'Lindenweg 4', postalCode: '10115', city: 'Berlin', country: 'DE' };
const DAY_MS = 24 * 60 * 60 * 1000;
const SYNC_DAYS = 90;

export const recipes: Readonly<Record<string, Recipe>> = {
  StorefrontCatalog: { persona: null },

  MyOrders: { persona: 'customer' },

  CheckoutPlaceOrder: {
    persona: 'customer',
    async variables(ask) {
      const { products, me } = await ask<{
        products: Nodes<{ variants: (Ided & { availableQuantity: number })[] }>;
        me: { billingAccount: { paymentMethods: (Ided & { isDefault: boolean })[] | null } | null } | null;
      }>(
        '{ products(first: 24) { nodes { variants { id availableQuantity } } } me { billingAccount { paymentMethods { id isDefault } } } }',
      );
      const variant = products.nodes.flatMap(({ variants }) => variants).find((each) => each.availableQuantity > 0);
      // A fresh draft each time: what was placed once is no draft any more.
      const { orderDraftSave } = await ask<{ orderDraftSave: { order: Draft | null } }>(
        'mutation ($input: OrderDraftSaveInput!) { orderDraftSave(input: $input) { order { id version total { amountMinor currency } } } }',
        { input: { currency: 'EUR', lines: [{ variantId: variant?.id, quantity: 1 }], shippingAddress: ADDRESS } },
      );
      const { order } = orderDraftSave;
      if (!order) return { input: null };
      const card = me?.billingAccount?.paymentMethods?.find(({ isDefault }) => isDefault);
      const { id, version: expectedVersion, total: expectedTotal } = order;
      const idempotencyKey = newKey();
      return { input: { id, expectedVersion, idempotencyKey, expectedTotal, paymentMethodId: card?.id ?? null } };
    },
  },

  OrderDetail: {
    persona: 'customer',
    async variables(ask) {
      const { me } = await ask<{ me: { orders: Nodes<Ided & { shipments: unknown[] }> } | null }>(
        '{ me { orders(first: 20) { nodes { id shipments { id } } } } }',
      );
      const orders = me?.orders.nodes ?? [];
      const telling = orders.find(({ shipments }) => shipments.length > 0) ?? orders[0];
      return { id: telling?.id ?? null };
    },
  },

  SupportOrderSearch: {
    persona: 'support',
    async variables(ask) {
      const { orders } = await ask<{ orders: Nodes<{ number: string }> }>(
        '{ orders(filter: { statusIn: [CONFIRMED] }, first: 1) { nodes { number } } }',
      );
      // The number without its last digit finds its neighbors too.
      return { search: orders.nodes[0]?.number.slice(0, -1) ?? null };
    },
  },

  SupportCustomer360: {
    persona: 'support',
    async variables(ask) {
      const { orders } = await ask<{
        orders: Nodes<{ buyer: Ided | null; outstandingAmount: { amountMinor: string } | null }>;
      }>(
        '{ orders(filter: { statusIn: [CONFIRMED] }, first: 50) { nodes { buyer { id } outstandingAmount { amountMinor } } } }',
      );
      const withBuyer = orders.nodes.filter(({ buyer }) => buyer !== null);
      const owing = withBuyer.find(({ outstandingAmount }) => Number(outstandingAmount?.amountMinor ?? 0) > 0);
      return { id: (owing ?? withBuyer[0])?.buyer?.id ?? null };
    },
  },

  FinanceOverdueInvoices: { persona: 'finance' },

  PartnerOrderSync: {
    persona: 'partner',
    variables: async (_ask, now) => ({ since: new Date(now.getTime() - SYNC_DAYS * DAY_MS).toISOString() }),
  },

  RefetchNodes: {
    persona: 'customer',
    async variables(ask) {
      const { me } = await ask<{ me: (Ided & { orders: Nodes<Ided & { invoice: Ided | null }> }) | null }>(
        '{ me { id orders(first: 5) { nodes { id invoice { id } } } } }',
      );
      if (!me) return { ids: [] };
      return {
        ids: [me, ...me.orders.nodes.flatMap((order) => [order, order.invoice ?? []].flat())].map(({ id }) => id),
      };
    },
  },
};

// Not `randomUUID`: browsers have it on https and on the same machine only.
function newKey(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0')).join('');
}
