import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';

import { toGlobalId } from '@tributary/kit/ids';

import { fixtureId, people } from '../../kit/fixture.ts';
import { startAccountsWorld } from './accounts-world.ts';
import type { AccountsWorld } from './accounts-world.ts';

// Rights come from a principal that the gateway keeps for half a minute. Where a membership is changed in its own process, the next
// request goes by the change.

let world: AccountsWorld;
beforeAll(async () => (world = await startAccountsWorld()));
beforeEach(() => world.restore());
afterAll(() => world[Symbol.asyncDispose]());

const owner = { subject: 'organizationOwner' };
const organizationId = fixtureId('Organization');

async function organizationsOf(subject: string): Promise<string[]> {
  const query = '{ me { memberships { nodes { organization { name } } } } }';
  const { data } = await world.graph.ask({ query, as: { subject } });
  type Me = { memberships: { nodes: { organization: { name: string } }[] } };
  return (data as { me: Me }).me.memberships.nodes.map(({ organization }) => organization.name);
}

test('somebody who founds an organization sees it in the next request', async () => {
  expect(await organizationsOf('buyer')).toEqual([]);
  const input = { name: 'Nova', legalName: 'Nova GmbH', kind: 'BUYER', country: 'AT' };
  await world.mutate('organizationCreate', input, { subject: 'buyer' });
  expect(await organizationsOf('buyer')).toEqual(['Nova']);
});

test('a new member sees the organization in the next request, and one who was removed does not', async () => {
  expect(await organizationsOf('buyer')).toEqual([]);
  const input = { organizationId, userId: toGlobalId('User', people.buyer), role: 'VIEWER' };
  const { payload } = await world.mutate('membershipSet', input, owner);
  expect(await organizationsOf('buyer')).toEqual(['buying Ltd']);
  await world.mutate('membershipRemove', { id: (payload!.membership as { id: string }).id }, owner);
  expect(await organizationsOf('buyer')).toEqual([]);
});

test('a member who becomes less may do less in the next request', async () => {
  const query = 'query ($id: ID!) { organization(id: $id) { taxId } }';
  const taxId = async () =>
    (await world.graph.ask({ query, variables: { id: organizationId }, as: { subject: 'billingManager' } })).data;
  expect(await taxId()).toEqual({ organization: { taxId: 'ATUbuying' } });
  const input = { organizationId, userId: toGlobalId('User', people.billingManager), role: 'VIEWER' };
  await world.mutate('membershipSet', input, owner);
  expect(await taxId()).toEqual({ organization: { taxId: null } });
});
