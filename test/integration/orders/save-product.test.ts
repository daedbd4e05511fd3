import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';

import { toGlobalId } from '@tributary/kit';
import type { Principal } from '@tributary/kit';

import { lines, startCheckout } from './checkout-world.ts';
import type { CheckoutWorld, Input } from './checkout-world.ts';
import { apiClient, customer, service, staff, uuid } from './orders-world.ts';

let world: CheckoutWorld;
beforeAll(async () => {
  world = await startCheckout();
});
afterAll(() => world[Symbol.asyncDispose]());
beforeEach(async () => {
  await world.database.query(`DELETE FROM orders.products WHERE slug NOT IN ('desk-lamp', 'old-lamp')`);
});

const keeper = staff('ADMIN');
const price = (currency: string, amountMinor: number | string) => ({ currency, amountMinor });
const variant = (sku: string, more: Input = {}) => ({
  sku,
  title: `Title of ${sku}`,
  prices: [price('EUR', 500)],
  ...more,
});
const product = (more: Input = {}) => ({
  slug: 'floor-lamp',
  title: 'Floor lamp',
  variants: [variant('FL-1')],
  ...more,
});

interface SavedProduct {
  id: string;
  slug: string;
  version: number;
  variants: { sku: string; availableQuantity: number | null; price: { amountMinor: string } | null }[];
}

async function save(input: Input, principal: Principal | null = keeper) {
  const { data, errors } = await world.ask(
    principal,
    `mutation ($input: ProductSaveInput!) { productSave(input: $input) {
      product { id slug title description active version variants { sku title availableQuantity price(currency: "EUR") { amountMinor } } }
      userErrors { code field }
    } }`,
    { input },
  );
  const payload = (data as { productSave: { product: SavedProduct | null; userErrors: { code: string; field: string[] }[] } | null } | null)?.productSave; // prettier-ignore
  const refusals = [...(payload?.userErrors ?? []).map(({ code, field }) => `${code} ${field.join('.')}`), ...errors];
  return { product: payload?.product ?? null, refusals };
}

/** Saves, and returns what came of it. */
async function saved(input: Input): Promise<SavedProduct> {
  const { product: made, refusals } = await save(input);
  expect(refusals).toEqual([]);
  return made!;
}

