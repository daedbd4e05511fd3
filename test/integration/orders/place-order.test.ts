import { randomUUID } from 'node:crypto';

import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';

import { toGlobalId } from '@tributary/kit';
import type { OrganizationRole, Principal } from '@tributary/kit';

import { address, lines, startCheckout, variantId } from './checkout-world.ts';
import type { CheckoutWorld, Input, SavedOrder } from './checkout-world.ts';
import { apiClient, customer, service, staff, uuid } from './orders-world.ts';
import { tellMember, tellUser } from './user-world.ts';

let world: CheckoutWorld;
beforeAll(async () => {
  world = await startCheckout();
  await tellUser(world, 1);
  await tellMember(world, { user: 1, organization: 1, role: 'BUYER' });
});
afterAll(() => world[Symbol.asyncDispose]());
beforeEach(async () => {
  await world.database.query(
    'TRUNCATE orders.orders, orders.order_sagas, orders.outbox, orders.idempotency_keys CASCADE',
  );
  await world.database.query('UPDATE orders.product_variants SET stock_reserved = 0');
  await world.database.query('UPDATE orders.discount_codes SET used = 0');
});

const buyer = customer(1);

describe('placing a draft', () => {
  test('gives it a number, freezes its prices, promises the stock, starts the saga and tells billing', async () => {
    const draft = await world.draft(buyer, { lines: lines([1, 2], [2, 1]), discountCodes: ['ten'] });
    expect(draft).toMatchObject({ number: null, status: 'DRAFT', version: 1, total: { amountMinor: '3645' } });
    const before = Date.now();
    const { order, replayed, userErrors } = await world.place(buyer, draft);

    expect(userErrors).toEqual([]);
    expect({ order, replayed }).toEqual({
      replayed: false,
      order: { ...draft, number: expect.stringMatching(/^TR\d{6,}$/) as string, status: 'PENDING', version: 2 },
    });
    expect(await world.reserved()).toEqual({ 'LAMP-W': 2, BOOK: 1, OLD: 0, GONE: 0, MUG: 0 });
    expect(await world.database.query(`SELECT code, used FROM orders.discount_codes WHERE used > 0`)).toEqual([
      { code: 'TEN', used: 1 },
    ]);
    const [saga] = await world.database.query<{ step: string; deadline_at: Date }>(
      'SELECT step, deadline_at FROM orders.order_sagas',
    );
    expect(saga!.step).toBe('INVOICING');
    expect(saga!.deadline_at.getTime()).toBeGreaterThanOrEqual(before + 24 * 3_600_000);
    const timeline = await world.database.query(`SELECT type, actor_id, message FROM orders.order_events ORDER BY id`);
    expect(timeline).toEqual([
      { type: 'CREATED', actor_id: uuid('user', 1), message: 'The draft was created.' },
      { type: 'PLACED', actor_id: uuid('user', 1), message: `Order ${order!.number!} was placed.` },
    ]);
    expect(await world.events()).toEqual([
      {
        type: 'order.placed',
        aggregateVersion: 2,
        data: {
          number: order!.number,
          buyerId: uuid('user', 1),
          organizationId: null,
          partnerOrganizationId: null,
          currency: 'EUR',
          subtotalMinor: '3500',
          discountMinor: '350',
          shippingMinor: '0',
          taxMinor: '495',
          totalMinor: '3645',
          placedAt: expect.any(String) as string,
          paymentMethodId: null,
          billTo: { ...address, line2: null, region: null },
          lines: [
            {
              sku: 'LAMP-W',
              title: 'Desk lamp, White',
              quantity: 2,
              unitPriceMinor: '1000',
              discountMinor: '200',
              taxMinor: '360',
              totalMinor: '2160',
              taxes: [{ title: 'VAT', rate: '0.2', jurisdiction: 'AT', amountMinor: '360' }],
            },
            {
              sku: 'BOOK',
              title: 'Desk lamp, Manual',
              quantity: 1,
              unitPriceMinor: '1500',
              discountMinor: '150',
              taxMinor: '135',
              totalMinor: '1485',
              taxes: [{ title: 'VAT', rate: '0.1', jurisdiction: 'AT', amountMinor: '135' }],
            },
          ],
        },
      },
    ]);
  });

  test.each([1, 250])('takes twelve statements for %d lines', async (count) => {
    const basket = lines(...Array.from({ length: count }, (_, index): [number, number] => [index % 2 ? 2 : 5, 1]).slice(0, count)); // prettier-ignore
    await world.database.query(`UPDATE orders.product_variants SET stock_on_hand = 1000 WHERE sku = 'MUG'`);
    const draft = await world.draft(buyer, { lines: basket });
    const { statements, userErrors } = await world.place(buyer, draft);
    expect(userErrors).toEqual([]);
    expect(statements.map((text) => text.trim().split(/\s+/).slice(0, 3).join(' '))).toHaveLength(12);
  });

  test('takes one statement more for any number of discount codes', async () => {
    const draft = await world.draft(buyer, { discountCodes: ['TEN', 'FIVER', 'LAST'] });
    expect((await world.place(buyer, draft)).statements).toHaveLength(13);
  });

  test('waits for the saved payment method for half an hour, and names it to billing', async () => {
    const draft = await world.draft(buyer);
    const method = randomUUID();
    await world.place(buyer, draft, { paymentMethodId: toGlobalId('PaymentMethod', method) });
    const [saga] = await world.database.query<{ step: string; minutes: number }>(
      `SELECT step, round(extract(epoch FROM deadline_at - created_at) / 60)::int AS minutes FROM orders.order_sagas`,
    );
    expect(saga).toEqual({ step: 'CHARGING', minutes: 30 });
    expect((await world.events())[0]!.data.paymentMethodId).toBe(method);
  });
});

