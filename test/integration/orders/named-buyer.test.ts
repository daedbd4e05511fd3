import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';

import { toGlobalId } from '@tributary/kit';
import type { Principal } from '@tributary/kit';

import { lines, startCheckout } from './checkout-world.ts';
import type { CheckoutWorld, Input, Outcome, SavedOrder } from './checkout-world.ts';
import { apiClient, customer, staff, uuid } from './orders-world.ts';
import { tellMember, tellUser } from './user-world.ts';

// Buyers whom somebody else names. In organization 1 person 1 is OWNER, 2 BUYER, 3 VIEWER; 4 was BUYER and has left; 5 is a suspended
// BUYER, 6 an invited one, and 7 one who was erased. Person 8 is OWNER of organization 2. Nobody else is known.

let world: CheckoutWorld;
beforeAll(async () => {
  world = await startCheckout();
});
afterAll(() => world[Symbol.asyncDispose]());
beforeEach(async () => {
  await world.database.query(`TRUNCATE orders.orders, orders.order_sagas, orders.outbox, orders.idempotency_keys,
    orders.user_copies, orders.membership_copies CASCADE`);
  await world.database.query('UPDATE orders.product_variants SET stock_reserved = 0');
  const people = [
    [1, 'ACTIVE', 'OWNER'],
    [2, 'ACTIVE', 'BUYER'],
    [3, 'ACTIVE', 'VIEWER'],
    [4, 'ACTIVE', 'BUYER'],
    [5, 'SUSPENDED', 'BUYER'],
    [6, 'INVITED', 'BUYER'],
    [7, 'ERASED', 'BUYER'],
  ] as const;
  for (const [user, status, role] of people) {
    await tellUser(world, user, status);
    await tellMember(world, { user, organization: 1, role });
  }
  await leave(4);
  await tellUser(world, 8);
  await tellMember(world, { user: 8, organization: 2, role: 'OWNER' });
});

const leave = (user: number) => tellMember(world, { user, organization: 1, role: null, version: 2 });
const user = (number: number) => toGlobalId('User', uuid('user', number));
const organization = (number: number) => toGlobalId('Organization', uuid('organization', number));
const client = apiClient(1, ['orders:read', 'orders:write']);
const support = staff('SUPPORT');
const outcome = ({ order, userErrors, errors }: Outcome) => {
  const refusals = userErrors.map(({ code, field }) => `${code} ${field?.join('.') ?? ''}`);
  return order ? 'saved' : [...refusals, ...errors];
};
const owners = async () =>
  (
    await world.database.query(
      'SELECT buyer_id AS buyer, organization_id AS organization, partner_organization_id AS partner FROM orders.orders',
    )
  )[0];
const ownedBy = (buyer: number | null, inOrganization: number | null, partner: number | null) => ({
  buyer: buyer && uuid('user', buyer),
  organization: inOrganization && uuid('organization', inOrganization),
  partner: partner && uuid('organization', partner),
});
const save = (principal: Principal, { id, version }: SavedOrder, input: Input) =>
  world.saveDraft(principal, { id, expectedVersion: version, ...input });

describe('an API client', () => {
  test.each([1, 2, 6])('names member %i, who may order for the organization', async (number) => {
    expect(outcome(await world.saveDraft(client, { buyerId: user(number) }))).toBe('saved');
    expect(await owners()).toEqual(ownedBy(number, 1, 1));
  });

  test('places the order, and the member is its buyer', async () => {
    const draft = await world.draft(client, { buyerId: user(2) });
    expect(outcome(await world.place(client, draft))).toBe('saved');
    expect((await world.events())[0]!.data).toMatchObject({
      buyerId: uuid('user', 2),
      organizationId: uuid('organization', 1),
      partnerOrganizationId: uuid('organization', 1),
    });
    const { data } = await world.ask(customer(2), 'query ($id: ID!) { order(id: $id) { status } }', { id: draft.id });
    expect(data).toEqual({ order: { status: 'PENDING' } });
  });

  test.each([
    ['a member who may only look', 3, 'NOT_FOUND input.buyerId'],
    ['somebody who has left', 4, 'NOT_FOUND input.buyerId'],
    ['a member who is suspended', 5, 'INVALID_STATE input.buyerId'],
    ['a member who was erased', 7, 'NOT_FOUND input.buyerId'],
    ['a member of another organization', 8, 'NOT_FOUND input.buyerId'],
    ['nobody', 404, 'NOT_FOUND input.buyerId'],
  ])('does not name %s', async (_, number, expected) => {
    expect(outcome(await world.saveDraft(client, { buyerId: user(number) }))).toEqual([expected]);
    expect(await world.database.query('SELECT 1 FROM orders.orders')).toEqual([]);
  });

  test('hears nothing of its own organization, also while nothing was told of it', async () => {
    const newcomer = apiClient(9, ['orders:read', 'orders:write']);
    expect(outcome(await world.saveDraft(newcomer, { buyerId: user(1) }))).toEqual(['NOT_FOUND input.buyerId']);
  });

  test('may name a member who has come back, before the end of the first membership is told', async () => {
    await tellMember(world, { membership: 40, user: 4, organization: 1, role: 'BUYER' });
    expect(outcome(await world.saveDraft(client, { buyerId: user(4) }))).toBe('saved');
  });

  test('names, changes and removes the buyer of a draft of its own', async () => {
    let draft = await world.draft(client);
    for (const number of [2, 1, null]) {
      const saved = await save(client, draft, { buyerId: number && user(number) });
      expect(outcome(saved)).toBe('saved');
      expect(await owners()).toEqual(ownedBy(number, 1, 1));
      draft = saved.order!;
    }
    expect(outcome(await save(client, draft, { buyerId: user(3) }))).toEqual(['NOT_FOUND input.buyerId']);
    expect(await owners()).toEqual(ownedBy(null, 1, 1));
  });

  test.each([1, null])('does not touch the buyer of a draft that a member made (%s)', async (number) => {
    const draft = await world.draft(customer(2, { 1: 'BUYER' }), { organizationId: organization(1) });
    expect(outcome(await save(client, draft, { buyerId: number && user(number) }))).toEqual([
      'orderDraftSave FORBIDDEN',
    ]);
    expect(outcome(await save(client, draft, { lines: lines([5, 1]) }))).toBe('saved');
    expect(await owners()).toEqual(ownedBy(2, 1, null));
  });
});

