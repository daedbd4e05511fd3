import { randomUUID } from 'node:crypto';

import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';

import { toGlobalId } from '@tributary/kit';
import type { Principal } from '@tributary/kit';

import { subscribe, tryToSubscribe } from '../../kit/subscriber.ts';
import type { Subscriber } from '../../kit/subscriber.ts';
import { payInvoice } from './pay-invoice.ts';
import { person, startPaymentWorld } from './payment-world.ts';
import type { Customer, PaymentWorld } from './payment-world.ts';

let world: PaymentWorld;
beforeAll(async () => {
  world = await startPaymentWorld();
});
afterAll(() => world[Symbol.asyncDispose]());

interface InvoiceUpdated {
  eventId: string;
  type: string;
  invoice: { id: string; status: string; amountDue: { amountMinor: string } };
}

const FIELDS = 'eventId type invoice { id status amountDue { amountMinor } }';
const ONE = `subscription ($id: ID!) { invoiceUpdated(invoiceId: $id) { ${FIELDS} } }`;
const ALL = `subscription ($id: ID!) { invoiceUpdated(organizationId: $id) { ${FIELDS} } }`;

const started: Subscriber<InvoiceUpdated>[] = [];
afterEach(() => Promise.all(started.splice(0).map((each) => each.leave())));

async function follow(principal: Principal, id: string, query = ONE): Promise<Subscriber<InvoiceUpdated>> {
  const subscriber = await subscribe<InvoiceUpdated>(world.subgraph, principal, query, { id });
  started.push(subscriber);
  return subscriber;
}

async function openInvoice(customer: Customer, options: Parameters<PaymentWorld['placeOrder']>[1] = {}) {
  const orderId = await world.placeOrder(customer, options);
  const { id } = await world.invoiceOf(orderId);
  return { orderId, uuid: id, id: toGlobalId('Invoice', id) };
}

const hear = async (subscriber: Subscriber<InvoiceUpdated>, count: number) => {
  const heard: string[] = [];
  for (let number = 1; number <= count; number += 1) {
    const { type, invoice } = await subscriber.next();
    heard.push(`${type} ${invoice.status} ${invoice.amountDue.amountMinor}`);
  }
  return heard;
};

describe('what subscribers hear', () => {
  test('a payment, the invoice that is paid by it, and what goes back when the order is canceled', async () => {
    const customer = await world.addCustomer({ balanceMinor: 5000n });
    const { id, orderId, uuid } = await openInvoice(customer);
    const subscriber = await follow(person(customer), id);
    await payInvoice(world, person(customer), { invoiceId: id });
    expect(await hear(subscriber, 2)).toEqual(['PAYMENT_UPDATED PAID 0', 'PAID PAID 0']);
    await world.cancelOrder(orderId);
    expect(await hear(subscriber, 3)).toEqual(['CREDITED PAID 0', 'CREDITED PAID 0', 'CREDITED PAID 0']);
    const told = await world.database.query<{ id: string }>(
      'SELECT id FROM billing.outbox WHERE key = $1 ORDER BY position',
      [uuid],
    );
    expect(told).toHaveLength(6); // the first one told that it was finalized, before anybody followed
  });

  test('a charge that is declined, and an invoice that is void', async () => {
    const customer = await world.addCustomer({ card: 'card_declined' });
    const { id, orderId } = await openInvoice(customer, { withCard: true });
    const subscriber = await follow(person(customer), id);
    await world.settle();
    expect(await hear(subscriber, 1)).toEqual(['PAYMENT_UPDATED OPEN 1200']);
    await world.cancelOrder(orderId);
    expect(await hear(subscriber, 1)).toEqual(['VOIDED VOID 1200']);
  });

  test('a refused payment tells nothing', async () => {
    const customer = await world.addCustomer({ balanceMinor: 100n });
    const { id, orderId } = await openInvoice(customer);
    const subscriber = await follow(person(customer), id);
    const { payload } = await payInvoice(world, person(customer), { invoiceId: id });
    expect(payload?.userErrors).toMatchObject([{ code: 'AMOUNT_TOO_LARGE' }]);
    await world.cancelOrder(orderId);
    expect(await hear(subscriber, 1)).toEqual(['VOIDED VOID 1200']);
  });

  test('an organization hears of new invoices too, and of nobody else’s', async () => {
    const organization = await world.addCustomer({ ownerType: 'ORGANIZATION' });
    const other = await world.addCustomer();
    const manager = managerOf(organization.ownerId);
    const subscriber = await follow(manager, toGlobalId('Organization', organization.ownerId), ALL);
    await openInvoice(other);
    const { id } = await openInvoice(organization);
    const { type, invoice } = await subscriber.next();
    expect([type, invoice.id]).toEqual(['FINALIZED', id]);
  });

  test('who is no customer of the invoice any more hears nothing of it', async () => {
    const customer = await world.addCustomer({ balanceMinor: 5000n });
    const { id, uuid, orderId } = await openInvoice(customer);
    const subscriber = await follow(person(customer), id);
    const witness = await follow(finance, id);
    const give = (owner: string) =>
      world.database.query('UPDATE billing.invoices SET customer_id = $2 WHERE id = $1', [uuid, owner]);
    await world.database.query('ALTER TABLE billing.invoices DISABLE TRIGGER USER');
    await give(randomUUID());
    await world.cancelOrder(orderId);
    expect(await hear(witness, 1)).toEqual(['VOIDED VOID 1200']);
    const silence = subscriber.next();
    expect(await Promise.race([silence, Promise.resolve('silence')])).toBe('silence');
    await world.database.query('ALTER TABLE billing.invoices ENABLE TRIGGER USER');
    await subscriber.leave();
    await expect(silence).rejects.toThrow('The stream has ended.');
  });
});