describe('a new product', () => {
  test('is in the shop with its variants, in the order given', async () => {
    const variants = [
      variant('FL-2', { prices: [price('EUR', '700'), price('USD', 800)], stock: 4 }),
      variant('FL-1', { taxCategory: 'REDUCED' }),
    ];
    expect(await saved(product({ description: 'Lights a floor.\nAnd a wall.', variants }))).toEqual({
      id: expect.stringMatching(/^prd_/) as string,
      slug: 'floor-lamp',
      title: 'Floor lamp',
      description: 'Lights a floor.\nAnd a wall.',
      active: true,
      version: 1,
      variants: [
        { sku: 'FL-2', title: 'Title of FL-2', availableQuantity: 4, price: { amountMinor: '700' } },
        { sku: 'FL-1', title: 'Title of FL-1', availableQuantity: null, price: { amountMinor: '500' } },
      ],
    });
    const [row] = await world.database.query(`SELECT tax_category FROM orders.product_variants WHERE sku = 'FL-1'`);
    expect(row).toEqual({ tax_category: 'REDUCED' });
    expect(await world.database.query('SELECT action, allowed FROM orders.audit_log ORDER BY id DESC LIMIT 1')).toEqual(
      [{ action: 'productSave', allowed: true }],
    );
  });

  test.each<[string, Input, string[]]>([
    ['a slug that is taken', { slug: 'desk-lamp' }, ['ALREADY_EXISTS input.slug']],
    ['a sku of another product', { variants: [variant('FL-1'), variant('LAMP-W')] }, ['ALREADY_EXISTS input.variants.1.sku']], // prettier-ignore
    ['a sku twice', { variants: [variant('FL-1'), variant('FL-1')] }, ['INVALID_INPUT input.variants.1.sku']],
    ['an unknown tax category', { variants: [variant('FL-1', { taxCategory: 'LUXURY' })] }, ['INVALID_INPUT input.variants.0.taxCategory']], // prettier-ignore
    [
      'prices out of range and a currency twice',
      { variants: [variant('FL-1', { prices: [price('EUR', -1), price('EUR', '1000000000001')] })] },
      [
        'INVALID_INPUT input.variants.0.prices.0.amountMinor',
        'INVALID_INPUT input.variants.0.prices.1.amountMinor',
        'INVALID_INPUT input.variants.0.prices.1.currency',
      ],
    ],
    ['negative stock', { variants: [variant('FL-1', { stock: -1 })] }, ['INVALID_INPUT input.variants.0.stock']],
    ['texts that are none', { slug: 'Floor Lamp', title: '' }, ['INVALID_INPUT input.slug', 'INVALID_INPUT input.title']], // prettier-ignore
    ['an id of another type', { id: toGlobalId('User', uuid('user', 1)), expectedVersion: 1 }, ['productSave INVALID_ID']], // prettier-ignore
  ])('is refused for %s', async (_, input, expected) => {
    expect((await save(product(input))).refusals).toEqual(expected);
    expect(await world.database.query(`SELECT 1 FROM orders.products WHERE slug = 'floor-lamp'`)).toEqual([]);
  });

  test('is refused when a rival takes its slug or sku at the same time', async () => {
    const rivals = await Promise.all([save(product()), save(product({ slug: 'floor-lamp-2' })), save(product())]);
    const made = rivals.filter(({ refusals }) => refusals.length === 0);
    expect(made).toHaveLength(1);
    expect(rivals.flatMap(({ refusals }) => refusals).every((each) => each.startsWith('ALREADY_EXISTS'))).toBe(true);
  });
});

