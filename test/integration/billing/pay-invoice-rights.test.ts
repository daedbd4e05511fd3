import { randomUUID } from 'node:crypto';

import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';

import { toGlobalId } from '@tributary/kit';
import type { OrganizationRole, Principal } from '@tributary/kit';

import { euros, methodOf, payInvoice } from './pay-invoice.ts';
import type { PayInput } from './pay-invoice.ts';
import { person, startPaymentWorld } from './payment-world.ts';
import type { PaymentWorld } from './payment-world.ts';

let world: PaymentWorld;
beforeAll(async () => {
  world = await startPaymentWorld();
});
afterEach(() => world.finish());
afterAll(() => world[Symbol.asyncDispose]());
const pay = (principal: Principal | null, input: PayInput) => payInvoice(world, principal, input);

describe('who may pay', () => {
  const staff = (role: 'SUPPORT' | 'FINANCE', scopes: string[]): Principal => ({
    type: 'user',
    userId: randomUUID(),
    roles: [role],
    scopes,
    memberships: [],
    authTime: null,
    amr: [],
  });
  const client = (organizationId: string): Principal => ({
    type: 'client',
    clientId: randomUUID(),
    organizationId,
    roles: ['PARTNER'],
    scopes: ['billing:read', 'billing:pay'],
    authTime: null,
    amr: [],
  });

  /** An invoice of an organization, that one of its buyers caused through the client of a partner. */
  async function companyInvoice() {
    const company = await world.addCustomer({ ownerType: 'ORGANIZATION', balanceMinor: 5000n, card: 'captured' });
    const partner = await world.addCustomer({ ownerType: 'ORGANIZATION', balanceMinor: 2000n });
    const buyer = await world.addCustomer({ balanceMinor: 3000n });
    const orderId = await world.placeOrder(company, {
      buyerId: buyer.ownerId,
      partnerOrganizationId: partner.ownerId,
    });
    const invoiceId = toGlobalId('Invoice', (await world.invoiceOf(orderId)).id);
    const member = (role: OrganizationRole) =>
      person({ ...buyer, ownerId: randomUUID() }, { memberships: [{ organizationId: company.ownerId, role }] });
    return { company, partner, buyer, orderId, invoiceId, member };
  }

  test.each([['OWNER'], ['BILLING_MANAGER']] as const)('%s of the organization, from its balance', async (role) => {
    const { company, invoiceId, member } = await companyInvoice();
    const { payload } = await pay(member(role), { invoiceId });
    expect(payload!.userErrors).toEqual([]);
    expect(await world.balanceOf(company)).toBe(3800n);
  });

  test('whoever manages billing, with the saved method of the organization', async () => {
    const { company, orderId, invoiceId, member } = await companyInvoice();
    await pay(member('BILLING_MANAGER'), { invoiceId, paymentMethodId: methodOf(company) });
    await world.settle();
    expect(await world.invoiceOf(orderId)).toMatchObject({ status: 'PAID' });
  });

  test.each([['BUYER'], ['VIEWER']] as const)('not a %s, to whom the invoice does not exist', async (role) => {
    const { invoiceId, member } = await companyInvoice();
    const { payload } = await pay(member(role), { invoiceId });
    expect(payload!.userErrors).toMatchObject([{ code: 'NOT_FOUND', field: ['input', 'invoiceId'] }]);
  });

  test('the buyer, from the own balance and not from that of the organization', async () => {
    const { company, buyer, invoiceId } = await companyInvoice();
    const { payload } = await pay(person(buyer), { invoiceId, paymentMethodId: methodOf(company) });
    expect(payload!.userErrors).toMatchObject([{ code: 'NOT_FOUND', field: ['input', 'paymentMethodId'] }]);
    await pay(person(buyer), { invoiceId });
    expect([await world.balanceOf(company), await world.balanceOf(buyer)]).toEqual([5000n, 1800n]);
  });

  test('the client of the partner and that of the organization, each from the balance of its organization', async () => {
    const { company, partner, invoiceId } = await companyInvoice();
    expect((await pay(client(partner.ownerId), { invoiceId, amount: euros(200n) })).payload!.userErrors).toEqual([]);
    expect((await pay(client(company.ownerId), { invoiceId, amount: euros(300n) })).payload!.userErrors).toEqual([]);
    expect([await world.balanceOf(partner), await world.balanceOf(company)]).toEqual([1800n, 4700n]);
  });

  test('others are told nothing, or are refused, and nothing happens', async () => {
    const { company, partner, buyer, orderId, invoiceId } = await companyInvoice();
    const payScopes = ['billing:read', 'billing:pay'];
    const reader = person(buyer, { scopes: ['billing:read'] });
    const cases: [string, Principal | null, PayInput, string][] = [
      ['nobody', null, { invoiceId }, 'UNAUTHENTICATED'],
      ['no scope', reader, { invoiceId }, 'FORBIDDEN'],
      ['support', staff('SUPPORT', ['billing:read', 'billing:refund']), { invoiceId }, 'FORBIDDEN'],
      ['finance', staff('FINANCE', ['billing:read', 'billing:write']), { invoiceId }, 'FORBIDDEN'],
      // Whoever sees every invoice and pays own ones does not pay those of others.
      ['a customer of the support desk', staff('SUPPORT', payScopes), { invoiceId }, 'FORBIDDEN'],
      [
        'a client with a method',
        client(partner.ownerId),
        { invoiceId, paymentMethodId: methodOf(company) },
        'FORBIDDEN',
      ],
      ['a stranger', person(await world.addCustomer()), { invoiceId }, 'NOT_FOUND'],
      ['a strange client', client(randomUUID()), { invoiceId }, 'NOT_FOUND'],
    ];
    const before = await world.told(orderId);
    for (const [who, principal, input, code] of cases) {
      const { payload, errors } = await pay(principal, input);
      const told = payload ? payload.userErrors.map((error) => error.code) : errors.map((error) => error.split(' ')[1]);
      expect([who, ...told]).toEqual([who, code]);
      const entries = await world.database.query<{ allowed: boolean }>(
        `SELECT allowed FROM billing.audit_log WHERE actor_id = $1`,
        [principal?.type === 'user' ? principal.userId : principal?.type === 'client' ? principal.clientId : null],
      );
      expect([who, entries.map(({ allowed }) => allowed).includes(true)]).toEqual([who, false]);
    }
    expect(await world.told(orderId)).toEqual(before);
    expect(await world.paymentsOf(orderId)).toEqual([]);
    expect(await world.balanceOf(company)).toBe(5000n);
  });
});