describe('support', () => {
  test.each<[string, Input, string | string[]]>([
    ['orders for a person', { buyerId: user(3) }, 'saved'],
    ['orders for a member', { buyerId: user(2), organizationId: organization(1) }, 'saved'],
    ['orders for nobody', { buyerId: user(404) }, ['NOT_FOUND input.buyerId']],
    ['orders for somebody who was erased', { buyerId: user(7) }, ['NOT_FOUND input.buyerId']],
    ['orders for somebody who is suspended', { buyerId: user(5) }, ['INVALID_STATE input.buyerId']],
    ['orders for an organization that is not there', { buyerId: user(2), organizationId: organization(404) }, ['NOT_FOUND input.organizationId']], // prettier-ignore
    ['orders for nobody of nowhere', { buyerId: user(404), organizationId: organization(404) }, ['NOT_FOUND input.organizationId', 'NOT_FOUND input.buyerId']], // prettier-ignore
    ['orders for a stranger to the organization', { buyerId: user(8), organizationId: organization(1) }, ['NOT_FOUND input.buyerId']], // prettier-ignore
    ['orders for a member who may only look', { buyerId: user(3), organizationId: organization(1) }, ['NOT_FOUND input.buyerId']], // prettier-ignore
    ['orders for itself, for an organization to which it does not belong', { buyerId: user(999), organizationId: organization(1) }, ['NOT_FOUND input.buyerId']], // prettier-ignore
  ])('%s', async (_, input, expected) => {
    expect(outcome(await world.saveDraft(support, input))).toEqual(expected);
  });

  test('does not order for an organization that everybody has left', async () => {
    await tellMember(world, { membership: 30, user: 8, organization: 3, role: 'OWNER' });
    const input = { buyerId: user(8), organizationId: organization(3) };
    expect(outcome(await world.saveDraft(support, input))).toBe('saved');
    await tellMember(world, { membership: 30, user: 8, organization: 3, role: null, version: 2 });
    expect(outcome(await world.saveDraft(support, input))).toEqual(['NOT_FOUND input.organizationId']);
  });

  test('moves a draft only to somebody who may have it', async () => {
    const draft = await world.draft(customer(2, { 1: 'BUYER' }), { organizationId: organization(1) });
    expect(outcome(await save(support, draft, { buyerId: user(8) }))).toEqual(['NOT_FOUND input.buyerId']);
    expect(outcome(await save(support, draft, { organizationId: organization(2) }))).toEqual([
      'NOT_FOUND input.buyerId',
    ]);
    expect(outcome(await save(support, draft, { buyerId: user(1) }))).toBe('saved');
    expect(await owners()).toEqual(ownedBy(1, 1, null));
  });
});

describe('a buyer who has left the organization', () => {
  const colleague = customer(1, { 1: 'OWNER' });

  test.each<[string, Principal]>([
    ['the client', client],
    ['support', support],
    ['a colleague', colleague],
  ])('does not get the order that %s places', async (_, principal) => {
    const draft = await world.draft(client, { buyerId: user(2) });
    await leave(2);
    expect(outcome(await world.place(principal, draft))).toEqual(['NOT_FOUND input.buyerId']);
    expect(await world.events()).toEqual([]);
    expect(await world.database.query('SELECT status, version FROM orders.orders')).toEqual([
      { status: 'DRAFT', version: 1 },
    ]);
  });

  test('keeps the draft, which others may change, and give to somebody else', async () => {
    const draft = await world.draft(client, { buyerId: user(2) });
    await leave(2);
    const changed = await save(client, draft, { lines: lines([5, 2]) });
    expect(outcome(changed)).toBe('saved');
    const given = await save(client, changed.order!, { buyerId: user(1) });
    expect(outcome(await world.place(client, given.order!))).toBe('saved');
  });

  test('is asked for by one statement, and only when it is somebody else', async () => {
    const statements = async (principal: Principal, input: Input = {}) => {
      const saved = await world.saveDraft(principal, input);
      return saved.statements.length + (await world.place(principal, saved.order!)).statements.length;
    };
    const own = await statements(colleague, { organizationId: organization(1) });
    expect(await statements(customer(404))).toBe(own);
    expect(await statements(client)).toBe(own);
    expect(await statements(client, { buyerId: user(2) })).toBe(own + 2);
  });
});
