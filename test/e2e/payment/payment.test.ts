import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { act } from '../../integration/app/development/payment-provider/provider-world.ts';
import { expectBalancedBooks } from '../../kit/ledger-check.ts';
import { SOON, startPaymentGraph } from './payment-graph.ts';
import type { PaymentGraph } from './payment-graph.ts';

// Paying an invoice through the gateway, with cards that go every way a payment can go.

let world: PaymentGraph;
beforeAll(async () => {
  world = await startPaymentGraph();
});
afterAll(async () => {
  await expectBalancedBooks(world.database);
  await world[Symbol.asyncDispose]();
});

const INVOICE = `query ($id: ID!) { invoice(id: $id) {
  status amountPaid { amountMinor } amountDue { amountMinor } account { id }
  order { status paymentStatus }
  payments { state failureCode nextActionUrl method { last4 } }
  refunds { status amount { amountMinor } destination reason payment { id } }
  creditNotes { number total { amountMinor } reason }
} }`;

interface Invoice {
  status: string;
  amountPaid: { amountMinor: string };
  amountDue: { amountMinor: string };
  order: { status: string; paymentStatus: string };
  payments: { state: string; failureCode: string | null; nextActionUrl: string | null }[];
  refunds: { status: string; amount: { amountMinor: string }; destination: string }[];
  creditNotes: { number: string; total: { amountMinor: string } }[];
}

/** As the buyer sees it. */
async function look(id: string): Promise<Invoice> {
  return (await world.ask<{ invoice: Invoice }>(INVOICE, { id })).invoice;
}

async function payWith(token: string) {
  const order = await world.placeOrder();
  const payload = await world.pay(order.invoiceId, await world.saveCard(token));
  expect(payload).toMatchObject({ userErrors: [], payment: { state: 'PROCESSING' }, invoice: { status: 'OPEN' } });
  return order;
}

const paid = {
  status: 'PAID',
  order: { status: 'CONFIRMED', paymentStatus: 'PAID' },
  payments: [{ state: 'SUCCEEDED' }],
};

describe('a card', () => {
  test.each([
    ['that is charged at once', 'tok_visa'],
    ['that takes a while', 'tok_async'],
    ['whose charge is never answered', 'tok_timeout'],
    ['whose charge is answered with an error', 'tok_serverError'],
  ])('%s pays the invoice and confirms the order', async (_, token) => {
    const { invoiceId } = await payWith(token);
    await expect.poll(() => look(invoiceId), SOON).toMatchObject(paid);
  });

  test.each([
    ['at once', 'tok_chargeDeclined', 'card_declined'],
    ['later', 'tok_asyncDeclined', 'account_closed'],
  ])('that is declined %s leaves the invoice open, for another card', async (_, token, failureCode) => {
    const { invoiceId } = await payWith(token);
    await expect.poll(() => look(invoiceId), SOON).toMatchObject({ payments: [{ state: 'FAILED', failureCode }] });
    expect(await look(invoiceId)).toMatchObject({
      status: 'OPEN',
      order: { status: 'PENDING', paymentStatus: 'UNPAID' },
    });
    await world.pay(invoiceId, await world.saveCard('tok_visa'));
    await expect.poll(() => look(invoiceId), SOON).toMatchObject({ status: 'PAID', order: { status: 'CONFIRMED' } });
  });

  test('whose bank wants a word pays when the payer has confirmed', async () => {
    const { invoiceId } = await payWith('tok_threeDSecure');
    await expect.poll(() => look(invoiceId), SOON).toMatchObject({ payments: [{ state: 'REQUIRES_ACTION' }] });
    const [payment] = (await look(invoiceId)).payments;
    await act(payment!.nextActionUrl!, 'confirm');
    await expect.poll(() => look(invoiceId), SOON).toMatchObject(paid);
  });

  test('that only reserves is let go when the order is canceled', async () => {
    const order = await payWith('tok_authorizeOnly');
    await expect.poll(() => look(order.invoiceId), SOON).toMatchObject({ order: { paymentStatus: 'AUTHORIZED' } });
    await world.cancelOrder(order);
    await expect
      .poll(() => look(order.invoiceId), SOON)
      .toMatchObject({ status: 'VOID', order: { paymentStatus: 'VOIDED' }, payments: [{ state: 'CANCELED' }] });
  });
});

describe('a paid order that is canceled', () => {
  test.each([
    ['at once', 'tok_visa'],
    ['after a while', 'tok_asyncRefund'],
  ])('gives the money back %s, with a credit note', async (_, token) => {
    const order = await payWith(token);
    await expect.poll(() => look(order.invoiceId), SOON).toMatchObject(paid);
    await world.cancelOrder(order);
    await expect
      .poll(() => look(order.invoiceId), SOON)
      .toMatchObject({
        status: 'PAID',
        amountPaid: { amountMinor: '0' },
        amountDue: { amountMinor: '0' },
        order: { status: 'CANCELED', paymentStatus: 'REFUNDED' },
        refunds: [{ status: 'SUCCEEDED', amount: { amountMinor: '1200' }, destination: 'ORIGINAL_METHOD' }],
        creditNotes: [{ number: expect.stringMatching(/^CN-\d{6}$/) as string, total: { amountMinor: '1200' } }],
      });
  });

  test('keeps the money where the card does not take it, and says so', async () => {
    const order = await payWith('tok_refundDeclined');
    await expect.poll(() => look(order.invoiceId), SOON).toMatchObject(paid);
    await world.cancelOrder(order);
    await expect
      .poll(() => look(order.invoiceId), SOON)
      .toMatchObject({ amountPaid: { amountMinor: '1200' }, refunds: [{ status: 'FAILED' }] });
    await expect
      .poll(
        () =>
          world.database.query(`SELECT FROM billing.outbox WHERE type = 'refund.failed' AND published_at IS NOT NULL`),
        SOON,
      )
      .toHaveLength(1);
  });
});

describe('the account', () => {
  test('shows its owner the balances and the saved methods', async () => {
    await world.saveCard('tok_visa');
    const { me } = await world.ask<{ me: { billingAccount: Record<string, unknown> } }>(
      `{ me { billingAccount { currency creditLimit { amountMinor } user { displayName } organization { id }
        balances { currency available { amountMinor } } paymentMethods { type brand last4 isDefault } } } }`,
    );
    expect(me.billingAccount).toMatchObject({
      currency: 'EUR',
      creditLimit: null,
      user: { displayName: 'The buyer' },
      organization: null,
      balances: [{ currency: 'EUR', available: { amountMinor: '0' } }],
    });
    expect(me.billingAccount.paymentMethods).toContainEqual({
      type: 'CARD',
      brand: 'visa',
      last4: '4242',
      isDefault: false,
    });
  });

  test('without money refuses to pay from the balance', async () => {
    const { invoiceId } = await world.placeOrder();
    expect(await world.pay(invoiceId, null)).toMatchObject({
      payment: null,
      userErrors: [{ code: 'AMOUNT_TOO_LARGE', field: ['input', 'amount'] }],
    });
  });
});

test('the provider holds exactly what billing says was paid and not given back', async () => {
  const [ours] = await world.database.query<{ kept: string }>(
    `SELECT sum(captured_minor - refunded_minor)::text AS kept FROM billing.payments WHERE provider = 'devpay'`,
  );
  const [theirs] = await world.database.query<{ kept: string }>(
    `SELECT ((SELECT coalesce(sum(captured_minor), 0) FROM provider.charges)
      - (SELECT coalesce(sum(amount_minor), 0) FROM provider.refunds WHERE state = 'succeeded'))::text AS kept`,
  );
  expect(theirs).toEqual(ours);
});
