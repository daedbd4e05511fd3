import pino from 'pino';
import { afterAll, beforeAll, expect, test } from 'vitest';

import { encryptToken } from '@tributary/billing/payment-method/stored-token';
import { createAskingJobs } from '@tributary/billing/payment/ask-provider';
import { PAYMENT_SETTINGS } from '@tributary/billing/payment/payment-settings';
import { createFieldCipher, parseFieldKeys } from '@tributary/kit';

import { FIELD_KEYS, fieldCipher, storedToken } from '../../../kit/field-keys.ts';
import { startPaymentWorld } from '../payment-world.ts';
import type { Customer, PaymentWorld } from '../payment-world.ts';

let world: PaymentWorld;
beforeAll(async () => {
  world = await startPaymentWorld();
});
afterAll(() => world[Symbol.asyncDispose]());

const OTHER_KEYS = parseFieldKeys(`other:${Buffer.alloc(32, 5).toString('base64url')}`);
const { signal } = new AbortController();

/** Sends payments with these keys, and gives what was logged. */
async function send(cipher = fieldCipher): Promise<string[]> {
  const lines: string[] = [];
  const logger = pino({ level: 'trace' }, { write: (line) => void lines.push(line) });
  const { database, writer } = world.subgraph;
  const settings = { ...PAYMENT_SETTINGS, reconcileAfterMs: 0 };
  const [payments] = createAskingJobs({ database, writer, provider: world.provider, cipher, settings, logger });
  await payments!.run(signal);
  return lines;
}

const setToken = ({ methodId }: Customer, encrypted: string) =>
  world.database.query('UPDATE billing.payment_methods SET provider_token_enc = $2 WHERE id = $1', [
    methodId,
    encrypted,
  ]);
const setPlainToken = ({ methodId }: Customer, plain: string) =>
  world.database.query(
    'UPDATE billing.payment_methods SET provider_token_plain = $2, provider_token_enc = NULL WHERE id = $1',
    [methodId, plain],
  );
const paymentOf = async (orderId: string) => (await world.paymentsOf(orderId))[0]!;

test('a token under an unknown key, and one that was moved, stop their own payments and no other, and are logged by key', async () => {
  const [lost, thief, victim] = [
    await world.addCustomer({ card: 'captured' }),
    await world.addCustomer({ card: 'captured' }),
    await world.addCustomer({ card: 'captured' }),
  ];
  await setToken(lost, encryptToken(createFieldCipher(OTHER_KEYS), lost.methodId, 'captured'));
  await setToken(thief, storedToken(victim.methodId, 'captured'));
  const orders = [];
  for (const customer of [lost, thief, victim]) orders.push(await world.placeOrder(customer, { withCard: true }));
  const before = world.provider.requests();

  const lines = await send();
  const payments = [];
  for (const orderId of orders) payments.push(await paymentOf(orderId));
  const [lostPayment, thiefPayment, victimPayment] = payments;
  expect([lostPayment!.state, thiefPayment!.state, victimPayment!.state]).toEqual([
    'PROCESSING',
    'PROCESSING',
    'SUCCEEDED',
  ]);
  for (const waiting of [lostPayment!, thiefPayment!]) expect(waiting.ask_at).toBeInstanceOf(Date);
  expect(world.provider.requests() - before).toBe(1);

  const logged = lines.map((line) => JSON.parse(line) as Record<string, unknown>);
  expect(logged.map(({ level, id, keyId, msg }) => ({ level, id, keyId, msg }))).toEqual(
    expect.arrayContaining(
      [
        { id: lostPayment!.id, keyId: 'other' },
        { id: thiefPayment!.id, keyId: 'test' },
      ].map((facts) => ({ ...facts, level: 50, msg: 'the token of the payment method cannot be read' })),
    ),
  );
  const all = lines.join();
  for (const secret of [
    'captured',
    'v1.',
    Buffer.alloc(32, 5).toString('base64url'),
    Buffer.alloc(32, 9).toString('base64url'),
  ])
    expect(all).not.toContain(secret);

  // Given the key, the payment is sent as if nothing had been.
  await send(createFieldCipher([...FIELD_KEYS, ...OTHER_KEYS]));
  expect((await paymentOf(orders[0]!)).state).toBe('SUCCEEDED');
  expect((await paymentOf(orders[1]!)).state).toBe('PROCESSING');
});

test('a payment whose token cannot be read can still be given up', async () => {
  const customer = await world.addCustomer({ card: 'captured' });
  await setToken(customer, encryptToken(createFieldCipher(OTHER_KEYS), customer.methodId, 'captured'));
  const orderId = await world.placeOrder(customer, { withCard: true });
  await send();
  await world.cancelOrder(orderId);
  await send();
  expect((await paymentOf(orderId)).state).toBe('CANCELED');
});

test('a token that is not encrypted yet is charged', async () => {
  const customer = await world.addCustomer({ card: 'captured' });
  await setPlainToken(customer, 'captured');
  const orderId = await world.placeOrder(customer, { withCard: true });
  await send();
  expect((await paymentOf(orderId)).state).toBe('SUCCEEDED');
});
