import { randomUUID } from 'node:crypto';

import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';

import { newUuid, toGlobalId } from '@tributary/kit';
import type { Principal } from '@tributary/kit';

import { NOW } from './billing-world.ts';
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

/** An open invoice of 12.00 and its payer, who has a balance. */
async function openInvoice(options: Parameters<PaymentWorld['addCustomer']>[0] = {}) {
  const customer = await world.addCustomer({ balanceMinor: 5000n, ...options });
  const orderId = await world.placeOrder(customer);
  const { id } = await world.invoiceOf(orderId);
  return { customer, orderId, invoiceId: toGlobalId('Invoice', id) };
}

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
