import { randomUUID } from 'node:crypto';

import { toGlobalId } from '@tributary/kit';
import type { Principal } from '@tributary/kit';

import { insert, startOrdersWorld, uuid } from './orders-world.ts';
import type { OrdersWorld } from './orders-world.ts';

// A small shop, and the mutations of a checkout with little to write.

export interface CheckoutWorld extends OrdersWorld {
  saveDraft(principal: Principal | null, input?: Input): Promise<Outcome>;
  /** Places an order as its draft says, unless `input` says otherwise. */
  place(principal: Principal | null, order: SavedOrder, input?: Input): Promise<Outcome>;
  update(principal: Principal | null, order: SavedOrder, input?: Input): Promise<Outcome>;
  cancel(principal: Principal | null, order: SavedOrder, input?: Input): Promise<Outcome>;
  /** A draft that was saved without complaint. */
  draft(principal: Principal, input?: Input): Promise<SavedOrder>;
  /** An order that was placed without complaint. */
  placed(principal: Principal, input?: Input): Promise<SavedOrder>;
  /** Events in the outbox for other subgraphs, oldest first. */
  events(): Promise<{ type: string; aggregateVersion: number; data: Record<string, unknown> }[]>;
  /** Units promised, by sku. */
  reserved(): Promise<Record<string, number>>;
}

export type Input = Record<string, unknown>;

export interface SavedOrder {
  id: string;
  number: string | null;
  status: string;
  version: number;
  total: { amountMinor: string; currency: string };
}

export interface Outcome {
  order: SavedOrder | null;
  replayed: boolean | undefined;
  userErrors: { code: string; field: string[] | null; message: string; [extra: string]: unknown }[];
  /** Entries of `errors`: path and code. */
  errors: string[];
  /** Statements it took, without BEGIN and COMMIT. */
  statements: string[];
}

export const address = {
  recipient: 'Ada Buyer',
  line1: 'Hauptplatz 1',
  city: 'Graz',
  postalCode: '8010',
  country: 'AT',
};

export const variantId = (number: number) => toGlobalId('ProductVariant', uuid('variant', number));
export const lines = (...wanted: [variant: number, quantity: number][]) =>
  wanted.map(([variant, quantity]) => ({ variantId: variantId(variant), quantity }));

/**
 * Variants 1 (LAMP-W, 10.00 EUR, 12.00 USD, 20 % tax in Austria, 10 in stock), 2 (BOOK, 15.00 EUR, 10 % tax, not tracked), 3 (OLD, of a
 * product that is not sold), 4 (GONE, taken out of its product), 5 (MUG, 3.33 EUR, 100 in stock). Codes TEN (10 %), FIVER (5.00 EUR),
 * LAST (one use), OVER (ended) and DOLLAR (1.00 USD).
 */
