import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { toGlobalId } from '@tributary/kit/ids';

import { INVOICE_SORTS, ORDER_SORTS } from './list-sorts.ts';
import { CALLERS, SEED_TIMEOUT_MS, startPagingWorld } from './paging-world.ts';
import type { CallerName, PagingWorld } from './paging-world.ts';
import { walkTogether } from './walk-together.ts';
import type { ExpectedList } from './walk.ts';

let world: PagingWorld;
beforeAll(async () => {
  world = await startPagingWorld();
}, SEED_TIMEOUT_MS);
afterAll(() => world[Symbol.asyncDispose]());

const WALK_TIMEOUT_MS = 240_000;

/** The list in every order it can have, with its rows in that order. `seen`: what the caller may see, as SQL. */
async function listsOf(field: 'orders' | 'invoices', seen: string): Promise<ExpectedList[]> {
  const { type, row, table, sorts } =
    field === 'orders'
      ? ({ type: 'Order', row: 'o', table: 'orders.orders', sorts: ORDER_SORTS } as const)
      : ({ type: 'Invoice', row: 'i', table: 'billing.invoices', sorts: INVOICE_SORTS } as const);
  const lists: ExpectedList[] = [];
  for (const { args, condition, orderBy } of sorts) {
    const ids = await world.column(
      `SELECT ${row}.id FROM ${table} ${row} WHERE ${seen} AND ${condition} ORDER BY ${orderBy}`,
    );
    lists.push({ field, args, expected: ids.map((id) => toGlobalId(type, id)), rows: 'edges', size: 17 });
  }
  return lists;
}

/** Staff all see the same rows, by the same statements: these are the orders in which each of them walks the whole table. */
const SHARES: Partial<Record<CallerName, readonly RegExp[]>> = {
  support: [/PLACED_AT/, /CREATED_AT/, /DUE_ON.*ASC/],
  finance: [/UPDATED_AT/, /DUE_ON.*DESC/],
  admin: [/PLACED_AT.*DESC/],
};

/** Whoever sees much takes large pages. */
function paced(lists: readonly ExpectedList[], caller: CallerName): ExpectedList[] {
  const share = SHARES[caller];
  const walked = share ? lists.filter(({ args }) => share.some((order) => order.test(args!))) : lists;
  return walked.map((list) => (list.expected.length > 2_000 ? { ...list, rows: 'nodes', size: 100 } : list));
}

describe.each(CALLERS)('%s', (caller) => {
  test(
    'meets each visible order once, forward and backward, in every order',
    async () => {
      const { as, orders } = world.callers[caller];
      const lists = await listsOf('orders', orders);
      expect(lists[0]!.expected.length).toBeGreaterThan(100);
      await walkTogether(world.graph, as, paced(lists, caller));
    },
    WALK_TIMEOUT_MS,
  );
});

describe.each(CALLERS.filter((caller) => caller !== 'admin'))('%s', (caller) => {
  test(
    'meets each visible invoice once, forward and backward, in every order',
    async () => {
      const { as, invoices } = world.callers[caller];
      const lists = await listsOf('invoices', invoices!);
      await walkTogether(world.graph, as, paced(lists, caller));
    },
    WALK_TIMEOUT_MS,
  );
});

describe('the catalog', () => {
  const list = { field: 'products', rows: 'edges', size: 17 } as const;
  const productIds = async (seen: string) =>
    (await world.column(`SELECT p.id FROM orders.products p WHERE ${seen} ORDER BY p.id`)).map((id) =>
      toGlobalId('Product', id),
    );

  test.each([undefined, 'customer', 'partner', 'support'] as const)(
    'shows %s each product that can be bought once, forward and backward',
    async (caller) => {
      const as = caller && world.callers[caller].as;
      await walkTogether(world.graph, as, [{ ...list, expected: await productIds('p.active') }]);
    },
  );

  test('shows those who keep it each product once, forward and backward', async () => {
    await walkTogether(world.graph, world.callers.admin.as, [
      { ...list, args: 'filter: { active: null }', expected: await productIds('TRUE') },
      { ...list, args: 'filter: { active: false }', expected: await productIds('NOT p.active') },
    ]);
  });
});
