import { randomUUID } from 'node:crypto';

import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';

import { relist } from '@tributary/app/commands/event-store';
import { toGlobalId } from '@tributary/kit/ids';

import { invariants } from '../../integration/app/seed/invariants.ts';
import { fixtureId, people } from '../../kit/fixture.ts';
import type { Person } from '../../kit/fixture.ts';
import { eventually, pending } from '../../kit/tellers.ts';
import { startAccountsWorld } from './accounts-world.ts';
import type { AccountsWorld } from './accounts-world.ts';

// Orders answer for the buyers that others name, by what users told them.

let world: AccountsWorld;
beforeAll(async () => (world = await startAccountsWorld({ workers: true })));
afterAll(() => world[Symbol.asyncDispose]());
beforeEach(async () => {
  await arrived();
  await world.restore();
  await relist(world.database.client);
  await arrived();
});

const owner = { subject: 'organizationOwner' };
const client = { subject: 'organizationClient', client: true };
const organizationId = fixtureId('Organization');
const userId = (name: Person) => toGlobalId('User', people[name]);
const arrived = () =>
  eventually(
    () => pending(world.database),
    (count) => count === 0,
  );
const differences = () =>
  world.database.query(invariants['orders know everybody, and who belongs to which organization']!);

async function change(
  mutation: 'membershipSet' | 'membershipRemove' | 'organizationCreate' | 'userUpdate',
  input: object,
  as = owner,
) {
  const { payload, errors } = await world.mutate(mutation, input, as);
  expect({ errors, userErrors: payload?.userErrors }).toEqual({ errors: [], userErrors: [] });
  return payload as Record<string, { id: string }>;
}

async function ask(mutation: 'orderDraftSave' | 'orderPlace', input: object) {
  const type = `${mutation[0]!.toUpperCase()}${mutation.slice(1)}Input!`;
  const selection = 'order { id version status total { amountMinor currency } buyer { id } } userErrors { code field }';
  const query = `mutation ($input: ${type}) { payload: ${mutation}(input: $input) { ${selection} } }`;
  const { data, errors } = await world.graph.ask({ query, variables: { input }, as: client });
  expect(errors).toBeUndefined();
  return data!.payload as {
    order: { id: string; version: number; status: string; total: object; buyer: { id: string } | null } | null;
    userErrors: { code: string; field: string[] }[];
  };
}
const draftFor = (name: Person) =>
  ask('orderDraftSave', {
    buyerId: userId(name),
    lines: [{ variantId: fixtureId('ProductVariant'), quantity: 1 }],
    shippingAddress: { recipient: 'Ada Buyer', line1: 'Hauptplatz 1', city: 'Graz', country: 'AT' },
  });
const unknownBuyer = { order: null, userErrors: [{ code: 'NOT_FOUND', field: ['input', 'buyerId'] }] };

test('after any change of a person or a membership, orders know the same as users', async () => {
  await change(
    'organizationCreate',
    { name: 'Nova', legalName: 'Nova GmbH', kind: 'BUYER', country: 'AT' },
    { subject: 'buyer' },
  );
  const added = await change('membershipSet', { organizationId, userId: userId('buyer'), role: 'VIEWER' });
  await change('membershipSet', { organizationId, userId: userId('viewer'), role: 'BILLING_MANAGER' });
  await change('membershipRemove', { id: added.membership!.id });
  await change('membershipSet', { organizationId, userId: userId('buyer'), role: 'BUYER' });
  await change('userUpdate', { id: userId('viewer'), expectedVersion: 1, displayName: 'Vera' }, { subject: 'viewer' });
  await arrived();
  expect(await differences()).toEqual([]);
  const [known] = await world.database.query('SELECT version FROM orders.user_copies WHERE id = $1', [people.viewer]);
  expect(known).toEqual({ version: 2 });
});

test('a client names somebody from when they join until they leave', async () => {
  expect(await draftFor('buyer')).toEqual(unknownBuyer);
  const { membership } = await change('membershipSet', { organizationId, userId: userId('buyer'), role: 'BUYER' });
  await arrived();
  const [first, second] = [await draftFor('buyer'), await draftFor('buyer')];
  expect(first).toMatchObject({ order: { buyer: { id: userId('buyer') } }, userErrors: [] });

  const place = ({ order }: typeof first) =>
    ask('orderPlace', {
      id: order!.id,
      expectedVersion: order!.version,
      expectedTotal: order!.total,
      idempotencyKey: randomUUID(),
    });
  expect(await place(first)).toMatchObject({ order: { status: 'PENDING' }, userErrors: [] });
  await change('membershipRemove', { id: membership!.id });
  await arrived();
  expect(await place(second)).toEqual(unknownBuyer);
  expect(await draftFor('buyer')).toEqual(unknownBuyer);
});

test('orders that have forgotten everything are told it again', async () => {
  await world.database.query('TRUNCATE orders.user_copies, orders.membership_copies');
  expect(await draftFor('organizationBuyer')).toEqual(unknownBuyer);
  await relist(world.database.client);
  await arrived();
  expect(await differences()).toEqual([]);
  expect((await draftFor('organizationBuyer')).userErrors).toEqual([]);
});
