import { randomUUID } from 'node:crypto';

import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';

import { toGlobalId } from '@tributary/kit';
import type { Principal } from '@tributary/kit';

import { address, lines, startCheckout, variantId } from './checkout-world.ts';
import type { CheckoutWorld, Input, Outcome } from './checkout-world.ts';
import { apiClient, customer, service, staff, uuid } from './orders-world.ts';
import { tellMember, tellUser } from './user-world.ts';

let world: CheckoutWorld;
beforeAll(async () => {
  world = await startCheckout();
  for (const number of [5, 7]) {
    await tellUser(world, number);
    await tellMember(world, { user: number, organization: 1, role: 'BUYER' });
  }
});
afterAll(() => world[Symbol.asyncDispose]());
beforeEach(async () => {
  await world.database.query('TRUNCATE orders.orders, orders.outbox, orders.idempotency_keys CASCADE');
});

const buyer = customer(1);
const user = (number: number) => toGlobalId('User', uuid('user', number));
const organization = (number: number) => toGlobalId('Organization', uuid('organization', number));
const client = (number: number) => apiClient(number, ['orders:read', 'orders:write']);
const refusals = ({ order, userErrors, errors }: Outcome) => {
  expect(order).toBeNull();
  return [...userErrors.map(({ code, field }) => `${code} ${field?.join('.') ?? ''}`), ...errors];
};
const rowOf = async () => {
  const [row] = await world.database.query<Record<string, unknown>>(
    `SELECT buyer_id, organization_id, partner_organization_id, channel, currency, shipping_address, billing_address,
      discount_codes, customer_note, external_reference, search_text, version FROM orders.orders`,
  );
  return row!;
};
const linesOf = () =>
  world.database.query(
    `SELECT position, sku, quantity, unit_price_minor::int AS price, discount_minor::int AS discount, tax_minor::int AS tax, total_minor::int AS total
      FROM orders.order_lines ORDER BY position`,
  );