describe('placing is refused', () => {
  const refusalOf = async (draft: SavedOrder, input: Input = {}, principal: Principal = buyer) => {
    const { order, userErrors, errors } = await world.place(principal, draft, input);
    expect(order).toBeNull();
    return { userErrors: userErrors.map(({ code, field }) => [code, field?.join('.') ?? null]), errors };
  };
  /** Nothing was written but the entry of the audit log. */
  const untouched = async (draft: SavedOrder) => {
    expect(await world.events()).toEqual([]);
    expect(await world.database.query('SELECT 1 FROM orders.order_sagas')).toEqual([]);
    expect(await world.database.query('SELECT status, version FROM orders.orders')).toEqual([
      { status: 'DRAFT', version: draft.version },
    ]);
    expect(await world.database.query('SELECT sum(used)::int AS used FROM orders.discount_codes')).toEqual([
      { used: 0 },
    ]);
    expect(Object.values(await world.reserved()).every((units) => units === 0)).toBe(true);
  };

  test('when the version is not the stored one, and tells the stored one', async () => {
    const draft = await world.draft(buyer);
    const { userErrors } = await world.place(buyer, draft, { expectedVersion: 7 });
    expect(userErrors).toEqual([
      expect.objectContaining({
        __typename: 'VersionConflictError',
        code: 'VERSION_CONFLICT',
        field: ['input', 'expectedVersion'],
        currentVersion: 1,
      }),
    ]);
    await untouched(draft);
  });

  test('when the order was placed before', async () => {
    const order = await world.placed(buyer);
    const { userErrors } = await world.place(buyer, order);
    expect(userErrors).toEqual([
      expect.objectContaining({
        __typename: 'StateError',
        code: 'INVALID_STATE',
        field: ['input', 'id'],
        currentState: 'PENDING',
        allowedStates: ['CONFIRMED', 'CANCELED'],
      }),
    ]);
  });

  test('when it has neither lines nor an address', async () => {
    const draft = await world.draft(buyer, { lines: [], shippingAddress: null });
    expect(await refusalOf(draft)).toEqual({
      userErrors: [
        ['INVALID_INPUT', 'input.id'],
        ['INVALID_INPUT', 'input.id'],
      ],
      errors: [],
    });
    await untouched(draft);
  });

  test('when prices changed since the buyer saw the total', async () => {
    const draft = await world.draft(buyer, { discountCodes: ['TEN'] });
    await world.database.query(`UPDATE orders.variant_prices SET amount_minor = 1100 WHERE variant_id = $1 AND currency = 'EUR'`, [uuid('variant', 1)]); // prettier-ignore
    expect(await refusalOf(draft)).toEqual({ userErrors: [['TOTAL_CHANGED', 'input.expectedTotal']], errors: [] });
    await untouched(draft);
    await world.database.query(`UPDATE orders.variant_prices SET amount_minor = 1000 WHERE variant_id = $1 AND currency = 'EUR'`, [uuid('variant', 1)]); // prettier-ignore
    expect((await world.place(buyer, draft)).userErrors).toEqual([]);
  });

  test('when the total is expected in another currency', async () => {
    const draft = await world.draft(buyer);
    const expectedTotal = { ...draft.total, currency: 'USD' };
    expect((await refusalOf(draft, { expectedTotal })).userErrors).toEqual([
      ['CURRENCY_MISMATCH', 'input.expectedTotal.currency'],
    ]);
  });

  test('when units are missing, at every line that lacks them', async () => {
    // Six and six of ten; the mugs are there.
    const draft = await world.draft(buyer, { lines: lines([1, 6], [5, 1], [1, 6]) });
    expect(await refusalOf(draft)).toEqual({
      userErrors: [
        ['OUT_OF_STOCK', 'input.lines.0.quantity'],
        ['OUT_OF_STOCK', 'input.lines.2.quantity'],
      ],
      errors: [],
    });
    await untouched(draft);
  });

  test('when a variant was taken out of the shop in the meantime', async () => {
    const draft = await world.draft(buyer, { lines: lines([5, 1], [1, 1]) });
    await world.database.query(`UPDATE orders.product_variants SET active = false WHERE sku = 'LAMP-W'`);
    expect((await refusalOf(draft)).userErrors).toEqual([['NOT_FOUND', 'input.lines.1.variantId']]);
    await world.database.query(`UPDATE orders.product_variants SET active = true WHERE sku = 'LAMP-W'`);
    await untouched(draft);
  });

  test('when somebody else had the last use of a code', async () => {
    const draft = await world.draft(buyer, { discountCodes: ['TEN', 'LAST'] });
    await world.placed(customer(2), { discountCodes: ['LAST'] });
    expect((await refusalOf(draft)).userErrors).toEqual([['DISCOUNT_NOT_APPLICABLE', 'input.discountCodes.1']]);
  });

  test('with the same key and other input, and repeated with the same input', async () => {
    const draft = await world.draft(buyer);
    const input = { idempotencyKey: randomUUID() };
    const first = await world.place(buyer, draft, input);
    const again = await world.place(buyer, draft, input);
    expect(again).toMatchObject({ order: first.order, replayed: true, userErrors: [] });
    expect((await refusalOf(draft, { ...input, expectedVersion: 2 })).userErrors).toEqual([
      ['IDEMPOTENCY_KEY_REUSED', 'input.idempotencyKey'],
    ]);
    expect(await world.events()).toHaveLength(1);
  });

  test('for an id that is none, or that of another type', async () => {
    const draft = await world.draft(buyer);
    expect((await refusalOf(draft, { id: variantId(1) })).errors).toEqual(['orderPlace INVALID_ID']);
    expect((await refusalOf(draft, { paymentMethodId: draft.id })).errors).toEqual(['orderPlace INVALID_ID']);
    await untouched(draft);
  });
});

