import { randomUUID } from 'node:crypto';

import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';

import { newUuid, toGlobalId } from '@tributary/kit';
import type { OrganizationRole, Principal } from '@tributary/kit';

import { expectBalancedBooks } from '../../kit/ledger-check.ts';
import { NOW } from './billing-world.ts';
import { person, startPaymentWorld } from './payment-world.ts';
import type { Customer, PaymentWorld } from './payment-world.ts';

let world: PaymentWorld;
beforeAll(async () => {
  world = await startPaymentWorld();
});
afterEach(async () => {
  await world.settle();
  await expectBalancedBooks(world.database);
});
afterAll(() => world[Symbol.asyncDispose]());

const PAY = `mutation ($input: InvoicePayInput!) { invoicePay(input: $input) {
  replayed
  invoice { id status amountPaid { amountMinor } amountDue { amountMinor } version }
  payment { id state amount { amountMinor } capturedAmount { amountMinor } methodType method { last4 } }
  userErrors { __typename code field ... on StateError { currentState allowedStates } }
} }`;

interface Payload {
  replayed: boolean;
  invoice: { id: string; status: string; amountPaid: Amount; amountDue: Amount; version: number } | null;
  payment: { id: string; state: string; amount: Amount; capturedAmount: Amount; methodType: string } | null;
  userErrors: { code: string; field: string[] | null }[];
}
interface Amount {
  amountMinor: string;
}
type PayInput = { invoiceId: string; amount?: object | null; paymentMethodId?: string | null; idempotencyKey?: string };

async function pay(principal: Principal | null, input: PayInput) {
  const { data, errors } = await world.run<{ invoicePay: Payload } | null>(principal, PAY, {
    input: { idempotencyKey: randomUUID(), ...input },
  });
  return { payload: data?.invoicePay ?? null, errors };
}

/** An open invoice of 12.00 and its payer, who has a balance. */
async function openInvoice(options: Parameters<PaymentWorld['addCustomer']>[0] = {}) {
  const customer = await world.addCustomer({ balanceMinor: 5000n, ...options });
  const orderId = await world.placeOrder(customer);
  const { id } = await world.invoiceOf(orderId);
  return { customer, orderId, invoiceId: toGlobalId('Invoice', id) };
}

const euros = (amountMinor: bigint) => ({ amountMinor: String(amountMinor), currency: 'EUR' });
const methodOf = ({ methodId }: Customer) => toGlobalId('PaymentMethod', methodId);

