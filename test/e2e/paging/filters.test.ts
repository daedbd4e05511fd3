import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { toGlobalId } from '@tributary/kit/ids';
import type { IdType } from '@tributary/kit/ids';

import {
  findOwnSamples,
  findSamples,
  frequentInvoices,
  frequentOrders,
  ownInvoices,
  ownOrders,
  products,
  rareInvoices,
  rareOrders,
} from './filter-cases.ts';
import type { FilterCase, Samples } from './filter-cases.ts';
import { INVOICE_SORTS, ORDER_SORTS } from './list-sorts.ts';
import type { ListSort } from './list-sorts.ts';
import { SEED_TIMEOUT_MS, startPagingWorld } from './paging-world.ts';
import type { CallerName, PagingWorld } from './paging-world.ts';
import { walkTogether } from './walk-together.ts';
import type { ExpectedList } from './walk.ts';

// Every filter finds the rows that a plain statement finds, walked in every order the list can have.

let world: PagingWorld;
let samples: Samples;
beforeAll(async () => {
  world = await startPagingWorld();
  samples = await findSamples(world);
}, SEED_TIMEOUT_MS);
afterAll(() => world[Symbol.asyncDispose]());

const TIMEOUT_MS = 240_000;

interface FilteredLists {
  field: 'orders' | 'invoices' | 'products';
  type: IdType;
  /** The rows that the caller sees. */
  rows: string;
  sorts: readonly ListSort[];
}

const BY_ID: ListSort = { args: '', condition: 'TRUE', orderBy: 'p.id' };

/** Returns how many of the filters found something. */
async function expectFilters(
  caller: CallerName | null,
  { field, type, rows, sorts }: FilteredLists,
  cases: FilterCase[],
): Promise<number> {
  let successful = 0;
  for (const [filter, truth] of cases) {
    const lists: ExpectedList[] = [];
    for (const { args, condition, orderBy } of sorts) {
      const ids = await world.column(`${rows} AND ${condition} AND ${truth} ORDER BY ${orderBy}`);
      const expected = ids.map((id) => toGlobalId(type, id));
      lists.push({ field, args: `filter: { ${filter} } ${args}`, expected, rows: 'nodes', size: 100 });
    }
    await walkTogether(world.graph, caller === null ? undefined : world.callers[caller].as, lists);
    if (lists.some(({ expected }) => expected.length > 0)) successful += 1;
  }
  return successful;
}

describe.each(['support', 'customer', 'owner', 'partner'] as const)('%s', (caller) => {
  test(
    'finds the orders that a plain statement finds, with every filter',
    async () => {
      const rows = `SELECT o.id FROM orders.orders o WHERE ${world.callers[caller].orders}`;
      const seesLittle = caller === 'customer' || caller === 'owner';
      const cases = [
        ...rareOrders(samples),
        ...(seesLittle ? frequentOrders(samples) : []),
        ...(caller === 'support' ? [] : ownOrders(await findOwnSamples(world, caller))),
      ];
      const lists = { field: 'orders', type: 'Order', rows, sorts: ORDER_SORTS } as const;
      expect(await expectFilters(caller, lists, cases)).toBeGreaterThan(caller === 'support' ? 21 : 15);
    },
    TIMEOUT_MS,
  );
});

describe.each(['finance', 'customer', 'owner', 'partner'] as const)('%s', (caller) => {
  test(
    'finds the invoices that a plain statement finds, with every filter',
    async () => {
      const rows = `SELECT i.id FROM billing.invoices i WHERE ${world.callers[caller].invoices}`;
      const seesLittle = caller === 'customer' || caller === 'owner';
      const cases = [
        ...rareInvoices(samples),
        ...(seesLittle ? frequentInvoices(samples) : []),
        ...(caller === 'finance' ? [] : ownInvoices(await findOwnSamples(world, caller))),
      ];
      const lists = { field: 'invoices', type: 'Invoice', rows, sorts: INVOICE_SORTS } as const;
      expect(await expectFilters(caller, lists, cases)).toBeGreaterThan(caller === 'finance' ? 12 : 9);
    },
    TIMEOUT_MS,
  );
});

describe('the catalog', () => {
  const lists = (seen: string) =>
    ({
      field: 'products',
      type: 'Product',
      rows: `SELECT p.id FROM orders.products p WHERE ${seen}`,
      sorts: [BY_ID],
    }) as const;

  test('shows everybody the products that a plain statement finds, with every filter', async () => {
    expect(await expectFilters(null, lists('p.active'), products(samples))).toBe(5);
  });

  test('shows those who keep it also what cannot be bought', async () => {
    const kept = (active: string) =>
      products(samples).map(([filter, truth]): FilterCase => [`active: ${active} ${filter}`, truth]);
    expect(await expectFilters('admin', lists('TRUE'), kept('null'))).toBe(5);
    await expectFilters('admin', lists('NOT p.active'), kept('false'));
  });
});
