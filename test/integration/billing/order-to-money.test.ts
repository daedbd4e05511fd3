import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';

import { orderCanceled, orderPlaced, startPaymentWorld } from './payment-world.ts';
import type { PaymentWorld } from './payment-world.ts';

let world: PaymentWorld;
beforeAll(async () => {
  world = await startPaymentWorld();
});
afterEach(() => world.finish());
afterAll(() => world[Symbol.asyncDispose]());

describe('an order that was placed', () => {
  test('is invoiced under a number and waits for its payment when nothing else is agreed', async () => {
    const orderId = await world.placeOrder(await world.addCustomer());
    expect(await world.invoiceOf(orderId)).toMatchObject({
      status: 'OPEN',
      number: expect.stringMatching(/^INV-\d{6}$/) as string,
      order_number: 'TR1',
      subtotal_minor: '1000',
      tax_minor: '200',
      total_minor: '1200',
      due_minor: '1200',
      bill_to: { recipient: 'Ada Buyer', line1: 'Hauptplatz 1', city: 'Graz', country: 'AT' },
    });
    expect(await world.statesOf(orderId)).toEqual([]);
    expect(await world.told(orderId)).toEqual(['invoice.finalized UNPAID']);
    expect(
      await world.database.query(
        `SELECT payload->>'onAccount' AS "onAccount", payload->>'dueOn' AS "dueOn" FROM billing.outbox WHERE payload->>'orderId' = $1`,
        [orderId],
      ),
    ).toEqual([{ onAccount: 'false', dueOn: '2026-06-29' }]);
  });

  test('is charged to the saved card that the buyer chose, once', async () => {
    const customer = await world.addCustomer({ card: 'captured' });
    const orderId = await world.placeOrder(customer, { withCard: true });
    expect(await world.statesOf(orderId)).toEqual(['PROCESSING']);
    await world.settle();
    await world.settle();
    expect(await world.invoiceOf(orderId)).toMatchObject({ status: 'PAID', paid_minor: '1200', due_minor: '0' });
    expect(await world.told(orderId)).toEqual([
      'invoice.finalized UNPAID',
      'payment.captured PAID',
      'invoice.paid PAID',
    ]);
    expect(world.provider.charges.size).toBe(1);
  });

  test('is not charged to a card of somebody else', async () => {
    const stranger = await world.addCustomer({ card: 'captured' });
    const orderId = await world.placeOrder(await world.addCustomer(), { paymentMethodId: stranger.methodId });
    expect(await world.statesOf(orderId)).toEqual([]);
  });

  test('fails with the reason of the provider, and can be paid again', async () => {
    const orderId = await world.placeOrder(await world.addCustomer({ card: 'card_declined' }), { withCard: true });
    await world.settle();
    expect(await world.paymentsOf(orderId)).toMatchObject([{ state: 'FAILED', failure_code: 'card_declined' }]);
    expect(await world.told(orderId)).toEqual(['invoice.finalized UNPAID', 'payment.failed UNPAID']);
    expect(await world.invoiceOf(orderId)).toMatchObject({ status: 'OPEN' });
  });

  test('waits for its payer where the bank wants a word, and goes on by the event of the provider', async () => {
    const orderId = await world.placeOrder(await world.addCustomer({ card: 'requiresAction' }), { withCard: true });
    await world.settle();
    const [payment] = await world.paymentsOf(orderId);
    expect(payment).toMatchObject({
      state: 'REQUIRES_ACTION',
      next_action_url: expect.stringContaining('https://bank.test/') as string,
    });
    await world.subgraph.applyProviderEvent!(world.provider.advance(payment!.provider_idempotency_key, 'captured'));
    expect(await world.told(orderId)).toEqual([
      'invoice.finalized UNPAID',
      'payment.action_required UNPAID',
      'payment.captured PAID',
      'invoice.paid PAID',
    ]);
    expect(await world.paymentsOf(orderId)).toMatchObject([{ state: 'SUCCEEDED', next_action_url: null }]);
  });

  test('costs nothing and is paid at once where a discount takes off everything', async () => {
    const orderId = await world.placeOrder(await world.addCustomer({ card: 'captured' }), {
      totalMinor: 0n,
      withCard: true,
    });
    expect(await world.invoiceOf(orderId)).toMatchObject({ status: 'PAID' });
    expect(await world.told(orderId)).toEqual(['invoice.finalized PAID', 'invoice.paid PAID']);
    expect(await world.statesOf(orderId)).toEqual([]);
  });

  test('whose lines do not add up is refused and leaves nothing', async () => {
    const customer = await world.addCustomer();
    const event = orderPlaced('TR-wrong', customer);
    const wrong = { ...event, data: { ...event.data, totalMinor: '1201' } };
    await expect(world.consumer.deliver(wrong, 1)).rejects.toThrow('do not add up');
    expect(await world.invoiceOf(event.aggregateId)).toBeUndefined();
  });

  test('makes the account of a buyer who has none', async () => {
    const unknown = { ownerType: 'ORGANIZATION', ownerId: crypto.randomUUID(), accountId: '', methodId: '' } as const;
    const orderId = await world.placeOrder(unknown, { currency: 'CHF' });
    const { account_id } = await world.invoiceOf(orderId);
    expect(
      await world.database.query(
        'SELECT owner_type, owner_id, currency, payment_term_days, credit_limit_minor FROM billing.billing_accounts WHERE id = $1',
        [account_id],
      ),
    ).toEqual([
      {
        owner_type: 'ORGANIZATION',
        owner_id: unknown.ownerId,
        currency: 'CHF',
        payment_term_days: 14,
        credit_limit_minor: '0',
      },
    ]);
  });
});

