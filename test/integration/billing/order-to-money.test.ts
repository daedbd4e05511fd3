import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';

import { createProviderEventClearing } from '@tributary/billing/payment/clear-provider-events';

import { expectBalancedBooks } from '../../kit/ledger-check.ts';
import { orderCanceled, orderPlaced, startPaymentWorld } from './payment-world.ts';
import type { PaymentWorld } from './payment-world.ts';

let world: PaymentWorld;
beforeAll(async () => {
  world = await startPaymentWorld();
});
afterEach(async () => {
  world.provider.behave('clear');
  await world.settle();
  await expectBalancedBooks(world.database);
});
afterAll(() => world[Symbol.asyncDispose]());

const statesOf = async (orderId: string) => (await world.paymentsOf(orderId)).map(({ state }) => state);

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
    expect(await statesOf(orderId)).toEqual([]);
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
    expect(await statesOf(orderId)).toEqual(['PROCESSING']);
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
    expect(await statesOf(orderId)).toEqual([]);
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
    expect(await statesOf(orderId)).toEqual([]);
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

describe('an order that was canceled', () => {
  test('takes its unpaid invoice back, and a payment that was never sent with it', async () => {
    const orderId = await world.placeOrder(await world.addCustomer({ card: 'captured' }), { withCard: true });
    const before = world.provider.requests();
    await world.cancelOrder(orderId);
    await world.settle();
    expect(await world.invoiceOf(orderId)).toMatchObject({
      status: 'VOID',
      close_reason: 'The order was canceled: CUSTOMER.',
    });
    expect(await statesOf(orderId)).toEqual(['CANCELED']);
    expect(await world.told(orderId)).toEqual(['invoice.finalized UNPAID', 'invoice.voided VOIDED']);
    expect(world.provider.requests()).toBe(before);
  });

  test('credits a paid invoice and gives the money back', async () => {
    const orderId = await world.placeOrder(await world.addCustomer({ card: 'captured' }), { withCard: true });
    await world.settle();
    const kept = world.provider.keptMinor();
    await world.cancelOrder(orderId);
    await expectBalancedBooks(world.database);
    await world.settle();
    expect(await world.invoiceOf(orderId)).toMatchObject({
      status: 'PAID',
      credited_minor: '1200',
      refunded_minor: '1200',
      due_minor: '0',
    });
    expect((await world.told(orderId)).slice(3)).toEqual(['refund.requested PAID', 'refund.succeeded REFUNDED']);
    expect(world.provider.keptMinor()).toBe(kept - 1200n);
  });

  test('lets go of money that was only reserved', async () => {
    const orderId = await world.placeOrder(await world.addCustomer({ card: 'authorized' }), { withCard: true });
    await world.settle();
    expect((await world.told(orderId)).at(-1)).toBe('payment.authorized AUTHORIZED');
    await world.cancelOrder(orderId);
    await world.settle();
    expect(await statesOf(orderId)).toEqual(['CANCELED']);
    expect(await world.invoiceOf(orderId)).toMatchObject({ status: 'VOID', authorized_minor: '0' });
    expect([...world.provider.charges.values()].at(-1)!.outcome.state).toBe('released');
  });

  test('gives back what was captured after it, without a second word', async () => {
    const orderId = await world.placeOrder(await world.addCustomer({ card: 'processing' }), { withCard: true });
    for (const job of world.jobs) await job.run(new AbortController().signal);
    const [payment] = await world.paymentsOf(orderId);
    expect(payment!.state).toBe('PROCESSING');
    const captured = world.provider.advance(payment!.provider_idempotency_key, 'captured');
    await world.cancelOrder(orderId);
    await world.subgraph.applyProviderEvent!(captured);
    await world.settle();
    expect(await world.invoiceOf(orderId)).toMatchObject({
      status: 'VOID',
      paid_minor: '1200',
      refunded_minor: '1200',
    });
    expect(await world.told(orderId)).toEqual([
      'invoice.finalized UNPAID',
      'invoice.voided VOIDED',
      'payment.captured VOIDED',
      'refund.requested VOIDED',
      'refund.succeeded VOIDED',
    ]);
  });

  test('twice, or without an invoice, has no further effect', async () => {
    const orderId = await world.placeOrder(await world.addCustomer({ card: 'captured' }), { withCard: true });
    await world.settle();
    await world.cancelOrder(orderId);
    await world.cancelOrder(orderId);
    await world.cancelOrder(crypto.randomUUID());
    await world.settle();
    const refunds = (await world.told(orderId)).filter((told) => told.startsWith('refund.'));
    expect(refunds).toEqual(['refund.requested PAID', 'refund.succeeded REFUNDED']);
  });
});

