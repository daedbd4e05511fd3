import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { toGlobalId } from '@tributary/kit';
import type { Principal } from '@tributary/kit';

import { objects, organizations, people } from '../../kit/fixture.ts';
import { callers, person, startBillingWorld } from './billing-world.ts';
import type { BillingWorld, CallerName } from './billing-world.ts';

let world: BillingWorld;
/** Numbers and ids of all invoices, by number. */
const ids: Record<string, string> = { 'TI-1': objects.Invoice };
beforeAll(async () => {
  world = await startBillingWorld();
  const add = async (number: string, row: Record<string, unknown>) => {
    ids[number] = await world.addInvoice({ number, ...row });
  };
  await add('of-organization', { customer_id: null, organization_id: organizations.buying });
  await add('of-manager', { customer_id: people.billingManager, organization_id: organizations.buying });
  await add('of-strangers', { customer_id: people.stranger, organization_id: organizations.strangers });
  await add('through-partner', { customer_id: people.stranger, partner_organization_id: organizations.partner });
  await add('of-partner', {
    customer_id: null,
    organization_id: organizations.partner,
    partner_organization_id: organizations.partner,
  });
});
afterAll(() => world[Symbol.asyncDispose]());

const all = ['TI-1', 'of-manager', 'of-organization', 'of-partner', 'of-strangers', 'through-partner'];
const visible: Record<CallerName, readonly string[]> = {
  buyer: ['TI-1'],
  organizationOwner: ['TI-1', 'of-manager', 'of-organization'],
  billingManager: ['TI-1', 'of-manager', 'of-organization'],
  organizationBuyer: [],
  viewer: [],
  stranger: ['of-strangers', 'through-partner'],
  support: all,
  finance: all,
  admin: [],
  partner: ['TI-1', 'of-partner', 'through-partner'],
  otherPartner: [],
  organizationClient: ['TI-1', 'of-manager', 'of-organization'],
  service: all,
};

// The administrator has no scope for the list.
const listing = (Object.keys(visible) as CallerName[]).filter((name) => name !== 'admin');
test.each(listing)('%s lists and counts the invoices they may see, each once', async (name) => {
  const { data, errors } = await world.ask<{ invoices: { nodes: { number: string }[]; totalCount: number } }>(
    callers[name],
    '{ invoices(first: 100) { nodes { number } totalCount } }',
  );
  expect(errors).toEqual([]);
  expect(data.invoices.nodes.map(({ number }) => number).sort()).toEqual(visible[name]);
  expect(data.invoices.totalCount).toBe(visible[name].length);
});

describe.each(Object.entries(visible) as [CallerName, readonly string[]][])('%s', (name, expected) => {
  const caller = callers[name];

  test('finds exactly these through references, and NOT_FOUND for the others', async () => {
    for (const number of all) {
      const reference = { __typename: 'Invoice', id: toGlobalId('Invoice', ids[number]!) };
      const { data, errors } = await world.entity(caller, reference, '{ number total { amountMinor } }');
      if (expected.includes(number)) expect({ data, errors }).toMatchObject({ data: { number }, errors: [] });
      else expect({ data, errors }).toEqual({ data: null, errors: ['_entities.0 NOT_FOUND'] });
    }
  });
});

test('an invoice that the caller may not see is null without an error, by id and by number', async () => {
  const { data, errors } = await world.ask(
    person('viewer'),
    'query ($id: ID!) { id: invoice(id: $id) { id } number: invoice(number: "TI-1") { id } none: invoice(number: "no") { id } }',
    { id: toGlobalId('Invoice', objects.Invoice) },
  );
  expect({ data, errors }).toEqual({ data: { id: null, number: null, none: null }, errors: [] });
});

test('without the scope nobody finds an invoice behind a reference, whatever their role', async () => {
  const reference = { __typename: 'Invoice', id: toGlobalId('Invoice', objects.Invoice) };
  for (const caller of ['buyer', 'partner', 'support', 'service'] as const) {
    const principal: Principal = { ...callers[caller], scopes: [] };
    const { data, errors } = await world.entity(principal, reference, '{ number }');
    expect({ data, errors }).toEqual({ data: null, errors: ['_entities.0 NOT_FOUND'] });
  }
});

test('an administrator lacks the scope for the list', async () => {
  const { errors, sql } = await world.ask(person('admin'), '{ invoices { nodes { id } } }');
  expect({ errors, sql }).toEqual({ errors: ['invoices FORBIDDEN'], sql: [] });
});

test('below a person and an organization stand their invoices, for those who may see the account', async () => {
  const query = `query ($user: ID!, $organization: ID!) { _entities(representations: [
      { __typename: "User", id: $user }, { __typename: "Organization", id: $organization }]) {
        ... on User { invoices(sort: { field: CREATED_AT }) { nodes { number } totalCount } }
        ... on Organization { invoices { nodes { number } totalCount } } } }`;
  const ask = async (name: CallerName) => {
    const variables = {
      user: toGlobalId('User', people.billingManager),
      organization: toGlobalId('Organization', organizations.buying),
    };
    const { data, sql } = await world.ask<{
      _entities: { invoices: { nodes: { number: string }[]; totalCount: number } | null }[];
    }>(callers[name], query, variables);
    expect(sql.length).toBeLessThanOrEqual(4);
    return data._entities.map(({ invoices }) => {
      if (invoices === null) return null;
      expect(invoices.totalCount).toBe(invoices.nodes.length);
      return invoices.nodes.map(({ number }) => number).sort();
    });
  };
  const ofOrganization = ['TI-1', 'of-manager', 'of-organization'];
  expect(await ask('support')).toEqual([['of-manager'], ofOrganization]);
  expect(await ask('billingManager')).toEqual([['of-manager'], ofOrganization]);
  expect(await ask('organizationOwner')).toEqual([null, ofOrganization]);
  expect(await ask('organizationClient')).toEqual([null, ofOrganization]);
  expect(await ask('partner')).toEqual([null, null]);
  expect(await ask('viewer')).toEqual([null, null]);
});
