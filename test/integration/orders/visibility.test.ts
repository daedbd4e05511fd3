import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { ALL_WALLS, toGlobalId } from '@tributary/kit';
import type { Principal, Walls } from '@tributary/kit';

import {
  apiClient,
  customer,
  insert,
  insertOrder,
  orderId,
  reference,
  service,
  staff,
  startOrdersWorld,
  uuid,
} from './orders-world.ts';
import type { OrdersWorld } from './orders-world.ts';

// Seven orders, one for each kind of ownership and for their overlaps, with all parts below each.

const ORDERS = [
  { number: 1, buyer: 1 },
  { number: 2, buyer: 1, organization: 1 },
  { number: 3, buyer: 2, organization: 1 },
  { number: 4, buyer: 2, organization: 2, partner: 3 },
  { number: 5, organization: 1, partner: 3 },
  { number: 6, organization: 3, partner: 3 },
  { number: 7, organization: 3, partner: 4 },
];
const EVERY = ORDERS.map(({ number }) => number);

const callers: [string, Principal | null, number[]][] = [
  ['an anonymous caller', null, []],
  ['a buyer', customer(1), [1, 2]],
  ['a buyer who is a member', customer(1, { 1: 'VIEWER' }), [1, 2, 3, 5]],
  ['a member who bought nothing', customer(9, { 1: 'OWNER', 3: 'VIEWER' }), [2, 3, 5, 6, 7]],
  ['a stranger', customer(9), []],
  ['a member without the scope', { ...customer(1, { 1: 'OWNER' }), scopes: [] }, []],
  ['support', staff('SUPPORT'), EVERY],
  ['finance', staff('FINANCE'), EVERY],
  ['an administrator', staff('ADMIN'), EVERY],
  ['support without the scope', { ...staff('SUPPORT'), scopes: ['support:read'] }, []],
  ['a partner', apiClient(3), [4, 5, 6, 7]],
  ['another partner', apiClient(4), [7]],
  ['the client of a buying organization', apiClient(1), [2, 3, 5]],
  ['a client without the scope', apiClient(3, ['billing:read']), []],
  ['a service', service('orders:read'), EVERY],
  ['a service without the scope', service('orders:fulfill'), []],
];

const PARTS = { OrderLine: 'line', Shipment: 'shipment', OrderReturn: 'return' } as const;
const partTypes = Object.keys(PARTS) as (keyof typeof PARTS)[];

async function startWorld(walls: Partial<Walls>): Promise<OrdersWorld> {
  const world = await startOrdersWorld({ walls: { ...ALL_WALLS, ...walls } });
  const { database } = world;
  for (const order of ORDERS) {
    const { number } = order;
    await insertOrder(world, { ...order, placed: number });
    const part = { order_id: uuid('order', number) };
    await insert(database, 'orders.order_lines', {
      ...part,
      id: uuid('line', number),
      position: 1,
      sku: 'LAMP-1',
      title: 'Desk lamp',
      quantity: 1,
      unit_price_minor: 100,
      total_minor: 100,
    });
    await insert(database, 'orders.shipments', { ...part, id: uuid('shipment', number), status: 'PENDING' });
    await insert(database, 'orders.order_returns', {
      ...part,
      id: uuid('return', number),
      status: 'REQUESTED',
      reason: `R-${number}`,
    });
  }
  return world;
}

/** What references to the seven orders give, one list per type. */
const byReference = (world: OrdersWorld, principal: Principal | null) =>
  world.ask(
    principal,
    `query ($orders: [_Any!]!, $lines: [_Any!]!, $shipments: [_Any!]!, $returns: [_Any!]!) {
      Order: _entities(representations: $orders) { ... on Order { id number } }
      OrderLine: _entities(representations: $lines) { ... on OrderLine { id } }
      Shipment: _entities(representations: $shipments) { ... on Shipment { id } }
      OrderReturn: _entities(representations: $returns) { ... on OrderReturn { id } }
    }`,
    {
      // Forged fields must never come back.
      orders: EVERY.map((number) => ({ ...reference('Order', uuid('order', number)), number: 'forged' })),
      lines: EVERY.map((number) => reference('OrderLine', uuid('line', number))),
      shipments: EVERY.map((number) => reference('Shipment', uuid('shipment', number))),
      returns: EVERY.map((number) => reference('OrderReturn', uuid('return', number))),
    },
  );