describe('a request that the provider refuses', () => {
  test.each(['NOT_FOUND', 'NOT_POSSIBLE', 'INVALID_REQUEST'] as const)('with %s fails the payment', async (code) => {
    const orderId = await world.placeOrder(await world.addCustomer({ card: 'captured' }), { withCard: true });
    world.provider.behave(code);
    await world.settle();
    expect(await world.paymentsOf(orderId)).toMatchObject([
      { state: 'FAILED', failure_code: `provider_${code.toLowerCase()}` },
    ]);
  });

  test.each(['NOT_AUTHENTICATED', 'IDEMPOTENCY_KEY_REUSED'] as const)(
    'with %s says nothing about the payment, which is sent again later',
    async (code) => {
      const orderId = await world.placeOrder(await world.addCustomer({ card: 'captured' }), { withCard: true });
      world.provider.behave(code);
      await world.settle();
      expect(await statesOf(orderId)).toEqual(['PROCESSING']);
      world.provider.behave('clear');
      await world.settle();
      expect(await statesOf(orderId)).toEqual(['SUCCEEDED']);
    },
  );

  test('to let go of a charge that it does not have ends the payment', async () => {
    const orderId = await world.placeOrder(await world.addCustomer({ card: 'requiresAction' }), { withCard: true });
    await world.settle();
    await world.cancelOrder(orderId);
    world.provider.behave('NOT_FOUND');
    await world.settle();
    expect(await statesOf(orderId)).toEqual(['CANCELED']);
  });

  test('to refund keeps the money and tells so', async () => {
    const orderId = await world.placeOrder(await world.addCustomer({ card: 'captured' }), { withCard: true });
    await world.settle();
    await world.cancelOrder(orderId);
    world.provider.behave('NOT_POSSIBLE');
    await world.settle();
    expect((await world.told(orderId)).at(-1)).toBe('refund.failed PAID');
    expect(await world.invoiceOf(orderId)).toMatchObject({ refunded_minor: '0', credited_minor: '1200' });
    expect(await world.paymentsOf(orderId)).toMatchObject([{ refund_pending_minor: '0' }]);
  });
});

test('a payment whose saved method was removed before it was sent fails', async () => {
  const customer = await world.addCustomer({ card: 'captured' });
  const orderId = await world.placeOrder(customer, { withCard: true });
  await world.database.query('DELETE FROM billing.payment_methods WHERE id = $1', [customer.methodId]);
  await world.settle();
  expect(await world.paymentsOf(orderId)).toMatchObject([{ state: 'FAILED', failure_code: 'payment_method_removed' }]);
});