describe('a changed product', () => {
  const change = ({ id, version }: SavedProduct, more: Input) => product({ id, expectedVersion: version, ...more });

  test('keeps its variants by sku, gets new ones, and takes those left out from the shop', async () => {
    const before = await saved(product({ variants: [variant('FL-1', { stock: 5 }), variant('FL-2')] }));
    const ids = await world.database.query('SELECT id, sku FROM orders.product_variants WHERE sku LIKE $1', ['FL-%']);
    const after = await saved(change(before, { variants: [variant('FL-3'), variant('FL-1', { prices: [price('EUR', 600)] })] })); // prettier-ignore
    expect(after.version).toBe(2);
    // Stock that is left out stays.
    expect(after.variants).toEqual([
      { sku: 'FL-3', title: 'Title of FL-3', availableQuantity: null, price: { amountMinor: '500' } },
      { sku: 'FL-1', title: 'Title of FL-1', availableQuantity: 5, price: { amountMinor: '600' } },
    ]);
    expect(await world.database.query(`SELECT id, sku FROM orders.product_variants WHERE sku IN ('FL-1', 'FL-2')`)).toEqual(
      expect.arrayContaining(ids),
    ); // prettier-ignore
    const back = await saved(change(after, { variants: [variant('FL-2')] }));
    expect(back.variants.map(({ sku }) => sku)).toEqual(['FL-2']);
  });

  test('drops prices that are left out, and clears what is null', async () => {
    const before = await saved(product({ description: 'a', variants: [variant('FL-1', { stock: 5, prices: [price('EUR', 1), price('USD', 2)] })] })); // prettier-ignore
    const after = await saved(change(before, { description: null, variants: [variant('FL-1', { stock: null })] }));
    expect(after).toMatchObject({ description: null, variants: [{ availableQuantity: null }] });
    expect(await world.database.query(`SELECT currency FROM orders.variant_prices p JOIN orders.product_variants v ON v.id = p.variant_id WHERE v.sku = 'FL-1'`)).toEqual([{ currency: 'EUR' }]); // prettier-ignore
  });

  test('keeps enough stock for what was promised', async () => {
    const before = await saved(product({ variants: [variant('FL-1', { stock: 5 })] }));
    const [row] = await world.database.query<{ id: string }>(
      `SELECT id FROM orders.product_variants WHERE sku = 'FL-1'`,
    );
    const wanted = [{ variantId: toGlobalId('ProductVariant', row!.id), quantity: 3 }];
    await world.placed(customer(1), { lines: wanted });
    const stock = (units: number) => save(change(before, { variants: [variant('FL-1', { stock: units })] }));
    expect((await stock(2)).refusals).toEqual(['INVALID_INPUT input.variants.0.stock']);
    expect((await stock(3)).product?.variants[0]?.availableQuantity).toBe(0);
  });

  test('cannot be bought when it is switched off, or its variant was taken out', async () => {
    const before = await saved(product());
    const [row] = await world.database.query<{ id: string }>(
      `SELECT id FROM orders.product_variants WHERE sku = 'FL-1'`,
    );
    const wanted = { lines: [{ variantId: toGlobalId('ProductVariant', row!.id), quantity: 1 }] };
    const outcomes: (string | undefined)[] = [];
    const tryToBuy = async () => outcomes.push((await world.saveDraft(customer(1), wanted)).userErrors[0]?.code);
    await tryToBuy();
    const off = await saved(change(before, { active: false }));
    await tryToBuy();
    const out = await saved(change(off, { variants: [] }));
    await tryToBuy();
    await saved(change(out, {}));
    await tryToBuy();
    expect(outcomes).toEqual([undefined, 'NOT_FOUND', 'NOT_FOUND', undefined]);
  });

  test.each<[string, Input, string]>([
    ['an old version', { expectedVersion: 7 }, 'VERSION_CONFLICT input.expectedVersion'],
    ['no version', { expectedVersion: null }, 'INVALID_INPUT input.expectedVersion'],
    ['a product that does not exist', { id: toGlobalId('Product', uuid('product', 404)) }, 'NOT_FOUND input.id'],
  ])('is refused for %s', async (_, input, expected) => {
    const before = await saved(product());
    expect((await save(change(before, input))).refusals).toEqual([expected]);
  });
});

test.each<[string, Principal | null, string[]]>([
  ['administrators save', keeper, []],
  ['services that keep the catalog save', service('catalog:write'), []],
  ['other services do not save', service('orders:read'), ['productSave FORBIDDEN']],
  ['support does not save', staff('SUPPORT'), ['productSave FORBIDDEN']],
  ['finance does not save', staff('FINANCE'), ['productSave FORBIDDEN']],
  ['customers do not save', customer(1), ['productSave FORBIDDEN']],
  ['clients do not save', apiClient(3, ['orders:read', 'orders:write']), ['productSave FORBIDDEN']],
  ['anonymous callers do not save', null, ['productSave UNAUTHENTICATED']],
])('%s products', async (_, principal, expected) => {
  expect((await save(product(), principal)).refusals).toEqual(expected);
});

test('a variant that was taken out is gone from the shop, and from lines of old orders, for everybody', async () => {
  const query = `query ($all: [_Any!]!) { product(slug: "desk-lamp") { variants { sku } }
    _entities(representations: $all) { ... on ProductVariant { sku } } products(filter: { skuIn: ["GONE"] }) { nodes { slug } } }`;
  const all = [{ __typename: 'ProductVariant', id: lines([4, 1])[0]!.variantId }];
  for (const principal of [null, keeper]) {
    const { data, errors } = await world.ask(principal, query, { all });
    expect(data).toEqual({
      product: { variants: [{ sku: 'LAMP-W' }, { sku: 'BOOK' }, { sku: 'MUG' }] },
      _entities: [null],
      products: { nodes: [] },
    });
    expect(errors).toEqual(['_entities.0 NOT_FOUND']);
  }
});
