import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { toGlobalId } from '@tributary/kit';

import { customer, insert, insertOrder, reference, service, staff, startOrdersWorld, uuid } from './orders-world.ts';
import type { OrdersWorld } from './orders-world.ts';

const productId = (number: number) => toGlobalId('Product', uuid('product', number));
const variantId = (number: number) => toGlobalId('ProductVariant', uuid('variant', number));

// Two products that are sold and one that is not, with two variants each; every second variant has no price in USD and no stock.
let world: OrdersWorld;
beforeAll(async () => {
  world = await startOrdersWorld();
  const { database } = world;
  const titles = ['Desk lamp', 'Garden chair', 'Old lamp'];
  for (const [index, title] of titles.entries()) {
    const number = index + 1;
    await insert(database, 'orders.products', {
      id: uuid('product', number),
      slug: title.toLowerCase().replace(' ', '-'),
      title,
      description: number === 2 ? 'Stands well beside lamps.' : null,
      active: number !== 3,
    });
    for (const place of [1, 2]) {
      const variant = uuid('variant', number * 10 - place); // ids run against positions
      const tracked = place === 1;
      await insert(database, 'orders.product_variants', {
        id: variant,
        product_id: uuid('product', number),
        sku: `SKU-${number}-${place}`,
        title: `Variant ${place}`,
        position: place,
        stock_on_hand: tracked ? 10 : null,
        stock_reserved: tracked ? 3 : 0,
      });
      for (const currency of tracked ? ['EUR', 'USD', 'JPY'] : ['EUR'])
        await insert(database, 'orders.variant_prices', {
          variant_id: variant,
          currency,
          amount_minor: number * 1000 + place,
        });
    }
  }
  await insertOrder(world, { number: 1, buyer: 1, placed: 1 });
  for (const [position, variant] of [uuid('variant', 9), uuid('variant', 29), null].entries())
    await insert(database, 'orders.order_lines', {
      id: uuid('line', position + 1),
      order_id: uuid('order', 1),
      position: position + 1,
      variant_id: variant,
      sku: `OLD-${position}`,
      title: 'As it was',
      quantity: 1,
      unit_price_minor: 0,
      total_minor: 0,
    });
});
afterAll(() => world[Symbol.asyncDispose]());

test('the shop shows what can be bought, with variants in their order, prices and stock, in four statements', async () => {
  const { data, errors, sql } = await world.ask(
    null,
    `{ products(first: 24) {
      nodes { id slug variants { sku price(currency: "USD") { amountMinor currency decimal fractionDigits } availableQuantity } }
      pageInfo { hasNextPage } totalCount
    } }`,
  );
  const usd = (amount: string, decimal: string) => ({
    amountMinor: amount,
    currency: 'USD',
    decimal,
    fractionDigits: 2,
  });
  expect({ data, errors }).toEqual({
    data: {
      products: {
        nodes: [
          {
            id: productId(1),
            slug: 'desk-lamp',
            variants: [
              { sku: 'SKU-1-1', price: usd('1001', '10.01'), availableQuantity: 7 },
              { sku: 'SKU-1-2', price: null, availableQuantity: null },
            ],
          },
          {
            id: productId(2),
            slug: 'garden-chair',
            variants: [
              { sku: 'SKU-2-1', price: usd('2001', '20.01'), availableQuantity: 7 },
              { sku: 'SKU-2-2', price: null, availableQuantity: null },
            ],
          },
        ],
        pageInfo: { hasNextPage: false },
        totalCount: 2,
      },
    },
    errors: [],
  });
  expect(sql).toHaveLength(4);
});

test('a price without a currency is in EUR; several currencies still take one statement', async () => {
  const { data, sql } = await world.ask(
    null,
    'query ($id: ID!) { product(id: $id) { variants { price { decimal currency } yen: price(currency: "JPY") { decimal } } } }',
    { id: productId(1) },
  );
  expect(data).toEqual({
    product: {
      variants: [
        { price: { decimal: '10.01', currency: 'EUR' }, yen: { decimal: '1001' } },
        { price: { decimal: '10.02', currency: 'EUR' }, yen: null },
      ],
    },
  });
  expect(sql).toHaveLength(3);
});

test.each([
  [{}, [1, 2]],
  [{ search: 'lamp' }, [1, 2]], // also in the description, also in the plural
  [{ search: 'lamp desk' }, [1]],
  [{ search: 'nothing' }, []],
  [{ search: "'&|:*(<->" }, []],
  [{ search: '  ' }, [1, 2]],
  [{ skuIn: ['SKU-2-1', 'SKU-2-2', 'SKU-3-1', 'none'] }, [2]],
  [{ skuIn: [] }, []],
  [{ active: true, search: 'old' }, []],
])('the filter %j finds the products %j', async (filter, expected) => {
  const query = 'query ($filter: ProductFilter) { products(filter: $filter) { nodes { id } totalCount } }';
  const { data, errors } = await world.ask(null, query, { filter });
  const nodes = expected.map((number) => ({ id: productId(number) }));
  expect({ data, errors }).toEqual({ data: { products: { nodes, totalCount: expected.length } }, errors: [] });
});

