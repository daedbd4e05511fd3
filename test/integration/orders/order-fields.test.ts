import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { toGlobalId } from '@tributary/kit';
import type { Principal } from '@tributary/kit';

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

const address = { recipient: 'Ada Buyer', line1: 'Hauptplatz 1', city: 'Graz', postalCode: '8010', country: 'AT' };
const MONEY = '{ amountMinor currency }';
const eur = (amountMinor: string) => ({ amountMinor, currency: 'EUR' });

// Ids run against positions, and rows are written out of order.
const lineOf = (position: number) => uuid('line', 10 - position);

let world: OrdersWorld;
beforeAll(async () => {
  world = await startOrdersWorld();
  const { database } = world;
  await insertOrder(world, {
    number: 1,
    buyer: 1,
    organization: 1,
    partner: 2,
    placed: 1,
    columns: {
      external_reference: 'PO-1',
      subtotal_minor: 3000,
      discount_minor: 200,
      shipping_minor: 500,
      tax_minor: 590,
      total_minor: 3890,
      shipping_address: address,
      billing_address: { ...address, line2: 'Top 4', region: 'Styria' },
      customer_note: 'ring twice',
      internal_note: 'good customer',
      risk_score: 80,
    },
  });
  await insertOrder(world, { number: 2, buyer: 1, partner: 3, columns: { external_reference: 'PO-1' } });
  const order_id = uuid('order', 1);
  for (const position of [1, 2]) {
    const line = lineOf(position);
    const amounts = { unit_price_minor: 1000, discount_minor: 100, tax_minor: position === 1 ? 190 : 400 };
    await insert(database, 'orders.order_lines', {
      id: line,
      order_id,
      position,
      sku: `SKU-${position}`,
      title: `Lamp ${position}`,
      quantity: position,
      shipped_quantity: 1,
      ...amounts,
      total_minor: position * amounts.unit_price_minor - amounts.discount_minor + amounts.tax_minor,
    });
    for (const tax of position === 1 ? [190] : [300, 100])
      await insert(database, 'orders.order_line_taxes', {
        order_line_id: line,
        position: tax === 100 ? 2 : 1,
        title: 'VAT',
        rate: tax === 190 ? '0.19' : '0.055',
        jurisdiction: 'AT',
        amount_minor: tax,
      });
    await insert(database, 'orders.order_discounts', {
      order_id,
      position: 3 - position, // written out of order
      code: position === 1 ? null : 'HELLO',
      title: `Discount ${position}`,
      amount_minor: 100,
    });
    await insert(database, 'orders.shipments', {
      id: uuid('shipment', position),
      order_id,
      status: 'PENDING',
      carrier: 'Post',
    });
  }
  for (const [shipment, position, quantity] of [
    [1, 2, 2],
    [1, 1, 1],
    [2, 2, 1],
  ] as const)
    await insert(database, 'orders.shipment_lines', {
      shipment_id: uuid('shipment', shipment),
      order_line_id: lineOf(position),
      quantity,
    });
  const order_return = { order_id, reason: 'too bright', created_at: '2026-05-05T00:00:00.000Z' };
  await insert(database, 'orders.order_returns', {
    ...order_return,
    id: uuid('return', 1),
    status: 'RECEIVED',
    refund_minor: 500,
  });
  await insert(database, 'orders.order_returns', { ...order_return, id: uuid('return', 2), status: 'REQUESTED' });
  await insert(database, 'orders.return_lines', {
    return_id: uuid('return', 1),
    order_line_id: lineOf(2),
    quantity: 1,
  });
  for (const [number, actor_id] of [uuid('user', 1), null].entries())
    await insert(database, 'orders.order_events', {
      id: uuid('event', number),
      order_id,
      type: 'UPDATED',
      actor_id,
      message: `Event ${number}`,
      created_at: '2026-05-02T00:00:00.000Z',
    });
});
afterAll(() => world[Symbol.asyncDispose]());

