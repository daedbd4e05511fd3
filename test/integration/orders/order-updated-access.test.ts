import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';

import type { Principal } from '@tributary/kit';

import { tryToSubscribe } from '../../kit/subscriber.ts';
import { ALL, buyer, ONE, organizationId, startOrderUpdates } from './order-updates-world.ts';
import type { OrderUpdatesWorld } from './order-updates-world.ts';
import { apiClient, customer, insertOrder, orderId, service, staff, uuid } from './orders-world.ts';

// Who may follow which orders, and what they get to see.

let world: OrderUpdatesWorld;
beforeAll(async () => {
  world = await startOrderUpdates();
});
afterAll(() => world[Symbol.asyncDispose]());
afterEach(() => world.clear());

describe('who may follow', () => {
  beforeEach(() => insertOrder(world, { number: 1, buyer: 1, organization: 7, partner: 8 }));
  const tries = (principal: Principal | null, query: string, id: string) =>
    tryToSubscribe(world.subgraph, principal, query, { id });

  test.each<[string, Principal | null, string]>([
    ['nobody in particular', null, 'UNAUTHENTICATED'],
    ['somebody without the scope', { ...buyer, scopes: [] }, 'FORBIDDEN'],
    ['the buyer', buyer, 'started'],
    ['a member of the organization', customer(2, { 7: 'VIEWER' }), 'started'],
    ['a stranger', customer(3, { 9: 'OWNER' }), 'NOT_FOUND'],
    ['a member of the partner', customer(3, { 8: 'OWNER' }), 'NOT_FOUND'],
    ['the client of the partner', apiClient(8), 'started'],
    ['another client', apiClient(9), 'NOT_FOUND'],
    ['support', staff('SUPPORT'), 'started'],
    ['finance', staff('FINANCE'), 'FORBIDDEN'],
    ['an administrator', staff('ADMIN'), 'FORBIDDEN'],
    ['an administrator who also buys', { ...staff('ADMIN'), roles: ['ADMIN', 'CUSTOMER'] }, 'NOT_FOUND'],
    ['a service', service('orders:read'), 'started'],
  ])('%s at one order', async (_name, principal, outcome) => {
    expect(await tries(principal, ONE, orderId(1))).toBe(outcome);
  });

  test.each<[string, Principal, string]>([
    ['a member', customer(2, { 7: 'VIEWER' }), 'started'],
    ['the buyer, who is none', buyer, 'NOT_FOUND'],
    ['its client', apiClient(7), 'started'],
    ['another client', apiClient(8), 'NOT_FOUND'],
    ['support', staff('SUPPORT'), 'started'],
    ['finance', staff('FINANCE'), 'FORBIDDEN'],
    ['an administrator', staff('ADMIN'), 'FORBIDDEN'],
  ])('%s at an organization', async (_name, principal, outcome) => {
    expect(await tries(principal, ALL, organizationId(7))).toBe(outcome);
  });

  test('an order that does not exist looks like one of somebody else', async () => {
    expect(await tries(buyer, ONE, orderId(404))).toBe('NOT_FOUND');
  });

  test.each([
    ['none', 'subscription { orderUpdated { type } }', 'BAD_USER_INPUT'],
    [
      'both',
      `subscription { orderUpdated(orderId: "${orderId(1)}", organizationId: "${organizationId(7)}") { type } }`,
      'BAD_USER_INPUT',
    ],
    ['an id of another type', `subscription { orderUpdated(orderId: "${organizationId(7)}") { type } }`, 'INVALID_ID'],
    ['an unknown field', 'subscription { orderUpdated { secrets } }', 'GRAPHQL_VALIDATION_FAILED'],
    ['two fields', 'subscription { a: orderUpdated { type } b: orderUpdated { type } }', 'GRAPHQL_VALIDATION_FAILED'],
    ['no document', 'subscription {', 'GRAPHQL_PARSE_FAILED'],
  ])('with %s it does not start', async (_name, query, code) => {
    expect(new Set((await tryToSubscribe(world.subgraph, buyer, query)).split(','))).toEqual(new Set([code]));
  });

  test('a subscription that is sent as a single operation is refused', async () => {
    const call = { principal: buyer, requestId: 'test', deadline: Date.now() + 10_000 };
    const { errors } = await world.subgraph.execute({ query: ONE, variables: { id: orderId(1) } }, call);
    expect(errors?.map(({ extensions }) => extensions.code)).toEqual(['BAD_USER_INPUT']);
  });

  test('who loses the order hears nothing of it any more, and hears again when it comes back', async () => {
    const subscriber = await world.follow(buyer, orderId(1));
    const give = (owner: number) =>
      world.database.query('UPDATE orders.orders SET buyer_id = $1, version = version + 1', [uuid('user', owner)]);
    await give(2);
    await world.tellOf(1);
    await give(1);
    await world.tellOf(1);
    expect((await subscriber.next()).order.version).toBe(3);
    await give(2);
    const silence = subscriber.next();
    await world.tellOf(1);
    const witness = await world.follow(staff('SUPPORT'), orderId(1));
    await world.tellOf(1);
    await witness.next();
    expect(await Promise.race([silence, Promise.resolve('silence')])).toBe('silence');
    await subscriber.leave();
    await expect(silence).rejects.toThrow('The stream has ended.');
  });

  test('fields that the caller may not see are denied in events as elsewhere', async () => {
    const query = 'subscription ($id: ID!) { orderUpdated(orderId: $id) { order { id riskScore internalNote } } }';
    const subscriber = await world.follow(buyer, orderId(1), { query });
    await world.tellOf(1);
    await expect(subscriber.next()).rejects.toThrow('FORBIDDEN,FORBIDDEN');
  });
});
