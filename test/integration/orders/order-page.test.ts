import { afterAll, beforeAll, expect, test } from 'vitest';

import { toGlobalId } from '@tributary/kit';

import { lineOf, startFullOrder } from './full-order.ts';
import { customer, orderId, reference, staff, uuid } from './orders-world.ts';
import type { OrdersWorld } from './orders-world.ts';

const MONEY = '{ amountMinor currency }';
const eur = (amountMinor: string) => ({ amountMinor, currency: 'EUR' });

let world: OrdersWorld;
beforeAll(async () => {
  world = await startFullOrder();
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
