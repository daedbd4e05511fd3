import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { toGlobalId } from '@tributary/kit';

import { insert, insertOrder, staff, startOrdersWorld, uuid } from './orders-world.ts';
import type { OrdersWorld } from './orders-world.ts';

const address = { recipient: "Renée O'Brien", line1: 'Hauptplatz 1', city: 'Graz', country: 'AT' };

let world: OrdersWorld;
beforeAll(async () => {
  world = await startOrdersWorld();
  await insertOrder(world, {
    number: 1,
    buyer: 1,
    placed: 1,
    columns: { number: 'T-2026-000101', shipping_address: address, search_text: 'Desk lamp LAMP-01-RED' },
  });
  await insertOrder(world, {
    number: 2,
    buyer: 2,
    organization: 1,
    partner: 2,
    placed: 2,
    columns: {
      number: 'T-2026-000102',
      status: 'PENDING',
      payment_status: 'UNPAID',
      external_reference: 'PO-7',
      search_text: 'Chair CHR-1 Lampshade SHADE-9',
    },
  });
  await insertOrder(world, {
    number: 3,
    buyer: 1,
    placed: 3,
    columns: { number: 'T-2026-001010', fulfillment_status: 'FULFILLED', updated_at: '2026-05-20T00:00:00.000Z' },
  });
  await insertOrder(world, { number: 4, buyer: 1 });
  for (const [line, order, sku] of [
    [1, 1, 'LAMP-01-RED'],
    [2, 2, 'CHR-1'],
    [3, 2, 'SHADE-9'],
    [4, 3, 'CHR-1'],
  ] as const)
    await insert(world.database, 'orders.order_lines', {
      id: uuid('line', line),
      order_id: uuid('order', order),
      position: line,
      sku,
      title: sku,
      quantity: 1,
      unit_price_minor: 0,
      total_minor: 0,
    });
});
afterAll(() => world[Symbol.asyncDispose]());

async function find(filter: Record<string, unknown>, args = '') {
  const query = `query ($filter: OrderFilter) { orders(filter: $filter ${args}) { nodes { id } totalCount } }`;
  const { data, errors, sql } = await world.ask(staff('SUPPORT'), query, { filter });
  const { orders } = (data ?? { orders: null }) as { orders: { nodes: { id: string }[]; totalCount: number } | null };
  const ids = [1, 2, 3, 4].map((number) => toGlobalId('Order', uuid('order', number)));
  const found = orders?.nodes.map(({ id }) => ids.indexOf(id) + 1);
  if (found) expect(orders?.totalCount).toBe(found.length);
  return { found, errors, statements: sql.length };
}

test.each([
  [{}, [3, 2, 1, 4]],
  [{ statusIn: ['PENDING'] }, [2]],
  [{ statusIn: ['DRAFT', 'PENDING'] }, [2, 4]],
  [{ statusIn: [] }, []],
  [{ statusIn: null, sku: null, search: null, placedAt: null, buyerId: null }, [3, 2, 1, 4]],
  [{ paymentStatusIn: ['UNPAID', 'PAID'] }, [2]],
  [{ paymentStatusIn: [] }, []],
  [{ fulfillmentStatusIn: ['FULFILLED'] }, [3]],
  [{ fulfillmentStatusIn: [] }, []],
  [{ buyerId: toGlobalId('User', uuid('user', 1)) }, [3, 1, 4]],
  [{ organizationId: toGlobalId('Organization', uuid('organization', 1)) }, [2]],
  [{ number: 'T-2026-000102' }, [2]],
  [{ number: 't-2026-000102' }, []],
  [{ externalReference: 'PO-7' }, [2]],
  [{ sku: 'CHR-1' }, [3, 2]],
  [{ sku: 'CHR-%' }, []],
  [{ sku: 'CHR-1', statusIn: ['CONFIRMED'] }, [3]],
  [{ placedAt: {} }, [3, 2, 1, 4]],
  [{ updatedAt: { from: '2026-05-20T00:00:00.000Z' } }, [3]],
  [{ updatedAt: { to: '2026-05-20T00:00:00.000Z' } }, [2, 1, 4]],
])('the filter %j finds %j', async (filter, expected) => {
  expect(await find(filter)).toMatchObject({ found: expected, errors: [] });
});

test('a range of time includes its start and leaves out its end', async () => {
  const [from, to] = ['2026-05-01T10:00:00.000Z', '2026-05-03T10:00:00.000Z'];
  expect(await find({ placedAt: { from, to } })).toMatchObject({ found: [2, 1] });
  expect(await find({ placedAt: { from: to, to: from } })).toMatchObject({ found: [] });
  expect(await find({ placedAt: { from: to } })).toMatchObject({ found: [3] });
});

test('a list by time of change withholds the last two seconds, from the count too', async () => {
  await insertOrder(world, {
    number: 9,
    buyer: 9,
    columns: { updated_at: new Date(Date.now() + 5_000).toISOString() },
  });
  expect((await find({ buyerId: toGlobalId('User', uuid('user', 9)) })).found).toHaveLength(1);
  const byChange = 'sort: { field: UPDATED_AT, direction: ASC }';
  expect(await find({ buyerId: toGlobalId('User', uuid('user', 9)) }, byChange)).toMatchObject({ found: [] });
  await world.database.query('DELETE FROM orders.orders WHERE id = $1', [uuid('order', 9)]);
});

describe('a search', () => {
  test.each([
    ['lamp', [2, 1]], // also the lampshade
    ['LAMP desk', [1]],
    ['desk chair', []],
    ['renée', [1]],
    ["O'Brien", [1]],
    ["o'bri", [1]],
    ['lamp-01', [1]],
    ['lamp-01-r', [1]],
    ['01-red', [1]],
    ['SHADE-9', [2]],
    ['T-2026-0001', [2, 1]],
    ['T-2026-000102', [2]],
    ['000102', [2]],
    ['0010', [3]],
    ['graz', []], // of the address only the recipient is searched
    ['  desk  ', [1]],
    ['***', []],
  ])('for %j finds %j', async (search, expected) => {
    expect(await find({ search })).toMatchObject({ found: expected, errors: [] });
  });

  test.each(['', 'ab', '  a  '])(
    'for less than three characters is refused without a statement: %j',
    async (search) => {
      expect(await find({ search })).toMatchObject({ errors: ['orders BAD_USER_INPUT'], statements: 0 });
    },
  );

  test('never fails on what people type', async () => {
    const unit = fc.constantFrom(...'\':*&|!()<->\\"a1é🙂 @./%_\t\n', '\u0301', '\ud800');
    await fc.assert(
      fc.asyncProperty(fc.string({ unit, minLength: 3, maxLength: 30 }), async (text) => {
        fc.pre([...text.trim()].length >= 3);
        expect((await find({ search: text })).errors).toEqual([]);
      }),
      { numRuns: 100 },
    );
  });
});

test.each([
  [{ buyerId: toGlobalId('Organization', uuid('organization', 1)) }, 'INVALID_ID'],
  [{ organizationId: 'nonsense' }, 'INVALID_ID'],
  [{ search: 'x'.repeat(201) }, 'BAD_USER_INPUT'],
])('a filter that cannot be used is refused before any statement: %j', async (filter, code) => {
  expect(await find(filter)).toMatchObject({ errors: [`orders ${code}`], statements: 0 });
});