describe('who places', () => {
  const organizationId = toGlobalId('Organization', uuid('organization', 1));
  const member = (role: OrganizationRole) => customer(2, { 1: role });
  const draftOfColleague = () => world.draft(customer(1, { 1: 'BUYER' }), { organizationId });

  test.each<[string, string, Principal]>([
    ['the buyer', 'placed', customer(1, { 1: 'BUYER' })],
    ['the buyer, who has left the organization', 'FORBIDDEN', customer(1)],
    ['the buyer, who may only look by now', 'FORBIDDEN', customer(1, { 1: 'VIEWER' })],
    ['a colleague who may order', 'placed', member('BUYER')],
    ['the owner of the organization', 'placed', member('OWNER')],
    ['a colleague who may only look', 'FORBIDDEN', member('VIEWER')],
    ['a stranger', 'NOT_FOUND', customer(3, { 2: 'OWNER' })],
    ['support', 'placed', staff('SUPPORT')],
    ['finance', 'FORBIDDEN', staff('FINANCE')],
    ['an administrator', 'FORBIDDEN', staff('ADMIN')],
    ['the client of the organization', 'placed', apiClient(1, ['orders:read', 'orders:write'])],
    ['the client of another organization', 'NOT_FOUND', apiClient(2, ['orders:read', 'orders:write'])],
    ['a client that only reads', 'FORBIDDEN', apiClient(1)],
    ['a service', 'FORBIDDEN', service('orders:read', 'orders:write')],
  ])('%s: %s', async (_, verdict, principal) => {
    const draft = await draftOfColleague();
    const { order, userErrors, errors } = await world.place(principal, draft);
    expect(order?.status === 'PENDING' ? 'placed' : (userErrors[0]?.code ?? errors[0]?.split(' ')[1])).toBe(verdict);
    const audit = await world.database.query(
      `SELECT action, allowed, object_type FROM orders.audit_log ORDER BY id DESC LIMIT 1`,
    );
    expect(audit).toEqual([{ action: 'orderPlace', allowed: verdict === 'placed', object_type: 'Order' }]);
    expect(await world.events()).toHaveLength(verdict === 'placed' ? 1 : 0);
  });
});
