import { afterAll, beforeAll, expect, test } from 'vitest';

import { toGlobalId } from '@tributary/kit';

import { organizations, people } from '../../kit/fixture.ts';
import { callers, NOW, startBillingWorld } from './billing-world.ts';
import type { BillingWorld, CallerName } from './billing-world.ts';

const TODAY = NOW.toISOString().slice(0, 10);

// The accounts of the access world: `buyer` and the buying organization, 7.00 EUR available on each.
const [BUYERS_ACCOUNT] = ['01920000-0000-7000-8000-000000000801'];

let world: BillingWorld;
beforeAll(async () => {
  world = await startBillingWorld();
  const add = (row: Record<string, unknown>) =>
    world.addInvoice({ account_id: BUYERS_ACCOUNT, customer_id: people.buyer, ...row });
  await add({ due_on: '2026-06-14' });
  await add({ due_on: TODAY, paid_minor: 200 });
  await add({ due_on: '2026-06-14', currency: 'USD' });
  await add({ due_on: '2026-06-14', status: 'PAID', paid_minor: 1200 });
  await add({ due_on: '2026-06-14', status: 'UNCOLLECTIBLE', close_reason: 'insolvent' });
  await add({ status: 'DRAFT' });
});
afterAll(() => world[Symbol.asyncDispose]());

const selection = '{ currency available { decimal } outstanding { decimal } overdue { decimal } }';
const balance = (currency: string, available: string, outstanding: string, overdue: string) => ({
  currency,
  available: { decimal: available },
  outstanding: { decimal: outstanding },
  overdue: { decimal: overdue },
});
const user = (id: string) => ({ __typename: 'User', id: toGlobalId('User', id) });
const organization = (id: string) => ({ __typename: 'Organization', id: toGlobalId('Organization', id) });

test('open invoices are outstanding, those past their due date overdue; what is due today is not', async () => {
  const { data } = await world.entity(callers.buyer, user(people.buyer), `{ balance ${selection} }`);
  expect(data).toEqual({ balance: balance('EUR', '7.00', '22.00', '12.00') });
});

test('another currency has its own sums, and a currency that was never used has zeros', async () => {
  const { data } = await world.entity(
    callers.buyer,
    user(people.buyer),
    `{ usd: balance(currency: "USD") ${selection} jpy: balance(currency: "JPY") ${selection} }`,
  );
  expect(data).toEqual({ usd: balance('USD', '0.00', '12.00', '12.00'), jpy: balance('JPY', '0', '0', '0') });
});

test('who has no account has no balance', async () => {
  const { data, errors } = await world.entity(callers.support, user(people.stranger), `{ balance ${selection} }`);
  expect({ data, errors }).toEqual({ data: { balance: null }, errors: [] });
});

test('people and organizations, in all currencies, take one statement', async () => {
  const { data, sql } = await world.ask(
    callers.finance,
    `query ($r: [_Any!]!) { _entities(representations: $r) {
      ... on User { balance { currency } usd: balance(currency: "USD") { currency } }
      ... on Organization { balance { currency } } } }`,
    {
      r: [
        user(people.buyer),
        organization(organizations.strangers),
        organization(organizations.buying),
        user(people.buyer),
      ],
    },
  );
  const buyer = { balance: { currency: 'EUR' }, usd: { currency: 'USD' } };
  expect(data).toEqual({ _entities: [buyer, { balance: null }, { balance: { currency: 'EUR' } }, buyer] });
  expect(sql).toHaveLength(1);
});

const readers: Record<'user' | 'organization', readonly CallerName[]> = {
  user: ['buyer', 'support', 'finance', 'service'],
  organization: ['organizationOwner', 'billingManager', 'support', 'finance', 'organizationClient', 'service'],
};
test.each((Object.keys(callers) as CallerName[]).filter((name) => name !== 'admin'))(
  '%s gets the balances they may see, and a silent null for the others',
  async (name) => {
    const { data, errors } = await world.ask(
      callers[name],
      `query ($r: [_Any!]!) { _entities(representations: $r) {
        ... on User { balance { currency } } ... on Organization { balance { currency } } } }`,
      { r: [user(people.buyer), organization(organizations.buying)] },
    );
    const expected = (kind: 'user' | 'organization') => ({
      balance: readers[kind].includes(name) ? { currency: 'EUR' } : null,
    });
    expect({ data, errors }).toEqual({ data: { _entities: [expected('user'), expected('organization')] }, errors: [] });
  },
);