const visibleReferences = (visible: readonly number[]) => {
  const only = (make: (number: number) => unknown) =>
    EVERY.map((number) => (visible.includes(number) ? make(number) : null));
  return {
    Order: only((number) => ({ id: orderId(number), number: `T-${number}` })),
    ...Object.fromEntries(
      partTypes.map((type) => [type, only((number) => ({ id: toGlobalId(type, uuid(PARTS[type], number)) }))]),
    ),
  };
};

describe('with the rules taken down, rows', () => {
  let world: OrdersWorld;
  beforeAll(async () => (world = await startWorld({ rules: false })));
  afterAll(() => world[Symbol.asyncDispose]());

  test.each(callers)('in lists show %s each visible order once', async (_who, principal, visible) => {
    for (const direction of ['ASC', 'DESC'])
      for (const field of ['PLACED_AT', 'UPDATED_AT']) {
        const { data, errors } = await world.ask(
          principal,
          `{ orders(sort: { field: ${field}, direction: ${direction} }) { nodes { number } totalCount } }`,
        );
        const numbers = direction === 'ASC' ? visible : visible.toReversed();
        expect({ data, errors }).toEqual({
          data: { orders: { nodes: numbers.map((number) => ({ number: `T-${number}` })), totalCount: visible.length } },
          errors: [],
        });
      }
  });

  test.each(callers)('by id show %s orders and their parts', async (_who, principal, visible) => {
    const { data, errors } = await byReference(world, principal);
    expect(data).toEqual(visibleReferences(visible));
    const hidden = EVERY.flatMap((number, index) => (visible.includes(number) ? [] : [index]));
    const expected = ['Order', ...partTypes].flatMap((type) => hidden.map((index) => `${type}.${index} NOT_FOUND`));
    expect(errors.sort()).toEqual(expected.sort());
  });

  test.each(callers)('at root fields show %s the same', async (_who, principal, visible) => {
    for (const number of EVERY) {
      const query = 'query ($id: ID!, $number: String!) { byId: order(id: $id) { id } order(number: $number) { id } }';
      const { data, errors } = await world.ask(principal, query, { id: orderId(number), number: `T-${number}` });
      const found = visible.includes(number) ? { id: orderId(number) } : null;
      expect({ data, errors }).toEqual({ data: { byId: found, order: found }, errors: [] });
    }
  });

  test.each(callers)('below people and organizations show %s no more', async (_who, principal, visible) => {
    const { data } = await world.ask(
      principal,
      `query ($owners: [_Any!]!) { _entities(representations: $owners) {
        ... on User { orders { nodes { number } totalCount } }
        ... on Organization { orders { nodes { number } totalCount } }
      } }`,
      {
        owners: [
          ...[1, 2].map((number) => reference('User', uuid('user', number))),
          ...[1, 2, 3].map((number) => reference('Organization', uuid('organization', number))),
        ],
      },
    );
    const lists = (data as { _entities: { orders: { nodes: { number: string }[]; totalCount: number } }[] })._entities;
    const shown = lists.map(({ orders }) => orders.nodes.map(({ number }) => Number(number.slice(2))));
    expect(shown.flat().filter((number) => !visible.includes(number))).toEqual([]);
    expect(lists.map(({ orders }) => orders.totalCount)).toEqual(shown.map(({ length }) => length));
  });

  test('below a person stand the orders that person placed, for the person and for staff', async () => {
    const query = `query ($all: [_Any!]!) { _entities(representations: $all) { ... on User { orders { nodes { number } } } } }`;
    const all = [1, 2].map((number) => reference('User', uuid('user', number)));
    const ofBoth = [
      { orders: { nodes: [{ number: 'T-2' }, { number: 'T-1' }] } },
      { orders: { nodes: [{ number: 'T-4' }, { number: 'T-3' }] } },
    ];
    expect((await world.ask(staff('FINANCE'), query, { all })).data).toEqual({ _entities: ofBoth });
    expect((await world.ask(customer(1, { 1: 'OWNER' }), query, { all })).data).toEqual({
      _entities: [ofBoth[0], { orders: { nodes: [] } }],
    });
  });

  test('below an organization stand the orders placed for it, for members, its client and staff', async () => {
    const query = `query ($all: [_Any!]!) { _entities(representations: $all) { ... on Organization { orders { nodes { number } } } } }`;
    const all = [1, 3].map((number) => reference('Organization', uuid('organization', number)));
    const ofFirst = { orders: { nodes: [{ number: 'T-5' }, { number: 'T-3' }, { number: 'T-2' }] } };
    const ofThird = { orders: { nodes: [{ number: 'T-7' }, { number: 'T-6' }] } };
    const none = { orders: { nodes: [] } };
    const answers = await Promise.all(
      [staff('SUPPORT'), customer(9, { 1: 'VIEWER' }), apiClient(3)].map((principal) =>
        world.ask(principal, query, { all }),
      ),
    );
    expect(answers.map(({ data }) => data)).toEqual([
      { _entities: [ofFirst, ofThird] },
      { _entities: [ofFirst, none] },
      { _entities: [none, ofThird] },
    ]);
  });

  test('a filter narrows what the caller sees and never widens it', async () => {
    const numbers = async (principal: Principal, filter: Record<string, unknown>) => {
      const query = 'query ($filter: OrderFilter) { orders(filter: $filter) { nodes { number } } }';
      const { data } = await world.ask(principal, query, { filter });
      return (data as { orders: { nodes: { number: string }[] } }).orders.nodes.map(({ number }) => number);
    };
    const member = customer(1, { 1: 'VIEWER' });
    expect(await numbers(member, { buyerId: toGlobalId('User', uuid('user', 2)) })).toEqual(['T-3']);
    expect(await numbers(customer(1), { buyerId: toGlobalId('User', uuid('user', 2)) })).toEqual([]);
    const organizationId = toGlobalId('Organization', uuid('organization', 1));
    expect(await numbers(member, { organizationId })).toEqual(['T-5', 'T-3', 'T-2']);
    expect(await numbers(customer(1), { organizationId })).toEqual(['T-2']);
    expect(await numbers(apiClient(3), { organizationId })).toEqual(['T-5']);
  });

  test('a missing and an invisible order are answered alike', async () => {
    const ask = async (number: number) => {
      const query =
        'query ($id: ID!, $all: [_Any!]!) { order(id: $id) { id } _entities(representations: $all) { __typename } }';
      const all = [reference('Order', uuid('order', number))];
      const { data, errors } = await world.ask(customer(9), query, { id: orderId(number), all });
      return { data, errors };
    };
    expect(await ask(1)).toEqual({ data: { order: null, _entities: [null] }, errors: ['_entities.0 NOT_FOUND'] });
    expect(await ask(404)).toEqual(await ask(1));
  });
});