test('what came by transfer goes back to the balance, since there is no charge to take back', async () => {
  const customer = await world.addCustomer({ card: 'captured' });
  const orderId = await world.placeOrder(customer, { withCard: true });
  await world.settle();
  await world.database.query(
    `UPDATE billing.payments SET method_type = 'BANK_TRANSFER', provider = 'bank' WHERE method_id = $1`,
    [customer.methodId],
  );
  await world.cancelOrder(orderId);
  expect((await world.told(orderId)).at(-1)).toBe('refund.succeeded REFUNDED');
  expect(await world.balanceOf(customer)).toBe(1200n);
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

describe('an outcome that nobody knows', () => {
  test('stays PROCESSING, and is asked for by the key instead of charging again', async () => {
    const orderId = await world.placeOrder(await world.addCustomer({ card: 'captured' }), { withCard: true });
    const charges = world.provider.charges.size;
    world.provider.behave('lost');
    await world.settle();
    expect(await statesOf(orderId)).toEqual(['PROCESSING']);
    expect(world.provider.charges.size).toBe(charges + 1);
    const requests = world.provider.requests();
    world.provider.behave('clear');
    await world.settle();
    expect(await statesOf(orderId)).toEqual(['SUCCEEDED']);
    expect(world.provider.requests()).toBe(requests);
  });

  test('of a request that never arrived is sent again under the same key', async () => {
    const orderId = await world.placeOrder(await world.addCustomer({ card: 'captured' }), { withCard: true });
    world.provider.behave('unreached');
    await world.settle();
    expect(await statesOf(orderId)).toEqual(['PROCESSING']);
    world.provider.behave('clear');
    await world.settle();
    const [payment] = await world.paymentsOf(orderId);
    expect(payment!.state).toBe('SUCCEEDED');
    expect(world.provider.charges.has(payment!.provider_idempotency_key)).toBe(true);
  });

  test('of a charge that is not wanted anymore ends without one', async () => {
    const orderId = await world.placeOrder(await world.addCustomer({ card: 'captured' }), { withCard: true });
    world.provider.behave('unreached');
    await world.settle();
    await world.cancelOrder(orderId);
    world.provider.behave('clear');
    await world.settle();
    expect(await statesOf(orderId)).toEqual(['CANCELED']);
  });

  test('of a refund does not pay it twice', async () => {
    const orderId = await world.placeOrder(await world.addCustomer({ card: 'captured' }), { withCard: true });
    await world.settle();
    const kept = world.provider.keptMinor();
    await world.cancelOrder(orderId);
    world.provider.behave('lost');
    await world.settle();
    expect((await world.told(orderId)).at(-1)).toBe('refund.requested PAID');
    world.provider.behave('clear');
    await world.settle();
    expect((await world.told(orderId)).at(-1)).toBe('refund.succeeded REFUNDED');
    expect(world.provider.keptMinor()).toBe(kept - 1200n);
  });
});

describe('what the provider tells', () => {
  test('more than once, or late, changes nothing', async () => {
    const orderId = await world.placeOrder(await world.addCustomer({ card: 'processing' }), { withCard: true });
    for (const job of world.jobs) await job.run(new AbortController().signal);
    const key = (await world.paymentsOf(orderId))[0]!.provider_idempotency_key;
    const early = world.provider.advance(key, 'authorized');
    const captured = world.provider.advance(key, 'captured');
    const again = { ...captured, id: `${captured.id}-again` };
    for (const event of [captured, captured, early, again]) await world.subgraph.applyProviderEvent!(event);
    expect(await world.told(orderId)).toEqual([
      'invoice.finalized UNPAID',
      'payment.captured PAID',
      'invoice.paid PAID',
    ]);
  });

  test('about something that nobody asked for is let pass', async () => {
    await world.subgraph.applyProviderEvent!({
      id: 'evt_stranger',
      occurredAt: new Date(),
      idempotencyKey: 'a key of somebody else',
      type: 'charge',
      outcome: { state: 'failed', reference: 'ch_stranger', failureCode: 'card_declined' },
    });
    expect(
      await world.database.query(`SELECT event_id FROM billing.provider_events WHERE event_id = 'evt_stranger'`),
    ).toHaveLength(1);
  });

  test('is forgotten after months', async () => {
    await world.database.query(
      `INSERT INTO billing.provider_events (provider, event_id, received_at) VALUES
        ('test', 'evt_old', now() - interval '91 days'), ('test', 'evt_young', now() - interval '89 days')`,
    );
    await createProviderEventClearing(world.subgraph.database).run(new AbortController().signal);
    expect(
      await world.database.query(
        `SELECT event_id FROM billing.provider_events WHERE event_id IN ('evt_old', 'evt_young')`,
      ),
    ).toEqual([{ event_id: 'evt_young' }]);
  });
});
