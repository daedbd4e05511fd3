import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import type { Principal } from '@tributary/kit';

import {
  apiClient,
  customer,
  insert,
  insertOrder,
  orderId,
  reference,
  staff,
  startOrdersWorld,
  uuid,
} from './orders-world.ts';
import type { OrdersWorld } from './orders-world.ts';

// Thirty orders; every third is a draft, and several share their time of placing and of change.

const NUMBERS = Array.from({ length: 30 }, (_, index) => index + 1);
const isDraft = (number: number) => number % 3 === 0;
const dayOf = (number: number) => 1 + (number % 4);
const isOf = {
  buyer: (number: number) => number % 2 === 0,
  organization: (number: number) => number % 5 === 0,
  partner: (number: number) => number % 7 === 0,
};

let world: OrdersWorld;
beforeAll(async () => {
  world = await startOrdersWorld();
  for (const number of NUMBERS)
    await insertOrder(world, {
      number,
      buyer: isOf.buyer(number) ? 1 : 2,
      ...(isOf.organization(number) && { organization: 1 }),
      ...(isOf.partner(number) && { partner: 2 }),
      ...(!isDraft(number) && { placed: dayOf(number) }),
      columns: { updated_at: `2026-06-0${dayOf(number)}T00:00:00.000Z` },
    });
});
afterAll(() => world[Symbol.asyncDispose]());

const SORTS = ['PLACED_AT', 'UPDATED_AT'].flatMap((field) =>
  ['ASC', 'DESC'].map((direction) => ({ field, direction })),
);

/** The orders in the order of a list, worked out here. */
function inListOrder(numbers: readonly number[], { field, direction }: (typeof SORTS)[number]): string[] {
  const sign = direction === 'ASC' ? 1 : -1;
  const sorted = numbers.toSorted((a, b) => {
    if (field === 'PLACED_AT' && isDraft(a) !== isDraft(b)) return isDraft(a) ? 1 : -1;
    const byDay = field === 'PLACED_AT' && isDraft(a) ? 0 : dayOf(a) - dayOf(b);
    return sign * (byDay || a - b);
  });
  return sorted.map(orderId);
}

interface PageOfOrders {
  nodes: { id: string }[];
  pageInfo: { hasNextPage: boolean; hasPreviousPage: boolean; startCursor: string; endCursor: string };
}

async function walk(principal: Principal, sort: (typeof SORTS)[number], size: number, backward: boolean) {
  const [count, bound] = backward ? ['last', 'before'] : ['first', 'after'];
  const seen: string[] = [];
  let cursor: string | null = null;
  for (let pages = 0; pages < NUMBERS.length + 1; pages += 1) {
    const { data, errors } = await world.ask(
      principal,
      `query ($sort: OrderSort, $cursor: String) { orders(sort: $sort, ${count}: ${size}, ${bound}: $cursor) {
        nodes { id } pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
      } }`,
      { sort, cursor },
    );
    expect(errors).toEqual([]);
    const { nodes, pageInfo } = (data as { orders: PageOfOrders }).orders;
    const ids = nodes.map(({ id }) => id);
    if (backward) seen.unshift(...ids);
    else seen.push(...ids);
    expect(backward ? pageInfo.hasNextPage : pageInfo.hasPreviousPage).toBe(cursor !== null);
    if (!(backward ? pageInfo.hasPreviousPage : pageInfo.hasNextPage)) break;
    cursor = backward ? pageInfo.startCursor : pageInfo.endCursor;
  }
  return seen;
}

const readers: [string, Principal, (number: number) => boolean][] = [
  ['support', staff('SUPPORT'), () => true],
  [
    'a buyer who is a member',
    customer(1, { 1: 'VIEWER' }),
    (number) => isOf.buyer(number) || isOf.organization(number),
  ],
  ['a partner', apiClient(2), isOf.partner],
];

describe.each(SORTS)('by $field $direction', (sort) => {
  test.each(readers)(
    'pages of any size show %s every visible order once, drafts last',
    async (_who, principal, sees) => {
      const expected = inListOrder(NUMBERS.filter(sees), sort);
      for (const size of [1, 7, 100])
        for (const backward of [false, true]) expect(await walk(principal, sort, size, backward)).toEqual(expected);
    },
  );
});

