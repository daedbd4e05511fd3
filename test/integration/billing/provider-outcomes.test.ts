import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';

import { createProviderEventClearing } from '@tributary/billing/payment/clear-provider-events';

import { startPaymentWorld } from './payment-world.ts';
import type { PaymentWorld } from './payment-world.ts';

let world: PaymentWorld;
beforeAll(async () => {
  world = await startPaymentWorld();
});
afterEach(() => world.finish());
afterAll(() => world[Symbol.asyncDispose]());

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
      expect(await world.statesOf(orderId)).toEqual(['PROCESSING']);
      world.provider.behave('clear');
      await world.settle();
      expect(await world.statesOf(orderId)).toEqual(['SUCCEEDED']);
    },
  );

  test('to let go of a charge that it does not have ends the payment', async () => {
    const orderId = await world.placeOrder(await world.addCustomer({ card: 'requiresAction' }), { withCard: true });
    await world.settle();
    await world.cancelOrder(orderId);
    world.provider.behave('NOT_FOUND');
    await world.settle();
    expect(await world.statesOf(orderId)).toEqual(['CANCELED']);
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

describe('an outcome that nobody knows', () => {
  test('stays PROCESSING, and is asked for by the key instead of charging again', async () => {
    const orderId = await world.placeOrder(await world.addCustomer({ card: 'captured' }), { withCard: true });
    const charges = world.provider.charges.size;
    world.provider.behave('lost');
    await world.settle();
    expect(await world.statesOf(orderId)).toEqual(['PROCESSING']);
    expect(world.provider.charges.size).toBe(charges + 1);
    const requests = world.provider.requests();
    world.provider.behave('clear');
    await world.settle();
    expect(await world.statesOf(orderId)).toEqual(['SUCCEEDED']);
    expect(world.provider.requests()).toBe(requests);
  });

  test('of a request that never arrived is sent again under the same key', async () => {
    const orderId = await world.placeOrder(await world.addCustomer({ card: 'captured' }), { withCard: true });
    world.provider.behave('unreached');
    await world.settle();
    expect(await world.statesOf(orderId)).toEqual(['PROCESSING']);
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
    expect(await world.statesOf(orderId)).toEqual(['CANCELED']);
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