export async function startCheckout(options: Parameters<typeof startOrdersWorld>[0] = {}): Promise<CheckoutWorld> {
  const world = await startOrdersWorld(options);
  await insertShop(world);

  const run = async (
    principal: Principal | null,
    field: string,
    inputType: string,
    input: Input,
    keyed: boolean,
  ): Promise<Outcome> => {
    const { data, errors, sql } = await world.ask(
      principal,
      `mutation ($input: ${inputType}!) { ${field}(input: $input) {
        ${keyed ? 'replayed' : ''}
        order { id number status version total { amountMinor currency } }
        userErrors { __typename code field message ... on VersionConflictError { currentVersion }
          ... on StateError { currentState allowedStates } }
      } }`,
      { input },
    );
    const payload = (data as Record<string, Omit<Outcome, 'errors' | 'statements'> | null> | null)?.[field];
    const statements = sql
      .map(({ text }) => text)
      .filter((text) => !/^(START TRANSACTION|BEGIN|COMMIT|ROLLBACK)/i.test(text));
    return {
      order: payload?.order ?? null,
      replayed: payload?.replayed,
      userErrors: payload?.userErrors ?? [],
      errors,
      statements,
    };
  };
  const succeed = ({ order, userErrors, errors }: Outcome): SavedOrder => {
    if (!order) throw new Error(JSON.stringify({ userErrors, errors }));
    return order;
  };

  const checkout: CheckoutWorld = {
    ...world,
    saveDraft: (principal, input = {}) =>
      run(principal, 'orderDraftSave', 'OrderDraftSaveInput', { lines: lines([1, 2]), shippingAddress: address, ...input }, false), // prettier-ignore
    place: (principal, { id, version, total }, input = {}) =>
      run(
        principal,
        'orderPlace',
        'OrderPlaceInput',
        { id, expectedVersion: version, expectedTotal: total, idempotencyKey: randomUUID(), ...input },
        true,
      ),
    update: (principal, { id, version }, input = {}) =>
      run(principal, 'orderUpdate', 'OrderUpdateInput', { id, expectedVersion: version, ...input }, false),
    cancel: (principal, { id, version }, input = {}) =>
      run(
        principal,
        'orderCancel',
        'OrderCancelInput',
        { id, expectedVersion: version, idempotencyKey: randomUUID(), reason: 'CUSTOMER', ...input },
        true,
      ),
    draft: async (principal, input) => succeed(await checkout.saveDraft(principal, input)),
    placed: async (principal, input) =>
      succeed(await checkout.place(principal, await checkout.draft(principal, input))),
    events: () =>
      world.database.query(
        `SELECT type, (headers ->> 'aggregateVersion')::int AS "aggregateVersion", payload AS data FROM orders.outbox
          WHERE published_at IS NULL ORDER BY position`,
      ),
    async reserved() {
      const rows = await world.database.query<{ sku: string; units: number }>(
        'SELECT sku, stock_reserved AS units FROM orders.product_variants ORDER BY sku',
      );
      return Object.fromEntries(rows.map(({ sku, units }) => [sku, units]));
    },
  };
  return checkout;
}

async function insertShop({ database }: OrdersWorld): Promise<void> {
  const products = [
    { number: 1, slug: 'desk-lamp', title: 'Desk lamp', active: true },
    { number: 2, slug: 'old-lamp', title: 'Old lamp', active: false },
  ];
  for (const { number, ...product } of products)
    await insert(database, 'orders.products', { id: uuid('product', number), ...product });
  const variants = [
    { number: 1, product: 1, sku: 'LAMP-W', title: 'White', stock_on_hand: 10, prices: { EUR: 1000, USD: 1200 } },
    { number: 2, product: 1, sku: 'BOOK', title: 'Manual', tax_category: 'REDUCED', prices: { EUR: 1500 } },
    { number: 3, product: 2, sku: 'OLD', title: 'Rusty', prices: { EUR: 100 } },
    { number: 4, product: 1, sku: 'GONE', title: 'Gone', active: false, prices: { EUR: 100 } },
    { number: 5, product: 1, sku: 'MUG', title: 'Mug', stock_on_hand: 100, prices: { EUR: 333 } },
  ];
  for (const { number, product, prices, ...variant } of variants) {
    const id = uuid('variant', number);
    await insert(database, 'orders.product_variants', {
      id,
      product_id: uuid('product', product),
      position: number,
      ...variant,
    });
    for (const [currency, amount_minor] of Object.entries(prices))
      await insert(database, 'orders.variant_prices', { variant_id: id, currency, amount_minor });
  }
  const code = { starts_at: '2020-01-01T00:00:00Z' };
  const codes = [
    { ...code, code: 'TEN', title: 'Ten percent', kind: 'PERCENT', value: 1_000 },
    { ...code, code: 'FIVER', title: 'Five euro', kind: 'FIXED', value: 500, currency: 'EUR' },
    { ...code, code: 'LAST', title: 'Last chance', kind: 'PERCENT', value: 5_000, max_uses: 1 },
    { ...code, code: 'OVER', title: 'Over', kind: 'PERCENT', value: 5_000, ends_at: '2021-01-01T00:00:00Z' },
    { ...code, code: 'DOLLAR', title: 'A dollar', kind: 'FIXED', value: 100, currency: 'USD' },
  ];
  for (const row of codes) await insert(database, 'orders.discount_codes', { id: randomUUID(), ...row });
}