const staff = (role: 'SUPPORT' | 'FINANCE' | 'ADMIN', scopes = ['billing:read']): Principal => ({
  type: 'user',
  userId: randomUUID(),
  roles: [role],
  scopes,
  memberships: [],
  authTime: null,
  amr: [],
});
const finance = staff('FINANCE');
const memberOf = (organizationId: string, role: 'BUYER' | 'BILLING_MANAGER'): Principal => ({
  ...(staff('SUPPORT') as Extract<Principal, { type: 'user' }>),
  roles: ['CUSTOMER'],
  memberships: [{ organizationId, role }],
});
const managerOf = (organizationId: string) => memberOf(organizationId, 'BILLING_MANAGER');
const clientOf = (organizationId: string): Principal => ({
  type: 'client',
  clientId: randomUUID(),
  organizationId,
  roles: ['PARTNER'],
  scopes: ['billing:read'],
  authTime: null,
  amr: [],
});

describe('who may follow', () => {
  const partner = randomUUID();
  let buying: Customer;
  let invoice: string;
  const buyerId = randomUUID();
  beforeAll(async () => {
    buying = await world.addCustomer({ ownerType: 'ORGANIZATION' });
    invoice = (await openInvoice(buying, { buyerId, partnerOrganizationId: partner })).id;
  });

  test.each<[string, () => Principal | null, string, string]>([
    ['nobody in particular', () => null, 'UNAUTHENTICATED', 'UNAUTHENTICATED'],
    ['support without the scope', () => staff('SUPPORT', []), 'FORBIDDEN', 'FORBIDDEN'],
    ['the customer', () => person({ ...buying, ownerId: buyerId }), 'started', 'NOT_FOUND'],
    ['a billing manager', () => managerOf(buying.ownerId), 'started', 'started'],
    ['a buyer of the organization', () => memberOf(buying.ownerId, 'BUYER'), 'NOT_FOUND', 'NOT_FOUND'],
    ['a stranger', () => managerOf(randomUUID()), 'NOT_FOUND', 'NOT_FOUND'],
    ['the client of the organization', () => clientOf(buying.ownerId), 'started', 'started'],
    ['the client of the partner', () => clientOf(partner), 'started', 'NOT_FOUND'],
    ['another client', () => clientOf(randomUUID()), 'NOT_FOUND', 'NOT_FOUND'],
    ['support', () => staff('SUPPORT'), 'started', 'started'],
    ['finance', () => finance, 'started', 'started'],
    ['an administrator', () => staff('ADMIN'), 'NOT_FOUND', 'NOT_FOUND'],
  ])('%s', async (_name, principal, atInvoice, atOrganization) => {
    expect([
      await tryToSubscribe(world.subgraph, principal(), ONE, { id: invoice }),
      await tryToSubscribe(world.subgraph, principal(), ALL, { id: toGlobalId('Organization', buying.ownerId) }),
    ]).toEqual([atInvoice, atOrganization]);
  });

  test.each([
    ['none', 'subscription { invoiceUpdated { type } }', 'BAD_USER_INPUT'],
    ['an id of another type', 'subscription { invoiceUpdated(invoiceId: "ord_0") { type } }', 'INVALID_ID'],
  ])('with %s it does not start', async (_name, query, code) => {
    expect(await tryToSubscribe(world.subgraph, finance, query)).toBe(code);
  });
});