test('a list without a sort is the one by time of placing, newest first', async () => {
  const query = '{ orders(first: 100) { nodes { id } } }';
  const expected = inListOrder(NUMBERS, { field: 'PLACED_AT', direction: 'DESC' }).map((id) => ({ id }));
  expect((await world.ask(staff('SUPPORT'), query)).data).toEqual({ orders: { nodes: expected } });
});

test('a filter that leaves drafts out pages through the rest the same way', async () => {
  const sort = { field: 'PLACED_AT', direction: 'ASC' };
  const placed = inListOrder(
    NUMBERS.filter((number) => !isDraft(number)),
    sort,
  );
  const seen: string[] = [];
  let after: string | null = null;
  do {
    const { data } = await world.ask(
      staff('SUPPORT'),
      `query ($sort: OrderSort, $after: String) { orders(sort: $sort, filter: { statusIn: [CONFIRMED, PENDING] }, first: 6, after: $after) {
        nodes { id } pageInfo { hasNextPage endCursor }
      } }`,
      { sort, after },
    );
    const { nodes, pageInfo } = (data as { orders: PageOfOrders }).orders;
    seen.push(...nodes.map(({ id }) => id));
    after = pageInfo.hasNextPage ? pageInfo.endCursor : null;
  } while (after);
  expect(seen).toEqual(placed);
});

test('a cursor of one sort or list is refused by any other, without a statement', async () => {
  const { data } = await world.ask(staff('SUPPORT'), '{ orders(first: 1) { pageInfo { endCursor } } }');
  const after = (data as { orders: PageOfOrders }).orders.pageInfo.endCursor;
  const elsewhere = [
    'orders(sort: { field: PLACED_AT, direction: ASC }, after: $after) { nodes { id } }',
    'orders(sort: { field: UPDATED_AT }, after: $after) { nodes { id } }',
    'products(after: $after) { nodes { id } }',
  ];
  for (const field of elsewhere) {
    const { errors, sql } = await world.ask(staff('SUPPORT'), `query ($after: String) { ${field} }`, { after });
    expect(errors).toEqual([`${field.split('(')[0]} INVALID_CURSOR`]);
    expect(sql).toEqual([]);
  }
});

test('lines and events of several orders are paged in one statement each', async () => {
  const { database } = world;
  for (const order of [1, 2])
    for (let index = 1; index <= 5; index += 1) {
      const part = { order_id: uuid('order', order) };
      await insert(database, 'orders.order_lines', {
        ...part,
        id: uuid('line', order * 100 - index), // ids run against positions
        position: index,
        sku: `SKU-${order}-${index}`,
        title: 'Lamp',
        quantity: index,
        unit_price_minor: 0,
        total_minor: 0,
      });
      await insert(database, 'orders.order_events', {
        ...part,
        id: uuid('event', order * 100 + index),
        type: 'UPDATED',
        message: `Event ${order}-${index}`,
      });
    }
  const page = (after?: string) =>
    world.ask(
      staff('SUPPORT'),
      `query ($all: [_Any!]!, $after: String) { _entities(representations: $all) { ... on Order {
        lines(first: 2, after: $after) { nodes { sku } pageInfo { hasNextPage endCursor } }
        timeline(last: 2) { nodes { message } pageInfo { hasPreviousPage } }
      } } }`,
      { all: [1, 2, 4].map((number) => reference('Order', uuid('order', number))), after },
    );
  const { data, sql } = await page();
  const endCursor = expect.any(String) as string;
  expect(data).toEqual({
    _entities: [
      ...[1, 2].map((order) => ({
        lines: {
          nodes: [{ sku: `SKU-${order}-1` }, { sku: `SKU-${order}-2` }],
          pageInfo: { hasNextPage: true, endCursor },
        },
        timeline: {
          nodes: [{ message: `Event ${order}-2` }, { message: `Event ${order}-1` }],
          pageInfo: { hasPreviousPage: true },
        },
      })),
      {
        lines: { nodes: [], pageInfo: { hasNextPage: false, endCursor: null } },
        timeline: { nodes: [], pageInfo: { hasPreviousPage: false } },
      },
    ],
  });
  expect(sql).toHaveLength(3);

  const [first] = (data as { _entities: { lines: PageOfOrders }[] })._entities;
  const next = await page(first!.lines.pageInfo.endCursor);
  expect(next.data).toMatchObject({
    _entities: [{ lines: { nodes: [{ sku: 'SKU-1-3' }, { sku: 'SKU-1-4' }] } }, {}, {}],
  });
});