describe('products that cannot be bought', () => {
  const list = 'query ($active: Boolean) { products(filter: { active: $active }) { nodes { id } } }';

  test.each([
    ['an anonymous caller', null, 'UNAUTHENTICATED'],
    ['a customer', customer(1), 'FORBIDDEN'],
    ['support', staff('SUPPORT'), 'FORBIDDEN'],
    ['a service', service('orders:read'), 'FORBIDDEN'],
  ])('are refused to %s without a statement, not left out', async (_who, principal, code) => {
    for (const active of [false, null]) {
      const { data, errors, sql } = await world.ask(principal, list, { active });
      expect({ data, errors, sql }).toEqual({ data: null, errors: [`products ${code}`], sql: [] });
    }
  });

  test('are listed for whoever keeps the catalog', async () => {
    const ids = async (active: boolean | null) => {
      const { data } = await world.ask(staff('ADMIN'), list, { active });
      return (data as { products: { nodes: { id: string }[] } }).products.nodes.map(({ id }) => id);
    };
    expect(await ids(null)).toEqual([1, 2, 3].map(productId));
    expect(await ids(false)).toEqual([productId(3)]);
    expect(await ids(true)).toEqual([1, 2].map(productId));
  });

  test('are invisible by id, slug and reference, with their variants, except to whoever keeps the catalog', async () => {
    const query = `query ($id: ID!, $all: [_Any!]!) {
      product(id: $id) { title } bySlug: product(slug: "old-lamp") { active }
      _entities(representations: $all) { ... on Product { slug } ... on ProductVariant { sku } }
    }`;
    const variables = {
      id: productId(3),
      all: [reference('Product', uuid('product', 3)), reference('ProductVariant', uuid('variant', 29))],
    };
    for (const principal of [null, customer(1), staff('SUPPORT')]) {
      const { data, errors } = await world.ask(principal, query, variables);
      expect(data).toEqual({ product: null, bySlug: null, _entities: [null, null] });
      expect(errors.sort()).toEqual(['_entities.0 NOT_FOUND', '_entities.1 NOT_FOUND']);
    }
    const { data } = await world.ask(service('catalog:write'), query, variables);
    expect(data).toEqual({
      product: { title: 'Old lamp' },
      bySlug: { active: false },
      _entities: [{ slug: 'old-lamp' }, { sku: 'SKU-3-1' }],
    });
  });
});

test('a line names its variant as it is now; none when it was removed or is not in the shop', async () => {
  const query = `query ($all: [_Any!]!) { _entities(representations: $all) { ... on Order {
    lines { nodes { sku variant { id sku product { title } } } }
  } } }`;
  const all = [reference('Order', uuid('order', 1))];
  const { data, errors, sql } = await world.ask(customer(1), query, { all });
  expect({ data, errors }).toEqual({
    data: {
      _entities: [
        {
          lines: {
            nodes: [
              { sku: 'OLD-0', variant: { id: variantId(9), sku: 'SKU-1-1', product: { title: 'Desk lamp' } } },
              { sku: 'OLD-1', variant: null },
              { sku: 'OLD-2', variant: null },
            ],
          },
        },
      ],
    },
    errors: [],
  });
  expect(sql).toHaveLength(4);
  const forAdmin = await world.ask(staff('ADMIN'), query, { all });
  expect(forAdmin.data).toMatchObject({ _entities: [{ lines: { nodes: [{}, { variant: { sku: 'SKU-3-1' } }, {}] } }] });
});

test.each(['{ product { id } }', '{ product(id: "prd_1", slug: "desk-lamp") { id } }', '{ product(id: null) { id } }'])(
  'a product is asked for by exactly one argument: %s',
  async (query) => {
    expect(await world.ask(null, query)).toEqual({
      data: { product: null },
      errors: ['product BAD_USER_INPUT'],
      sql: [],
    });
  },
);

test('an id of another type is refused before any statement', async () => {
  const { errors, sql } = await world.ask(
    null,
    'query ($id: ID!, $all: [_Any!]!) { product(id: $id) { id } _entities(representations: $all) { __typename } }',
    {
      id: variantId(9),
      all: [
        { __typename: 'Product', id: variantId(9) },
        { __typename: 'ProductVariant' },
        { __typename: 'Product', id: {} },
      ],
    },
  );
  expect(errors.sort()).toEqual([
    '_entities.0 INVALID_ID',
    '_entities.1 INVALID_ID',
    '_entities.2 INVALID_ID',
    'product INVALID_ID',
  ]);
  expect(sql).toEqual([]);
});
