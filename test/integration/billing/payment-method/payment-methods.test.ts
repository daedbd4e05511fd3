import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { chooseMethod } from '@tributary/billing/payment-method/payment-method.repository';
import { toGlobalId } from '@tributary/kit';
import sql from 'sql-template-tag';

import { storedToken } from '../../../kit/field-keys.ts';
import { fixtureId, objects, people } from '../../../kit/fixture.ts';
import { uuidOf } from '../../../kit/fixture/objects.ts';
import { callers, startBillingWorld } from '../billing-world.ts';
import type { BillingWorld, CallerName } from '../billing-world.ts';

// In the test world the buying organization has saved one card, and people have none.

let world: BillingWorld;
beforeAll(async () => {
  world = await startBillingWorld();
  const accountOf = async (owner: string) => {
    const text = 'SELECT id FROM billing.billing_accounts WHERE owner_id = $1';
    return (await world.database.query<{ id: string }>(text, [owner]))[0]!.id;
  };
  const saved = [
    { number: 0x901, type: 'CARD', brand: 'visa', last4: '1111', expiry_month: 1, expiry_year: 2031, minute: 2 },
    { number: 0x902, type: 'DIRECT_DEBIT', brand: 'SEPA', last4: '2222', minute: 1, is_default: true },
    { number: 0x903, type: 'CARD', minute: 3 },
    { number: 0x904, type: 'CARD', last4: '4444', minute: 1, owner: people.viewer },
  ];
  for (const { number, minute, owner = people.buyer, ...method } of saved)
    await world.insert('billing.payment_methods', {
      id: uuidOf(number),
      account_id: await accountOf(owner),
      provider: 'test',
      provider_token_enc: storedToken(uuidOf(number), 'tok_secret'),
      created_at: `2026-03-01T10:0${minute}:00Z`,
      ...method,
    });
});
afterAll(() => world[Symbol.asyncDispose]());

const methodOf = (id: string) => ({ __typename: 'PaymentMethod', id: toGlobalId('PaymentMethod', id) });
const own = { __typename: 'User', id: toGlobalId('User', people.buyer) };
const ALL = '{ billingAccount { paymentMethods { id type brand last4 expiryMonth expiryYear isDefault } } }';

test('a person sees the own methods in the order they were saved, the default among them', async () => {
  const { data, errors } = await world.entity(callers.buyer, own, ALL);
  const id = (number: number) => toGlobalId('PaymentMethod', uuidOf(number));
  const nothing = { brand: null, last4: null, expiryMonth: null, expiryYear: null };
  expect({ data, errors }).toEqual({
    data: {
      billingAccount: {
        paymentMethods: [
          { ...nothing, id: id(0x902), type: 'DIRECT_DEBIT', brand: 'SEPA', last4: '2222', isDefault: true },
          {
            id: id(0x901),
            type: 'CARD',
            brand: 'visa',
            last4: '1111',
            expiryMonth: 1,
            expiryYear: 2031,
            isDefault: false,
          },
          { ...nothing, id: id(0x903), type: 'CARD', isDefault: false },
        ],
      },
    },
    errors: [],
  });
});

test('what the provider calls a method is not even read for whoever looks at it', async () => {
  for (const caller of ['buyer', 'finance'] as const) {
    const { data, sql: statements } = await world.entity(callers[caller], own, ALL);
    expect(JSON.stringify(data)).not.toMatch(/tok_|v1\./);
    expect(statements.filter(({ text }) => text.includes('payment_methods'))).toHaveLength(1);
    expect(statements.filter(({ text }) => text.includes('provider_token'))).toEqual([]);
  }
});

describe('a method that somebody holds the id of', () => {
  const readers: Partial<Record<CallerName, object>> = {
    organizationOwner: { type: 'CARD', last4: '4242', brand: 'visa', expiryYear: 2030 },
    billingManager: { type: 'CARD', last4: '4242', brand: 'visa', expiryYear: 2030 },
    // Tells methods apart, and pays with none.
    finance: { type: 'CARD', last4: '4242', brand: null, expiryYear: null },
  };
  test.each(Object.keys(callers) as CallerName[])(
    'is shown to %s as far as they have business with it',
    async (name) => {
      const { data, errors } = await world.entity(
        callers[name],
        methodOf(objects.PaymentMethod),
        '{ type last4 brand expiryYear }',
      );
      const expected = readers[name];
      expect({ data, errors }).toEqual(
        expected ? { data: expected, errors: [] } : { data: null, errors: ['_entities.0 NOT_FOUND'] },
      );
    },
  );

  test('takes the scope for billing, whoever it belongs to', async () => {
    const without = { ...callers.buyer, scopes: [] };
    const { data } = await world.entity(without, methodOf(uuidOf(0x901)), '{ last4 }');
    expect(data).toBe(null);
  });
});

test('methods of many accounts come in one statement', async () => {
  const { data, sql: statements } = await world.ask(
    callers.finance,
    'query ($r: [_Any!]!) { _entities(representations: $r) { ... on User { billingAccount { paymentMethods { last4 } } } } }',
    { r: [own, { __typename: 'User', id: toGlobalId('User', people.viewer) }] },
  );
  expect(data).toEqual({
    _entities: [
      { billingAccount: { paymentMethods: [{ last4: '2222' }, { last4: '1111' }, { last4: null }] } },
      { billingAccount: { paymentMethods: [{ last4: '4444' }] } },
    ],
  });
  expect(statements.filter(({ text }) => text.includes('payment_methods'))).toHaveLength(1);
});

test('a payment whose method was removed is shown without it', async () => {
  const payment = { __typename: 'Payment', id: fixtureId('Payment') };
  const ask = () => world.entity(callers.billingManager, payment, '{ state method { last4 } }');
  expect((await ask()).data).toEqual({ state: 'FAILED', method: { last4: '4242' } });
  await world.database.query('UPDATE billing.payments SET method_id = $2 WHERE id = $1', [
    objects.Payment,
    uuidOf(0x9ff),
  ]);
  expect(await ask()).toMatchObject({ data: { state: 'FAILED', method: null }, errors: [] });
  await world.database.query('UPDATE billing.payments SET method_id = $2 WHERE id = $1', [
    objects.Payment,
    objects.PaymentMethod,
  ]);
});

test('a method that somebody pays with right now cannot be removed until that is written', async () => {
  const everybody = sql`true`;
  await world.subgraph.database.transaction(async (tx) => {
    expect(await chooseMethod(tx, uuidOf(0x903), everybody)).toMatchObject({ id: uuidOf(0x903), provider: 'test' });
    const removing = world.database.query(`SELECT FROM billing.payment_methods WHERE id = $1 FOR UPDATE NOWAIT`, [
      uuidOf(0x903),
    ]);
    await expect(removing).rejects.toMatchObject({ code: '55P03' }); // lock not available
    // Another payment with it does not wait.
    await world.database.query('SELECT FROM billing.payment_methods WHERE id = $1 FOR SHARE NOWAIT', [uuidOf(0x903)]);
  });
  await world.database.query('DELETE FROM billing.payment_methods WHERE id = $1', [uuidOf(0x903)]);
});