describe('a new draft', () => {
  test('has its prices, discounts and taxes, and promises nothing to anybody', async () => {
    const { order, userErrors } = await world.saveDraft(buyer, {
      lines: lines([1, 3], [2, 1]),
      discountCodes: [' ten ', 'FIVER'],
      customerNote: 'ring twice',
    });
    expect(userErrors).toEqual([]);
    // 45.00 - 4.50 - 5.00; the discount goes 6.33 : 3.17
    expect(await linesOf()).toEqual([
      { position: 1, sku: 'LAMP-W', quantity: 3, price: 1000, discount: 633, tax: 473, total: 2840 },
      { position: 2, sku: 'BOOK', quantity: 1, price: 1500, discount: 317, tax: 118, total: 1301 },
    ]);
    expect(order).toMatchObject({ status: 'DRAFT', number: null, version: 1, total: { amountMinor: '4141' } });
    expect(await rowOf()).toEqual({
      buyer_id: uuid('user', 1),
      organization_id: null,
      partner_organization_id: null,
      channel: 'WEB',
      currency: 'EUR',
      shipping_address: { ...address, line2: null, region: null },
      billing_address: null,
      discount_codes: ['TEN', 'FIVER'],
      customer_note: 'ring twice',
      external_reference: null,
      search_text: 'Desk lamp, White LAMP-W Desk lamp, Manual BOOK',
      version: 1,
    });
    expect(await world.database.query('SELECT code, amount_minor::int FROM orders.order_discounts ORDER BY position')).toEqual([
      { code: 'TEN', amount_minor: 450 },
      { code: 'FIVER', amount_minor: 500 },
    ]); // prettier-ignore
    expect(await world.events()).toEqual([]);
    expect(await world.reserved()).toMatchObject({ 'LAMP-W': 0 });
  });

  test('may be empty, and knows no tax without an address', async () => {
    expect(await world.draft(buyer, { lines: [], shippingAddress: null })).toMatchObject({
      total: { amountMinor: '0' },
    });
    const untaxed = await world.draft(buyer, { lines: lines([1, 1]), shippingAddress: null });
    expect(untaxed.total.amountMinor).toBe('1000');
  });

  test('takes null for what it leaves out', async () => {
    const nothing = { id: null, buyerId: null, organizationId: null, currency: null, billingAddress: null, discountCodes: null, customerNote: null, externalReference: null, idempotencyKey: null }; // prettier-ignore
    expect((await world.saveDraft(buyer, nothing)).userErrors).toEqual([]);
    expect(await rowOf()).toMatchObject({ buyer_id: uuid('user', 1), currency: 'EUR', discount_codes: [] });
  });

  test('is made once per key', async () => {
    const input = { idempotencyKey: randomUUID() };
    const first = await world.draft(buyer, input);
    expect(await world.draft(buyer, input)).toEqual(first);
    expect(refusals(await world.saveDraft(buyer, { ...input, customerNote: 'other' }))).toEqual([
      'IDEMPOTENCY_KEY_REUSED input.idempotencyKey',
    ]);
    expect(await world.database.query('SELECT count(*)::int AS orders FROM orders.orders')).toEqual([{ orders: 1 }]);
  });

  test.each<[string, Input, string[]]>([
    [
      'every line that cannot be bought, by its place',
      { lines: [...lines([1, 1], [3, 1], [4, 1]), { variantId: variantId(99), quantity: 1 }] },
      ['NOT_FOUND input.lines.1.variantId', 'NOT_FOUND input.lines.2.variantId', 'NOT_FOUND input.lines.3.variantId'],
    ],
    [
      'quantities out of range',
      { lines: lines([1, 0], [1, 1], [2, 10_000], [2, -1]) },
      [0, 2, 3].map((line) => `INVALID_INPUT input.lines.${line}.quantity`),
    ],
    ['more lines than 250', { lines: lines(...Array.from({ length: 251 }, (): [number, number] => [5, 1])) }, ['INVALID_INPUT input.lines']], // prettier-ignore
    ['a currency in which a variant is not sold', { currency: 'USD', lines: lines([1, 1], [2, 1]) }, ['INVALID_INPUT input.lines.1.variantId']], // prettier-ignore
    [
      'codes that do not apply',
      { discountCodes: ['TEN', 'nope', 'OVER', 'DOLLAR'] },
      [1, 2, 3].map((code) => `DISCOUNT_NOT_APPLICABLE input.discountCodes.${code}`),
    ],
    ['a code twice', { discountCodes: ['TEN', 'ten'] }, ['INVALID_INPUT input.discountCodes.1']],
    ['more codes than five', { discountCodes: ['A', 'B', 'C', 'D', 'E', 'F'] }, ['INVALID_INPUT input.discountCodes']],
    ['a country without tax rates', { shippingAddress: { ...address, country: 'AQ' } }, ['INVALID_INPUT input.shippingAddress.country']], // prettier-ignore
    [
      'everything wrong with the texts at once',
      {
        shippingAddress: { ...address, country: 'XX', city: ' ' },
        billingAddress: { ...address, line1: 'a\u0000b' },
        customerNote: 'x'.repeat(2_001),
        externalReference: 'a\nb',
      },
      [
        'INVALID_INPUT input.shippingAddress.country',
        'INVALID_INPUT input.shippingAddress.city',
        'INVALID_INPUT input.billingAddress.line1',
        'INVALID_INPUT input.customerNote',
        'INVALID_INPUT input.externalReference',
      ],
    ],
    ['ids of other types', { lines: [{ variantId: user(1), quantity: 1 }] }, ['orderDraftSave INVALID_ID']],
  ])('is refused for %s', async (_, input, expected) => {
    expect(refusals(await world.saveDraft(buyer, input))).toEqual(expected);
    expect(await world.database.query('SELECT 1 FROM orders.orders')).toEqual([]);
  });
});