test('the page of an order takes seven statements', async () => {
  const { data, errors, sql } = await world.ask(
    customer(1),
    `query ($id: ID!) { order(id: $id) {
      id number status fulfillmentStatus channel version currency externalReference customerNote
      buyer { id } organization { id } buyerId organizationId partnerOrganizationId
      shippingAddress { recipient line1 line2 postalCode country } billingAddress { line2 region }
      lines(first: 50) { nodes { id sku quantity unitPrice ${MONEY} discountTotal ${MONEY} taxTotal ${MONEY} total ${MONEY}
        taxLines { title rate jurisdiction amount ${MONEY} } } }
      subtotal ${MONEY} discountTotal ${MONEY} shippingTotal ${MONEY} taxTotal ${MONEY} total ${MONEY}
      shipments { id carrier lines { quantity orderLine { id sku total ${MONEY} } } }
      returns { id status reason refundAmount ${MONEY} requestedAt }
      timeline(first: 20) { nodes { type occurredAt message actor { id } } }
      placedAt canceledAt cancelReason createdAt updatedAt
    } }`,
    { id: orderId(1) },
  );
  const line = (number: number) => toGlobalId('OrderLine', lineOf(number));
  const tax = (rate: string, amount: string) => ({ title: 'VAT', rate, jurisdiction: 'AT', amount: eur(amount) });
  expect({ data, errors }).toEqual({
    data: {
      order: {
        id: orderId(1),
        number: 'T-1',
        status: 'CONFIRMED',
        fulfillmentStatus: 'UNFULFILLED',
        channel: 'PARTNER_API',
        version: 1,
        currency: 'EUR',
        externalReference: 'PO-1',
        customerNote: 'ring twice',
        buyer: { id: toGlobalId('User', uuid('user', 1)) },
        organization: { id: toGlobalId('Organization', uuid('organization', 1)) },
        buyerId: toGlobalId('User', uuid('user', 1)),
        organizationId: toGlobalId('Organization', uuid('organization', 1)),
        partnerOrganizationId: toGlobalId('Organization', uuid('organization', 2)),
        shippingAddress: {
          recipient: 'Ada Buyer',
          line1: 'Hauptplatz 1',
          line2: null,
          postalCode: '8010',
          country: 'AT',
        },
        billingAddress: { line2: 'Top 4', region: 'Styria' },
        lines: {
          nodes: [
            {
              id: line(1),
              sku: 'SKU-1',
              quantity: 1,
              unitPrice: eur('1000'),
              discountTotal: eur('100'),
              taxTotal: eur('190'),
              total: eur('1090'),
              taxLines: [tax('0.19', '190')],
            },
            {
              id: line(2),
              sku: 'SKU-2',
              quantity: 2,
              unitPrice: eur('1000'),
              discountTotal: eur('100'),
              taxTotal: eur('400'),
              total: eur('2300'),
              taxLines: [tax('0.055', '300'), tax('0.055', '100')],
            },
          ],
        },
        subtotal: eur('3000'),
        discountTotal: eur('200'),
        shippingTotal: eur('500'),
        taxTotal: eur('590'),
        total: eur('3890'),
        shipments: [
          {
            id: toGlobalId('Shipment', uuid('shipment', 1)),
            carrier: 'Post',
            lines: [
              { quantity: 1, orderLine: { id: line(1), sku: 'SKU-1', total: eur('1090') } },
              { quantity: 2, orderLine: { id: line(2), sku: 'SKU-2', total: eur('2300') } },
            ],
          },
          {
            id: toGlobalId('Shipment', uuid('shipment', 2)),
            carrier: 'Post',
            lines: [{ quantity: 1, orderLine: { id: line(2), sku: 'SKU-2', total: eur('2300') } }],
          },
        ],
        returns: [
          {
            id: toGlobalId('OrderReturn', uuid('return', 1)),
            status: 'RECEIVED',
            reason: 'too bright',
            refundAmount: eur('500'),
            requestedAt: '2026-05-05T00:00:00.000Z',
          },
          {
            id: toGlobalId('OrderReturn', uuid('return', 2)),
            status: 'REQUESTED',
            reason: 'too bright',
            refundAmount: null,
            requestedAt: '2026-05-05T00:00:00.000Z',
          },
        ],
        timeline: {
          nodes: [
            { type: 'UPDATED', occurredAt: '2026-05-02T00:00:00.000Z', message: 'Event 1', actor: null },
            {
              type: 'UPDATED',
              occurredAt: '2026-05-02T00:00:00.000Z',
              message: 'Event 0',
              actor: { id: toGlobalId('User', uuid('user', 1)) },
            },
          ],
        },
        placedAt: '2026-05-01T10:00:00.000Z',
        canceledAt: null,
        cancelReason: null,
        createdAt: '2026-05-01T00:00:00.000Z',
        updatedAt: '2026-05-01T10:00:00.000Z',
      },
    },
    errors: [],
  });
  expect(sql).toHaveLength(7);
});

test('what hangs below several orders takes one statement per field, and parts lead back to their order', async () => {
  const { data, sql } = await world.ask(
    staff('FINANCE'),
    `query ($all: [_Any!]!) { _entities(representations: $all) { ... on Order {
      itemCount discounts { code title amount ${MONEY} }
      returns { order { id } lines { quantity orderLine { sku } } }
      shipments { order { number } }
    } } }`,
    { all: [1, 2].map((number) => reference('Order', uuid('order', number))) },
  );
  expect(data).toEqual({
    _entities: [
      {
        itemCount: 3,
        discounts: [
          { code: 'HELLO', title: 'Discount 2', amount: eur('100') },
          { code: null, title: 'Discount 1', amount: eur('100') },
        ],
        returns: [
          { order: { id: orderId(1) }, lines: [{ quantity: 1, orderLine: { sku: 'SKU-2' } }] },
          { order: { id: orderId(1) }, lines: [] },
        ],
        shipments: [{ order: { number: 'T-1' } }, { order: { number: 'T-1' } }],
      },
      { itemCount: 0, discounts: [], returns: [], shipments: [] },
    ],
  });
  expect(sql).toHaveLength(6); // orders, counts, discounts, returns, their lines, shipments
});

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
