import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { toGlobalId } from '@tributary/kit';

import { fixtureId, objects, organizations, people } from '../../kit/fixture.ts';
import { callers, startBillingWorld } from './billing-world.ts';
import type { BillingWorld, CallerName } from './billing-world.ts';

let world: BillingWorld;
beforeAll(async () => {
  world = await startBillingWorld();
  await world.insert('billing.account_balances', {
    account_id: objects.BillingAccount,
    currency: 'CHF',
    available_minor: 300,
  });
  await world.addInvoice({
    account_id: objects.BillingAccount,
    customer_id: null,
    organization_id: organizations.buying,
    currency: 'USD',
    due_on: '2026-06-14',
  });
});
afterAll(() => world[Symbol.asyncDispose]());

const account = { __typename: 'BillingAccount', id: fixtureId('BillingAccount') };
const organization = { __typename: 'Organization', id: toGlobalId('Organization', organizations.buying) };

test('an account has a balance in its own currency and in each in which it has or owes something', async () => {
  const { data } = await world.entity(
    callers.finance,
    account,
    '{ balances { currency available { amountMinor } outstanding { amountMinor } overdue { amountMinor } } }',
  );
  const amounts = (available: string, outstanding: string, overdue: string) => ({
    available: { amountMinor: available },
    outstanding: { amountMinor: outstanding },
    overdue: { amountMinor: overdue },
  });
  expect(data).toEqual({
    balances: [
      { currency: 'CHF', ...amounts('300', '0', '0') },
      { currency: 'EUR', ...amounts('700', '0', '0') },
      { currency: 'USD', ...amounts('0', '1200', '1200') },
    ],
  });
});

describe('of the account of an organization', () => {
  const everything = {
    creditLimit: { amountMinor: '0' },
    paymentMethods: [{ last4: '4242', brand: 'visa', expiryYear: 2030 }],
  };
  const SELECTION = '{ billingAccount { creditLimit { amountMinor } paymentMethods { last4 brand expiryYear } } }';
  const seen: [CallerName, object | null][] = [
    ['organizationOwner', everything],
    ['billingManager', { ...everything, creditLimit: null }],
    // Finance tells methods apart, and pays with none.
    ['finance', { ...everything, paymentMethods: [{ last4: '4242', brand: null, expiryYear: null }] }],
    ['support', { creditLimit: null, paymentMethods: null }],
    ['service', { creditLimit: null, paymentMethods: null }],
    ['organizationClient', { creditLimit: null, paymentMethods: null }],
    ...(['organizationBuyer', 'viewer', 'buyer', 'stranger', 'admin', 'partner', 'otherPartner'] as const).map(
      (name): [CallerName, null] => [name, null],
    ),
  ];
  test.each(seen)('%s sees %o', async (caller, expected) => {
    const { data } = await world.entity(callers[caller], organization, SELECTION);
    expect(data).toEqual({ billingAccount: expected });
  });
});

test('a person sees the own account', async () => {
  const own = { __typename: 'User', id: toGlobalId('User', people.buyer) };
  const { data } = await world.entity(
    callers.buyer,
    own,
    '{ billingAccount { currency paymentTermDays organization { id } user { id } creditLimit { amountMinor } paymentMethods { id } } }',
  );
  expect(data).toEqual({
    billingAccount: {
      currency: 'EUR',
      paymentTermDays: 0,
      organization: null,
      user: { id: own.id },
      creditLimit: null,
      paymentMethods: [],
    },
  });
});

test('a page of invoices takes one statement each for accounts, balances, methods, refunds and credit notes', async () => {
  for (let each = 0; each < 3; each += 1) await world.addPayment(await world.addInvoice());
  const { sql, errors } = await world.ask(
    callers.finance,
    `{ invoices(first: 10) { nodes {
      account { balances { currency } paymentMethods { last4 } } refunds { id payment { id } } creditNotes { number }
      payments { method { last4 } } } } }`,
  );
  expect(errors).toEqual([]);
  const tables = sql.map(({ text }) => /FROM\s+billing\.(\w+)/.exec(text)?.[1]).sort();
  expect(tables).toEqual([
    'billing_accounts',
    'billing_accounts',
    'credit_notes',
    'invoices',
    'payment_methods',
    'payment_methods',
    'payments',
    'payments',
    'refunds',
  ]);
});
