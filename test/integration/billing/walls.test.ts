import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { ALL_WALLS, toGlobalId } from '@tributary/kit';

import { objects, organizations, people } from '../../kit/fixture.ts';
import { callers, orderReference, startBillingWorld } from './billing-world.ts';
import type { BillingWorld } from './billing-world.ts';

const { stranger, viewer } = callers;
const invoice = { __typename: 'Invoice', id: toGlobalId('Invoice', objects.Invoice) };
const payment = { __typename: 'Payment', id: toGlobalId('Payment', objects.Payment) };
const buyer = { __typename: 'User', id: toGlobalId('User', people.buyer) };
const organization = { __typename: 'Organization', id: toGlobalId('Organization', organizations.buying) };
const order = orderReference(objects.Order, {
  total: { amountMinor: '2780', currency: 'EUR' },
  buyerId: buyer.id,
  organizationId: organization.id,
});
const account = '{ balance { currency } invoices { nodes { number } } }';
const money = '{ invoice { number } payments { state } outstandingAmount { decimal } }';

describe('with the permission rules down, the row predicates alone keep strangers out', () => {
  let world: BillingWorld;
  beforeAll(async () => {
    world = await startBillingWorld({ walls: { ...ALL_WALLS, rules: false } });
  });
  afterAll(() => world[Symbol.asyncDispose]());

  test('of invoices and payments, in lists and behind references', async () => {
    expect((await world.ask(stranger, '{ invoices { nodes { number } totalCount } }')).data).toEqual({
      invoices: { nodes: [], totalCount: 0 },
    });
    for (const reference of [invoice, payment])
      expect((await world.entity(stranger, reference, '{ id }')).errors).toEqual(['_entities.0 NOT_FOUND']);
  });

  test('of what others have and owe', async () => {
    const nothing = { balance: null, invoices: { nodes: [] } };
    expect((await world.entity(stranger, buyer, account)).data).toEqual(nothing);
    expect((await world.entity(stranger, organization, account)).data).toEqual(nothing);
    // The viewer sees how much of the order is paid, which takes the same rows.
    for (const caller of [stranger, viewer])
      expect((await world.entity(caller, order, money)).data).toEqual({
        invoice: null,
        payments: null,
        outstandingAmount: null,
      });
  });
});

describe('with the row predicates down, the permission rules alone keep strangers out', () => {
  let world: BillingWorld;
  beforeAll(async () => {
    world = await startBillingWorld({ walls: { ...ALL_WALLS, rows: false } });
  });
  afterAll(() => world[Symbol.asyncDispose]());

  test('of invoices and payments, in lists and behind references', async () => {
    const { data, errors } = await world.ask(stranger, '{ invoices { nodes { number total { decimal } } } }');
    expect(JSON.stringify(data)).not.toContain('TI-1');
    expect(errors).toEqual(expect.arrayContaining(['invoices.nodes.0.total FORBIDDEN']));
    expect((await world.entity(stranger, invoice, '{ id }')).errors).toEqual(['_entities.0.id FORBIDDEN']);
    expect((await world.entity(stranger, payment, '{ id }')).errors).toEqual(['_entities.0.id FORBIDDEN']);
  });

  test('of what others have and owe', async () => {
    const nothing = { balance: null, invoices: null };
    expect((await world.entity(stranger, buyer, account)).data).toEqual(nothing);
    expect((await world.entity(stranger, organization, account)).data).toEqual(nothing);
    // The viewer sees how much of the order is paid, which takes the same rows.
    for (const caller of [stranger, viewer])
      expect((await world.entity(caller, order, money)).data).toEqual({
        invoice: null,
        payments: null,
        outstandingAmount: null,
      });
  });
});