describe('whose draft it is', () => {
  const owners = (buyerNumber: number | null, organizationNumber: number | null, partner: number | null, channel: string) => ({
    buyer_id: buyerNumber && uuid('user', buyerNumber),
    organization_id: organizationNumber && uuid('organization', organizationNumber),
    partner_organization_id: partner && uuid('organization', partner),
    channel,
  }); // prettier-ignore

  test.each<[string, Principal, Input, ReturnType<typeof owners>]>([
    ['a person orders for themselves', customer(1), {}, owners(1, null, null, 'WEB')],
    ['a person may name themselves', customer(1), { buyerId: user(1) }, owners(1, null, null, 'WEB')],
    ['a member who may orders for the organization', customer(1, { 1: 'BUYER' }), { organizationId: organization(1) }, owners(1, 1, null, 'WEB')], // prettier-ignore
    ['support orders for a buyer', staff('SUPPORT'), { buyerId: user(5) }, owners(5, null, null, 'SUPPORT')],
    ['support orders for a buyer of an organization', staff('SUPPORT'), { buyerId: user(5), organizationId: organization(1) }, owners(5, 1, null, 'SUPPORT')], // prettier-ignore
    ['a client orders for its organization', client(3), {}, owners(null, 3, 3, 'PARTNER_API')],
    ['a client may name its organization', client(3), { organizationId: organization(3) }, owners(null, 3, 3, 'PARTNER_API')], // prettier-ignore
  ])('%s', async (_, principal, input, expected) => {
    expect((await world.saveDraft(principal, input)).userErrors).toEqual([]);
    expect(await rowOf()).toMatchObject(expected);
  });

  test.each<[string, Principal | null, Input, string]>([
    ['a person for somebody else', customer(1), { buyerId: user(2) }, 'orderDraftSave FORBIDDEN'],
    ['a member who may only look', customer(1, { 1: 'VIEWER' }), { organizationId: organization(1) }, 'orderDraftSave FORBIDDEN'], // prettier-ignore
    ['a person for a foreign organization', customer(1), { organizationId: organization(1) }, 'NOT_FOUND input.organizationId'], // prettier-ignore
    ['support without a buyer', staff('SUPPORT'), {}, 'INVALID_INPUT input.buyerId'],
    ['finance', staff('FINANCE'), {}, 'orderDraftSave FORBIDDEN'],
    ['an administrator', staff('ADMIN'), {}, 'orderDraftSave FORBIDDEN'],
    ['a client for another organization', client(3), { organizationId: organization(1) }, 'NOT_FOUND input.organizationId'], // prettier-ignore
    ['a client for just any person', client(3), { buyerId: user(1) }, 'NOT_FOUND input.buyerId'],
    ['a client that only reads', apiClient(3), {}, 'orderDraftSave FORBIDDEN'],
    ['a service', service('orders:read', 'orders:write'), {}, 'orderDraftSave FORBIDDEN'],
    ['an anonymous caller', null, {}, 'orderDraftSave UNAUTHENTICATED'],
  ])('not made by %s', async (_, principal, input, expected) => {
    expect(refusals(await world.saveDraft(principal, input))).toEqual([expected]);
    expect(await world.database.query('SELECT 1 FROM orders.orders')).toEqual([]);
  });

  test('a reference belongs to one order of a partner, and to as many as there are partners', async () => {
    const input = { externalReference: 'PO-1' };
    await world.draft(client(3), input);
    await world.draft(client(4), input);
    expect(refusals(await world.saveDraft(client(3), input))).toEqual(['ALREADY_EXISTS input.externalReference']);
  });
});

