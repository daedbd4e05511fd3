import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { ALL_WALLS } from '@tributary/kit';
import type { Principal, Walls } from '@tributary/kit';

import { startCheckout } from './checkout-world.ts';
import type { CheckoutWorld, Outcome, SavedOrder } from './checkout-world.ts';
import { apiClient, customer, staff } from './orders-world.ts';

// Each wall alone keeps strangers from an order that is not theirs: the rules with the rows taken down, and the other way round.

const strangers: [string, Principal][] = [
  ['another person', customer(9)],
  ['an owner of some organization', customer(9, { 1: 'OWNER' })],
  ['a client', apiClient(3, ['orders:read', 'orders:write'])],
];
const verdict = ({ order, userErrors, errors }: Outcome) =>
  order ? 'done' : (userErrors[0]?.code ?? errors[0]!.split(' ')[1]!);

describe.each<[string, Partial<Walls>, string]>([
  ['rules', { rules: false }, 'NOT_FOUND'],
  ['row predicates', { rows: false }, 'FORBIDDEN'],
])('with the %s taken down', (_, walls, expected) => {
  let world: CheckoutWorld;
  let draft: SavedOrder;
  let order: SavedOrder;
  beforeAll(async () => {
    world = await startCheckout({ walls: { ...ALL_WALLS, ...walls } });
    draft = await world.draft(customer(1));
    order = await world.placed(customer(1));
  });
  afterAll(() => world[Symbol.asyncDispose]());

  test.each(strangers)('%s changes nothing', async (_who, stranger) => {
    const tries = [
      await world.saveDraft(stranger, { id: draft.id, expectedVersion: draft.version }),
      await world.place(stranger, draft),
      await world.update(stranger, order, { customerNote: 'mine' }),
      await world.cancel(stranger, order),
    ];
    expect(tries.map(verdict)).toEqual([expected, expected, expected, expected]);
    const rows = await world.database.query('SELECT status, version FROM orders.orders ORDER BY status');
    expect(rows).toEqual([
      { status: 'DRAFT', version: 1 },
      { status: 'PENDING', version: 2 },
    ]);
  });

  test.each<[string, Principal]>([
    ['finance', { ...staff('FINANCE'), scopes: ['orders:read', 'orders:write'] }],
    ['an administrator', { ...staff('ADMIN'), scopes: ['orders:read', 'orders:write'] }],
  ])('%s sees the order and may not change it, even with the scope', async (_who, principal) => {
    expect(verdict(await world.update(principal, order, { customerNote: 'mine' }))).toBe('FORBIDDEN');
    expect(verdict(await world.cancel(principal, order))).toBe('FORBIDDEN');
  });
});
