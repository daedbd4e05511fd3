import { afterAll, beforeAll, expect, test } from 'vitest';

import { toGlobalId } from '@tributary/kit';

import { objects, waitingPayment } from '../../kit/fixture.ts';
import { callers, person, startBillingWorld } from './billing-world.ts';
import type { BillingWorld, CallerName } from './billing-world.ts';

let world: BillingWorld;
beforeAll(async () => {
  world = await startBillingWorld();
});
afterAll(() => world[Symbol.asyncDispose]());

const payment = (id: string) => ({ __typename: 'Payment', id: toGlobalId('Payment', id) });
const readers: readonly CallerName[] = [
  'buyer',
  'organizationOwner',
  'billingManager',
  'support',
  'finance',
  'partner',
  'organizationClient',
  'service',
];

test.each(Object.keys(callers) as CallerName[])('%s sees a payment when they see its invoice', async (name) => {
  const { data, errors } = await world.entity(callers[name], payment(objects.Payment), '{ state invoice { number } }');
  expect({ data, errors }).toEqual(
    readers.includes(name)
      ? { data: { state: 'FAILED', invoice: { number: 'TI-1' } }, errors: [] }
      : { data: null, errors: ['_entities.0 NOT_FOUND'] },
  );
});

test.each<[CallerName, string | null]>([
  ['buyer', 'card_declined'],
  ['billingManager', 'card_declined'],
  ['support', 'card_declined'],
  ['finance', 'card_declined'],
  ['service', 'card_declined'],
  ['partner', null],
  ['organizationClient', null],
])('why a payment failed is told to %s as %s', async (name, failureCode) => {
  const { data, errors } = await world.entity(callers[name], payment(objects.Payment), '{ failureCode }');
  expect({ data, errors }).toEqual({ data: { failureCode }, errors: [] });
});

test('only the payer is told where to confirm a payment', async () => {
  const nextActionUrl = 'https://provider.test.invalid/confirm';
  for (const name of readers) {
    const { data, errors } = await world.entity(callers[name], payment(waitingPayment), '{ nextActionUrl }');
    const payer = ['buyer', 'organizationOwner', 'billingManager'].includes(name);
    expect({ name, data, errors }).toEqual({ name, data: { nextActionUrl: payer ? nextActionUrl : null }, errors: [] });
  }
});

test('the reference at the provider is for finance and services', async () => {
  for (const name of ['finance', 'service'] as const)
    expect((await world.entity(callers[name], payment(objects.Payment), '{ providerReference }')).data).toEqual({
      providerReference: 'ch_1',
    });
  for (const name of ['buyer', 'support', 'partner'] as const) {
    const { data, errors } = await world.entity(callers[name], payment(objects.Payment), '{ providerReference }');
    expect({ data, errors }).toEqual({
      data: { providerReference: null },
      errors: ['_entities.0.providerReference FORBIDDEN'],
    });
  }
});

test('payments of many invoices come newest first in one statement', async () => {
  const ids = [await world.addInvoice(), await world.addInvoice()];
  const [first, second] = ids as [string, string];
  await world.addPayment(first, { created_at: '2026-03-01T10:00:00Z', amount_minor: 1 });
  await world.addPayment(second, { created_at: '2026-03-01T11:00:00Z', amount_minor: 2 });
  await world.addPayment(first, { created_at: '2026-03-01T12:00:00Z', amount_minor: 3 });
  const { data, sql } = await world.ask(
    person('finance'),
    'query ($r: [_Any!]!) { _entities(representations: $r) { ... on Invoice { payments { amount { amountMinor } } } } }',
    { r: ids.map((id) => ({ __typename: 'Invoice', id: toGlobalId('Invoice', id) })) },
  );
  const amounts = (...all: string[]) => ({ payments: all.map((amountMinor) => ({ amount: { amountMinor } })) });
  expect(data).toEqual({ _entities: [amounts('3', '1'), amounts('2')] });
  expect(sql).toHaveLength(2);
});