describe('a change of a draft', () => {
  const save = (principal: Principal, { id, version }: { id: string; version: number }, input: Input = {}) =>
    world.saveDraft(principal, { id, expectedVersion: version, ...input });

  test('replaces the lines and keeps what is left out', async () => {
    const draft = await world.draft(buyer, { discountCodes: ['TEN'], customerNote: 'ring twice', billingAddress: address }); // prettier-ignore
    const { order, userErrors } = await world.saveDraft(buyer, { id: draft.id, expectedVersion: 1, lines: lines([5, 3]), shippingAddress: undefined }); // prettier-ignore
    expect(userErrors).toEqual([]);
    expect(order).toMatchObject({ id: draft.id, version: 2, total: { amountMinor: '1079' } });
    expect(await linesOf()).toEqual([
      { position: 1, sku: 'MUG', quantity: 3, price: 333, discount: 100, tax: 180, total: 1079 },
    ]);
    expect(await rowOf()).toMatchObject({ customer_note: 'ring twice', discount_codes: ['TEN'], version: 2 });
    expect((await rowOf()).billing_address).toMatchObject({ city: 'Graz' });
    expect(await world.database.query('SELECT type FROM orders.order_events ORDER BY id')).toEqual([
      { type: 'CREATED' },
      { type: 'UPDATED' },
    ]);
  });

  test('clears what may be empty', async () => {
    const draft = await world.draft(buyer, { discountCodes: ['TEN'], customerNote: 'a', billingAddress: address });
    const cleared = { shippingAddress: null, billingAddress: null, discountCodes: null, customerNote: null };
    expect((await save(buyer, draft, cleared)).userErrors).toEqual([]);
    expect(await rowOf()).toMatchObject({
      shipping_address: null,
      billing_address: null,
      discount_codes: [],
      customer_note: null,
    });
    expect(await world.database.query('SELECT 1 FROM orders.order_discounts')).toEqual([]);
  });

  test('changes the currency only while there are no lines', async () => {
    const draft = await world.draft(buyer, { lines: [] });
    const inDollars = await save(buyer, draft, { currency: 'USD', lines: lines([1, 1]) });
    expect(inDollars.order?.total).toEqual({ amountMinor: '1440', currency: 'USD' });
    expect(refusals(await save(buyer, inDollars.order!, { currency: 'EUR' }))).toEqual([
      'CURRENCY_MISMATCH input.currency',
    ]);
    expect((await save(buyer, inDollars.order!, { currency: 'USD', lines: lines([1, 1]) })).userErrors).toEqual([]);
  });

  test('moves it to an organization of the buyer, and support moves it to another buyer', async () => {
    const member = customer(1, { 1: 'BUYER' });
    const draft = await world.draft(member);
    const moved = await save(member, draft, { organizationId: organization(1) });
    expect(await rowOf()).toMatchObject({ organization_id: uuid('organization', 1) });
    // A colleague may change it, but not take it.
    const colleague = customer(2, { 1: 'OWNER' });
    const changed = await save(colleague, moved.order!);
    expect(changed.userErrors).toEqual([]);
    expect(refusals(await save(colleague, changed.order!, { organizationId: null }))).toEqual([
      'orderDraftSave FORBIDDEN',
    ]);
    expect((await save(staff('SUPPORT'), changed.order!, { buyerId: user(7) })).userErrors).toEqual([]);
    expect(await rowOf()).toMatchObject({ buyer_id: uuid('user', 7), channel: 'WEB' });
  });

  test.each<[string, Input, string[]]>([
    ['without a version', { expectedVersion: null }, ['INVALID_INPUT input.expectedVersion']],
    ['with an old version', { expectedVersion: 7 }, ['VERSION_CONFLICT input.expectedVersion']],
    ['that clears the currency', { currency: null }, ['INVALID_INPUT input.currency']],
    ['that clears the buyer', { buyerId: null }, ['INVALID_INPUT input.buyerId']],
  ])('%s is refused', async (_, input, expected) => {
    const draft = await world.draft(buyer);
    expect(refusals(await save(buyer, draft, input))).toEqual(expected);
    expect(await rowOf()).toMatchObject({ version: 1 });
  });

  test('is refused to strangers, who cannot tell it from one that does not exist', async () => {
    const draft = await world.draft(buyer);
    const missing = { id: toGlobalId('Order', uuid('order', 404)), version: 1 };
    expect(refusals(await save(customer(2), draft))).toEqual(['NOT_FOUND input.id']);
    expect(refusals(await save(customer(2), missing))).toEqual(['NOT_FOUND input.id']);
  });

  test('is refused once the order was placed', async () => {
    const order = await world.placed(buyer);
    expect(refusals(await save(buyer, order))).toEqual(['INVALID_STATE input.id']);
  });
});