describe('buying on account', () => {
  const onAccountOf = async (orderIds: readonly string[]) => {
    const rows = await world.database.query<{ orderId: string; onAccount: boolean }>(
      `SELECT payload->>'orderId' AS "orderId", (payload->>'onAccount')::boolean AS "onAccount" FROM billing.outbox
        WHERE type = 'invoice.finalized'`,
    );
    return orderIds.map((id) => rows.find(({ orderId }) => orderId === id)!.onAccount);
  };

  test('is possible up to the credit limit, open invoices counted, and in the currency of the account', async () => {
    const company = await world.addCustomer({ ownerType: 'ORGANIZATION', creditLimitMinor: 2500n });
    const orders = [
      await world.placeOrder(company),
      await world.placeOrder(company, { currency: 'CHF' }),
      await world.placeOrder(company),
      await world.placeOrder(company),
    ];
    expect(await onAccountOf(orders)).toEqual([true, false, true, false]);
  });

  test('never exceeds the limit when many orders come at once', async () => {
    const company = await world.addCustomer({ ownerType: 'ORGANIZATION', creditLimitMinor: 12_000n });
    const orders = await Promise.all(Array.from({ length: 20 }, () => world.placeOrder(company)));
    expect((await onAccountOf(orders)).filter(Boolean)).toHaveLength(10);
  });
});

describe('whoever is new', () => {
  test.each([
    ['user.registered', 'USER', 7],
    ['organization.created', 'ORGANIZATION', 14],
  ])('by %s has one account, however often it is told', async (type, ownerType, termDays) => {
    const event = orderCanceled(crypto.randomUUID());
    const registered = { ...event, type, data: { kind: ownerType, currency: 'CHF' } };
    await world.consumer.deliver(registered, 1);
    await world.consumer.deliver(registered, 2);
    await world.consumer.deliver({ ...registered, id: crypto.randomUUID() }, 1);
    expect(
      await world.database.query(
        `SELECT owner_type, currency, payment_term_days, credit_limit_minor FROM billing.billing_accounts WHERE owner_id = $1`,
        [event.aggregateId],
      ),
    ).toEqual([{ owner_type: ownerType, currency: 'CHF', payment_term_days: termDays, credit_limit_minor: '0' }]);
  });
});
