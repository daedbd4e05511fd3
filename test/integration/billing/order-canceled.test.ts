import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';

import { expectBalancedBooks } from '../../kit/ledger-check.ts';
import { startPaymentWorld } from './payment-world.ts';
import type { PaymentWorld } from './payment-world.ts';

let world: PaymentWorld;
beforeAll(async () => {
  world = await startPaymentWorld();
});
afterEach(() => world.finish());
afterAll(() => world[Symbol.asyncDispose]());

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
    expect(await world.statesOf(orderId)).toEqual(['CANCELED']);
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
    expect(await world.statesOf(orderId)).toEqual(['CANCELED']);
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
