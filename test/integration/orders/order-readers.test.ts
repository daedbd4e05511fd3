import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import type { Principal } from '@tributary/kit';

import { startFullOrder } from './full-order.ts';
import { apiClient, customer, reference, service, staff, uuid } from './orders-world.ts';
import type { OrdersWorld } from './orders-world.ts';

let world: OrdersWorld;
beforeAll(async () => {
  world = await startFullOrder();
});
afterAll(() => world[Symbol.asyncDispose]());

describe('fields with readers of their own', () => {
  const query = `query ($all: [_Any!]!) { _entities(representations: $all) { ... on Order {
    shippingAddress { city } billingAddress { city } fulfillmentBlockers internalNote riskScore
  } } }`;
  const all = [{ ...reference('Order', uuid('order', 1)), paymentStatus: 'PAID' }];
  const [SUPPORT_ONLY, BLOCKERS] = [['internalNote', 'riskScore'], ['fulfillmentBlockers']];

  test.each<[string, Principal, { addresses: boolean; refused: readonly string[] }]>([
    ['the buyer', customer(1), { addresses: true, refused: [...SUPPORT_ONLY, ...BLOCKERS] }],
    ['a member who buys', customer(9, { 1: 'BUYER' }), { addresses: true, refused: [...SUPPORT_ONLY, ...BLOCKERS] }],
    ['a member who views', customer(9, { 1: 'VIEWER' }), { addresses: false, refused: [...SUPPORT_ONLY, ...BLOCKERS] }],
    ['support', staff('SUPPORT'), { addresses: true, refused: [] }],
    ['finance', staff('FINANCE'), { addresses: false, refused: [...SUPPORT_ONLY, ...BLOCKERS] }],
    ['an administrator', staff('ADMIN'), { addresses: false, refused: [] }],
    ['the partner', apiClient(2), { addresses: true, refused: [...SUPPORT_ONLY, ...BLOCKERS] }],
    [
      'a partner with a scope that is not theirs',
      apiClient(2, ['orders:read', 'support:read', 'orders:fulfill']),
      { addresses: true, refused: [...SUPPORT_ONLY, ...BLOCKERS] },
    ],
    ['a service', service('orders:read'), { addresses: false, refused: [...SUPPORT_ONLY, ...BLOCKERS] }],
    ['a service that ships', service('orders:read', 'orders:fulfill'), { addresses: true, refused: [...SUPPORT_ONLY] }],
  ])('are shown to %s as the role allows', async (_who, principal, { addresses, refused }) => {
    const { data, errors } = await world.ask(principal, query, { all });
    const city = addresses ? { city: 'Graz' } : null;
    const shown = <T>(field: string, value: T) => (refused.includes(field) ? null : value);
    expect(data).toEqual({
      _entities: [
        {
          shippingAddress: city,
          billingAddress: city,
          fulfillmentBlockers: shown('fulfillmentBlockers', ['RISK_REVIEW']),
          internalNote: shown('internalNote', 'good customer'),
          riskScore: shown('riskScore', 80),
        },
      ],
    });
    expect(errors.sort()).toEqual(refused.map((field) => `_entities.0.${field} FORBIDDEN`).sort());
  });

  test.each([
    ['UNPAID', ['RISK_REVIEW']],
    ['REFUNDED', ['PAYMENT', 'RISK_REVIEW']],
    [null, null],
    [undefined, null],
    ['SOMETHING_NEW', null],
  ])('with the payment status %s from billing the blockers are %j', async (paymentStatus, expected) => {
    const { data, errors } = await world.ask(
      staff('SUPPORT'),
      'query ($all: [_Any!]!) { _entities(representations: $all) { ... on Order { fulfillmentBlockers } } }',
      { all: [{ ...reference('Order', uuid('order', 1)), paymentStatus }] },
    );
    expect({ data, errors }).toEqual({ data: { _entities: [{ fulfillmentBlockers: expected }] }, errors: [] });
  });

  test('two representations of one order keep their own payment status', async () => {
    const { data, sql } = await world.ask(
      staff('SUPPORT'),
      'query ($all: [_Any!]!) { _entities(representations: $all) { ... on Order { fulfillmentBlockers } } }',
      { all: [...all, reference('Order', uuid('order', 1))] },
    );
    expect(data).toEqual({ _entities: [{ fulfillmentBlockers: ['RISK_REVIEW'] }, { fulfillmentBlockers: null }] });
    expect(sql).toHaveLength(1);
  });
});

test('orders below a person or an organization are null without an error for whoever may not see them', async () => {
  const query = `query ($all: [_Any!]!) { _entities(representations: $all) {
    ... on User { id orders { totalCount } } ... on Organization { id orders { totalCount } }
  } }`;
  const all = [reference('User', uuid('user', 1)), reference('Organization', uuid('organization', 1))];
  const counts = async (principal: Principal) => {
    const { data, errors } = await world.ask(principal, query, { all });
    expect(errors).toEqual([]);
    return (data as { _entities: { orders: { totalCount: number } | null }[] })._entities.map(
      ({ orders }) => orders?.totalCount ?? null,
    );
  };
  expect(await counts(customer(1))).toEqual([2, null]);
  expect(await counts(customer(9, { 1: 'VIEWER' }))).toEqual([null, 1]);
  expect(await counts(customer(9))).toEqual([null, null]);
  expect(await counts(apiClient(1))).toEqual([null, 1]);
  expect(await counts(apiClient(2))).toEqual([null, null]);
  for (const principal of [staff('SUPPORT'), staff('FINANCE'), staff('ADMIN'), service('orders:read')])
    expect(await counts(principal)).toEqual([2, 1]);
});