describe('paying from the balance', () => {
  test('takes place at once', async () => {
    const { customer, orderId, invoiceId } = await openInvoice();
    const { payload, errors } = await pay(person(customer), { invoiceId });
    expect({ payload, errors }).toEqual({
      errors: [],
      payload: {
        replayed: false,
        invoice: {
          id: invoiceId,
          status: 'PAID',
          amountPaid: { amountMinor: '1200' },
          amountDue: { amountMinor: '0' },
          version: 2,
        },
        payment: {
          id: expect.stringMatching(/^pay_/) as string,
          state: 'SUCCEEDED',
          amount: { amountMinor: '1200' },
          capturedAmount: { amountMinor: '1200' },
          methodType: 'BANK_TRANSFER',
          method: null,
        },
        userErrors: [],
      },
    });
    expect(await world.balanceOf(customer)).toBe(3800n);
    expect(await world.told(orderId)).toEqual([
      'invoice.finalized UNPAID',
      'payment.captured PAID',
      'invoice.paid PAID',
    ]);
    expect(
      await world.database.query('SELECT action, allowed FROM billing.audit_log WHERE actor_id = $1', [
        customer.ownerId,
      ]),
    ).toEqual([{ action: 'invoicePay', allowed: true }]);
  });

  test('may be done in parts, down to the last cent', async () => {
    const { customer, orderId, invoiceId } = await openInvoice();
    const part = await pay(person(customer), { invoiceId, amount: euros(500n) });
    expect(part.payload!.invoice).toMatchObject({ status: 'OPEN', amountDue: { amountMinor: '700' } });
    expect((await world.told(orderId)).at(-1)).toBe('payment.captured PARTIALLY_PAID');
    const tooMuch = await pay(person(customer), { invoiceId, amount: euros(701n) });
    expect(tooMuch.payload!.userErrors).toMatchObject([{ code: 'AMOUNT_TOO_LARGE', field: ['input', 'amount'] }]);
    const rest = await pay(person(customer), { invoiceId });
    expect(rest.payload!.payment).toMatchObject({ amount: { amountMinor: '700' } });
    expect(rest.payload!.invoice).toMatchObject({ status: 'PAID' });
  });

  test('is refused above what the balance holds, and without one', async () => {
    for (const balanceMinor of [1199n, undefined]) {
      const { customer, invoiceId } = await openInvoice({ balanceMinor: balanceMinor ?? 1n });
      const { payload } = await pay(person(customer), { invoiceId });
      expect(payload).toMatchObject({ invoice: null, payment: null, userErrors: [{ code: 'AMOUNT_TOO_LARGE' }] });
    }
  });

  test('goes back to the balance when the order is canceled', async () => {
    const { customer, orderId, invoiceId } = await openInvoice();
    await pay(person(customer), { invoiceId });
    await world.cancelOrder(orderId);
    expect(await world.balanceOf(customer)).toBe(5000n);
    expect((await world.told(orderId)).slice(-2)).toEqual(['refund.requested PAID', 'refund.succeeded REFUNDED']);
  });

  test('ends with exactly as many payments as the balance holds, however many come at once', async () => {
    const customer = await world.addCustomer({ balanceMinor: 10_500n });
    const orderId = await world.placeOrder(customer, { totalMinor: 200_000n });
    const invoiceId = toGlobalId('Invoice', (await world.invoiceOf(orderId)).id);
    const answers = await Promise.all(
      Array.from({ length: 200 }, () => pay(person(customer), { invoiceId, amount: euros(1000n) })),
    );
    expect(answers.flatMap(({ errors }) => errors)).toEqual([]);
    const refused = answers.flatMap(({ payload }) => payload!.userErrors.map(({ code }) => code));
    expect(refused).toEqual(Array.from({ length: 190 }, () => 'AMOUNT_TOO_LARGE'));
    expect(await world.balanceOf(customer)).toBe(500n);
  }, 60_000);

  test('of many invoices at once never takes more than there is', async () => {
    const customer = await world.addCustomer({ balanceMinor: 5_000n });
    const invoices: string[] = [];
    for (let each = 0; each < 12; each += 1)
      invoices.push(toGlobalId('Invoice', (await world.invoiceOf(await world.placeOrder(customer))).id));
    const answers = await Promise.all(invoices.map((invoiceId) => pay(person(customer), { invoiceId })));
    expect(answers.filter(({ payload }) => payload!.userErrors.length === 0)).toHaveLength(4);
    expect(await world.balanceOf(customer)).toBe(200n);
  });
});

describe('paying with a saved method', () => {
  test('leaves the payment PROCESSING, and the provider decides', async () => {
    const { customer, orderId, invoiceId } = await openInvoice({ card: 'captured' });
    const { payload } = await pay(person(customer), {
      invoiceId,
      paymentMethodId: methodOf(customer),
      amount: euros(400n),
    });
    expect(payload!.payment).toMatchObject({ state: 'PROCESSING', methodType: 'CARD', method: { last4: '4242' } });
    expect(payload!.invoice).toMatchObject({ status: 'OPEN', version: 1 });
    await world.settle();
    expect(await world.invoiceOf(orderId)).toMatchObject({ status: 'OPEN', paid_minor: '400' });
  });

  test('counts as paid already for whoever pays again meanwhile', async () => {
    const { customer, orderId, invoiceId } = await openInvoice({ card: 'processing' });
    await pay(person(customer), { invoiceId, paymentMethodId: methodOf(customer), amount: euros(1000n) });
    for (const amount of [euros(201n), euros(1200n)]) {
      const { payload } = await pay(person(customer), { invoiceId, amount });
      expect(payload!.userErrors).toMatchObject([{ code: 'AMOUNT_TOO_LARGE' }]);
    }
    const rest = await pay(person(customer), { invoiceId });
    expect(rest.payload!.payment).toMatchObject({ amount: { amountMinor: '200' } });
    await world.settle();
    expect(await world.invoiceOf(orderId)).toMatchObject({ status: 'OPEN', due_minor: '1000' });
  });

  test('that waits for its payer does not keep the invoice from being paid otherwise, and is then let go', async () => {
    const { customer, orderId, invoiceId } = await openInvoice({ card: 'requiresAction' });
    await pay(person(customer), { invoiceId, paymentMethodId: methodOf(customer) });
    await world.settle();
    const { payload } = await pay(person(customer), { invoiceId });
    expect(payload!.invoice).toMatchObject({ status: 'PAID' });
    await world.settle();
    expect((await world.paymentsOf(orderId)).map(({ state }) => state).sort()).toEqual(['CANCELED', 'SUCCEEDED']);
  });

  test('and confirmed all the same, goes back at once', async () => {
    const { customer, orderId, invoiceId } = await openInvoice({ card: 'requiresAction' });
    await pay(person(customer), { invoiceId, paymentMethodId: methodOf(customer) });
    await world.settle();
    const [waiting] = await world.paymentsOf(orderId);
    const kept = world.provider.keptMinor();
    const confirmed = world.provider.advance(waiting!.provider_idempotency_key, 'captured');
    await pay(person(customer), { invoiceId });
    await world.subgraph.applyProviderEvent!(confirmed);
    await world.settle();
    expect(world.provider.keptMinor()).toBe(kept);
    expect(await world.invoiceOf(orderId)).toMatchObject({
      status: 'PAID',
      paid_minor: '2400',
      refunded_minor: '1200',
    });
  });
});

