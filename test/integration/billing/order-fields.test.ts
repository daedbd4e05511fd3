import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { toGlobalId } from '@tributary/kit';

import { objects, organizations, people } from '../../kit/fixture.ts';
import { callers, orderReference, person, startBillingWorld } from './billing-world.ts';
import type { BillingWorld, CallerName } from './billing-world.ts';

let world: BillingWorld;
beforeAll(async () => {
  world = await startBillingWorld();
});
afterAll(() => world[Symbol.asyncDispose]());

const uuid = (number: number) => `01930000-0000-7000-8000-${number.toString(16).padStart(12, '0')}`;
const total = { amountMinor: '2780', currency: 'EUR' };
const owners = {
  buyerId: toGlobalId('User', people.buyer),
  organizationId: toGlobalId('Organization', organizations.buying),
  partnerOrganizationId: toGlobalId('Organization', organizations.partner),
};
const nobodys = { buyerId: null, organizationId: null, partnerOrganizationId: null };
const terms = { total, canceledAt: null, ...owners };
const everything = '{ paymentStatus invoice { number } payments { state } outstandingAmount { amountMinor } }';
const unknown = { paymentStatus: 'NOT_INVOICED', invoice: null, payments: null, outstandingAmount: null };

describe('what billing tells about the order of the access world', () => {
  const invoice = { number: 'TI-1' };
  const payments = [{ state: 'FAILED' }, { state: 'REQUIRES_ACTION' }];
  const outstandingAmount = { amountMinor: '2780' };
  const all = { paymentStatus: 'UNPAID', invoice, payments, outstandingAmount };
  const money = { ...unknown, paymentStatus: 'UNPAID', outstandingAmount };

  test.each<[CallerName, object]>([
    ['buyer', all],
    ['organizationOwner', all],
    ['billingManager', all],
    ['organizationBuyer', money],
    ['viewer', { ...unknown, paymentStatus: 'UNPAID' }],
    ['stranger', unknown],
    ['support', all],
    ['finance', all],
    ['partner', all],
    ['otherPartner', unknown],
    ['organizationClient', all],
    ['service', all],
  ])('to %s', async (name, expected) => {
    const { data, errors, sql } = await world.entity(callers[name], orderReference(objects.Order, terms), everything);
    if (expected === all) (data as typeof all).payments.sort((a, b) => (a.state < b.state ? -1 : 1));
    expect({ data, errors }).toEqual({ data: expected, errors: [] });
    expect(sql).toHaveLength(expected === all ? 2 : 1);
  });

  test('to an administrator: the status, and no more', async () => {
    const { data, errors } = await world.entity(person('admin'), orderReference(objects.Order, terms), everything);
    expect(data).toEqual({ ...unknown, paymentStatus: 'UNPAID' });
    expect(errors.sort()).toEqual(
      ['invoice', 'outstandingAmount', 'payments'].map((field) => `_entities.0.${field} FORBIDDEN`),
    );
  });
});

test('an order without an invoice, an unknown order and an invisible one look alike', async () => {
  const invisible = uuid(1);
  await world.addInvoice({ order_id: invisible, customer_id: people.stranger });
  for (const id of [uuid(2), invisible]) {
    const { data } = await world.entity(person('buyer'), orderReference(id, { ...terms, ...nobodys }), everything);
    expect(data).toEqual(unknown);
  }
});

test('before invoicing the total of the order is to pay; staff sees that there are no payments', async () => {
  const reference = orderReference(uuid(2), terms);
  expect((await world.entity(person('buyer'), reference, everything)).data).toEqual({
    ...unknown,
    outstandingAmount: { amountMinor: '2780' },
  });
  expect((await world.entity(person('support'), reference, everything)).data).toEqual({
    ...unknown,
    payments: [],
    outstandingAmount: { amountMinor: '2780' },
  });
});

test('when orders could not tell the total, what is to pay is unknown, never zero', async () => {
  for (const unknownTotal of [null, undefined, { amountMinor: null, currency: null }]) {
    const reference = orderReference(objects.Order, { ...terms, total: unknownTotal });
    const { data, errors } = await world.entity(person('support'), reference, '{ outstandingAmount { amountMinor } }');
    expect({ data, errors }).toEqual({ data: { outstandingAmount: null }, errors: [] });
  }
});