describe('with the row predicates taken down, rules', () => {
  let world: OrdersWorld;
  beforeAll(async () => (world = await startWorld({ rows: false })));
  afterAll(() => world[Symbol.asyncDispose]());

  test.each(callers)('give %s what is theirs and nothing else', async (_who, principal, visible) => {
    const { data, errors } = await byReference(world, principal);
    expect(data).toEqual(visibleReferences(visible));
    expect(new Set(errors.map((error) => error.split(' ')[1]))).toEqual(
      new Set(visible.length === EVERY.length ? [] : [principal ? 'FORBIDDEN' : 'UNAUTHENTICATED']),
    );
  });

  test.each([
    ['number', 'FORBIDDEN'],
    ['customerNote', 'FORBIDDEN'],
    ['buyerId', 'FORBIDDEN'],
    ['fulfillmentBlockers', 'FORBIDDEN'],
    ['riskScore', 'FORBIDDEN'],
    ['internalNote', 'FORBIDDEN'],
    ['shippingAddress { city }', undefined],
    ['billingAddress { city }', undefined],
  ])('refuse the field %s of an order that is not theirs', async (selection, code) => {
    const query = `query ($all: [_Any!]!) { _entities(representations: $all) { ... on Order { ${selection} } } }`;
    const all = [reference('Order', uuid('order', 1))];
    for (const principal of [customer(9), apiClient(4), { ...staff('SUPPORT'), scopes: ['support:read'] }]) {
      const { data, errors } = await world.ask(principal, query, { all });
      const field = selection.split(' ')[0]!;
      expect(data).toEqual({ _entities: [{ [field]: null }] });
      expect(errors).toEqual(code ? [`_entities.0.${field} ${code}`] : []);
    }
  });
});
