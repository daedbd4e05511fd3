import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { toGlobalId } from '@tributary/kit';

import { startFullOrder } from './full-order.ts';
import { apiClient, customer, orderId, service, staff, uuid } from './orders-world.ts';
import type { OrdersWorld } from './orders-world.ts';

let world: OrdersWorld;
beforeAll(async () => {
  world = await startFullOrder();
});
afterAll(() => world[Symbol.asyncDispose]());

describe('an order by root field', () => {
  test('is found by a partner under its own reference only', async () => {
    const query = '{ order(externalReference: "PO-1") { id } }';
    expect((await world.ask(apiClient(2), query)).data).toEqual({ order: { id: orderId(1) } });
    expect((await world.ask(apiClient(3), query)).data).toEqual({ order: { id: orderId(2) } });
    // Bought for this organization, but placed by another one.
    expect((await world.ask(apiClient(1), query)).data).toEqual({ order: null });
  });

  test.each([
    ['a person', customer(1)],
    ['support', staff('SUPPORT')],
    ['a service', service('orders:read')],
  ])('is not found under a reference by %s, who has none', async (_who, principal) => {
    expect(await world.ask(principal, '{ order(externalReference: "PO-1") { id } }')).toEqual({
      data: { order: null },
      errors: ['order BAD_USER_INPUT'],
      sql: [],
    });
  });

  test.each(['{ order { id } }', '{ order(id: "ord_1", number: "T-1") { id } }'])(
    'is asked for by exactly one argument: %s',
    async (query) => {
      expect(await world.ask(staff('SUPPORT'), query)).toMatchObject({ errors: ['order BAD_USER_INPUT'], sql: [] });
    },
  );

  test('needs the id of an order', async () => {
    const id = toGlobalId('Shipment', uuid('shipment', 1));
    const { errors, sql } = await world.ask(staff('SUPPORT'), 'query ($id: ID!) { order(id: $id) { id } }', { id });
    expect({ errors, sql }).toEqual({ errors: ['order INVALID_ID'], sql: [] });
  });

  test.each([
    ['an anonymous caller', null, 'UNAUTHENTICATED'],
    ['a client without the scope', apiClient(2, []), 'FORBIDDEN'],
  ])('is refused to %s without a statement', async (_who, principal, code) => {
    const { data, errors, sql } = await world.ask(principal, '{ order(number: "T-1") { id } orders { totalCount } }');
    expect(data).toBeNull();
    expect(errors.sort()).toEqual([`order ${code}`, `orders ${code}`]);
    expect(sql).toEqual([]);
  });
});