test('nothing is to pay for a canceled order', async () => {
  const reference = orderReference(objects.Order, { ...terms, canceledAt: '2026-03-02T00:00:00.000Z' });
  const { data } = await world.entity(person('buyer'), reference, '{ outstandingAmount { amountMinor decimal } }');
  expect(data).toEqual({ outstandingAmount: { amountMinor: '0', decimal: '0.00' } });
});

test('a void invoice is not the invoice of the order, but its payments count', async () => {
  const order = uuid(3);
  const at = (minute: number) => `2026-03-01T10:0${minute}:00.000Z`;
  const customer_id = people.buyer;
  const voided = await world.addInvoice({
    order_id: order,
    customer_id,
    status: 'VOID',
    close_reason: 'reissued',
    created_at: at(0),
  });
  const reference = orderReference(order, terms);
  await world.addPayment(voided, { state: 'CANCELED', created_at: at(1) });
  expect((await world.entity(person('buyer'), reference, everything)).data).toEqual({
    paymentStatus: 'VOIDED',
    invoice: null,
    payments: [{ state: 'CANCELED' }],
    outstandingAmount: { amountMinor: '0' },
  });

  const live = await world.addInvoice({
    number: 'live',
    order_id: order,
    customer_id,
    paid_minor: 200,
    created_at: at(2),
  });
  await world.addPayment(live, {
    state: 'SUCCEEDED',
    amount_minor: 200,
    captured_minor: 200,
    captured_at: at(3),
    created_at: at(3),
  });
  await world.addPayment(voided, { state: 'PROCESSING', created_at: at(4) });
  expect((await world.entity(person('buyer'), reference, everything)).data).toEqual({
    paymentStatus: 'PARTIALLY_PAID',
    invoice: { number: 'live' },
    payments: [{ state: 'PROCESSING' }, { state: 'SUCCEEDED' }, { state: 'CANCELED' }],
    outstandingAmount: { amountMinor: '1000' },
  });
});

test('a page of orders takes one statement for the invoices and one for the payments, whatever is asked of each', async () => {
  const page = Array.from({ length: 50 }, (_, index) => uuid(100 + index));
  for (const order_id of page) await world.addInvoice({ order_id, customer_id: people.buyer });
  const ask = (selection: string) =>
    world.ask(
      person('buyer'),
      `query ($r: [_Any!]!) { _entities(representations: $r) { ... on Order ${selection} } }`,
      {
        r: page.map((id) => orderReference(id, terms)),
      },
    );
  expect(
    (await ask('{ paymentStatus invoice { id status pdfUrl amountDue { decimal } } outstandingAmount { decimal } }'))
      .sql,
  ).toHaveLength(1);
  // The invoice behind a payment is one that was read already.
  expect(
    (await ask('{ paymentStatus invoice { id payments { id } } payments { id invoice { number } } }')).sql,
  ).toHaveLength(2);
});

test('one bad representation fails alone', async () => {
  const { data, errors } = await world.ask(
    person('support'),
    'query ($r: [_Any!]!) { _entities(representations: $r) { ... on Order { paymentStatus } ... on User { id } } }',
    {
      r: [
        { __typename: 'Order', id: toGlobalId('User', people.buyer) },
        { __typename: 'User', id: toGlobalId('Order', objects.Order) },
        orderReference(objects.Order),
      ],
    },
  );
  expect(data).toEqual({ _entities: [null, null, { paymentStatus: 'UNPAID' }] });
  expect(errors.sort()).toEqual(['_entities.0 INVALID_ID', '_entities.1 INVALID_ID']);
});

test('what belongs to orders is not answered from a representation', async () => {
  const { data, errors } = await world.entity(
    person('support'),
    orderReference(objects.Order, { ...terms, number: 'made up' }),
    '{ number canceledAt buyerId }',
  );
  expect(data).toEqual({ number: null, canceledAt: null, buyerId: null });
  expect(errors.sort()).toEqual(['_entities.0.buyerId FORBIDDEN', '_entities.0.canceledAt FORBIDDEN']);
});