describe('what stands against it', () => {
  test('is told with the field at fault', async () => {
    const { customer, invoiceId } = await openInvoice();
    const stranger = await world.addCustomer({ card: 'captured' });
    const unknown = toGlobalId('Invoice', newUuid(NOW));
    const refusals: [PayInput, object][] = [
      [{ invoiceId: unknown }, { code: 'NOT_FOUND', field: ['input', 'invoiceId'] }],
      [
        { invoiceId, paymentMethodId: methodOf(stranger) },
        { code: 'NOT_FOUND', field: ['input', 'paymentMethodId'] },
      ],
      [
        { invoiceId, amount: { amountMinor: '100', currency: 'CHF' } },
        { code: 'CURRENCY_MISMATCH', field: ['input', 'amount', 'currency'] },
      ],
      ...['0', '-1'].map((amountMinor): [PayInput, object] => [
        { invoiceId, amount: { amountMinor, currency: 'EUR' } },
        { code: 'INVALID_INPUT', field: ['input', 'amount', 'amountMinor'] },
      ]),
      [
        { invoiceId, amount: euros(1201n) },
        { code: 'AMOUNT_TOO_LARGE', field: ['input', 'amount'] },
      ],
    ];
    for (const [input, expected] of refusals) {
      const { payload, errors } = await pay(person(customer), input);
      expect({ errors, ...payload }).toMatchObject({
        errors: [],
        invoice: null,
        payment: null,
        userErrors: [expected],
      });
    }
    expect(await world.balanceOf(customer)).toBe(5000n);
  });

  test('is the state of an invoice that is not open', async () => {
    const { customer, orderId, invoiceId } = await openInvoice();
    await pay(person(customer), { invoiceId });
    const paid = await pay(person(customer), { invoiceId });
    expect(paid.payload!.userErrors).toEqual([
      {
        __typename: 'StateError',
        code: 'INVALID_STATE',
        field: ['input', 'invoiceId'],
        currentState: 'PAID',
        allowedStates: [],
      },
    ]);
    await world.cancelOrder(orderId);
    expect((await pay(person(customer), { invoiceId })).payload!.userErrors).toMatchObject([{ code: 'INVALID_STATE' }]);
  });

  test('is an id of another type', async () => {
    const { customer, invoiceId } = await openInvoice();
    const { errors } = await pay(person(customer), { invoiceId: invoiceId.replace('inv_', 'ord_') });
    expect(errors).toEqual(['invoicePay INVALID_ID']);
  });
});

describe('the same key', () => {
  test('gives the same answer again, and refuses other input', async () => {
    const { customer, orderId, invoiceId } = await openInvoice();
    const idempotencyKey = randomUUID();
    const first = await pay(person(customer), { invoiceId, amount: euros(500n), idempotencyKey });
    const again = await pay(person(customer), { invoiceId, amount: euros(500n), idempotencyKey });
    expect(again).toEqual({ ...first, payload: { ...first.payload, replayed: true } });
    const other = await pay(person(customer), { invoiceId, amount: euros(501n), idempotencyKey });
    expect(other.payload!.userErrors).toMatchObject([
      { code: 'IDEMPOTENCY_KEY_REUSED', field: ['input', 'idempotencyKey'] },
    ]);
    expect(await world.paymentsOf(orderId)).toHaveLength(1);
  });

  test('sent fifty times at once is one payment', async () => {
    const { customer, orderId, invoiceId } = await openInvoice();
    const idempotencyKey = randomUUID();
    const answers = await Promise.all(
      Array.from({ length: 50 }, () => pay(person(customer), { invoiceId, amount: euros(20n), idempotencyKey })),
    );
    expect(new Set(answers.map(({ payload }) => payload!.payment!.id)).size).toBe(1);
    expect(answers.filter(({ payload }) => !payload!.replayed)).toHaveLength(1);
    expect(await world.paymentsOf(orderId)).toHaveLength(1);
    expect(await world.balanceOf(customer)).toBe(4980n);
  }, 60_000);
});

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
