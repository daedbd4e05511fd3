import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';

import { creditInvoice, numberCreditNote } from '@tributary/billing/credit-note/issue-credit-note';
import { lockInvoiceOfOrder } from '@tributary/billing/invoice/invoice-writes.repository';
import { SYSTEM, toGlobalId } from '@tributary/kit';

import { expectBalancedBooks } from '../../../kit/ledger-check.ts';
import { NOW } from '../billing-world.ts';
import { person, startPaymentWorld } from '../payment-world.ts';
import type { Customer, PaymentWorld } from '../payment-world.ts';

let world: PaymentWorld;
let customer: Customer;
beforeAll(async () => {
  world = await startPaymentWorld();
});
beforeEach(async () => {
  customer = await world.addCustomer({ card: 'captured' });
});
afterAll(() => world[Symbol.asyncDispose]());

interface Note {
  number: string;
  [field: string]: unknown;
}

const INVOICE = `query ($id: ID!) { invoice(id: $id) {
  number amountCredited { amountMinor } amountDue { amountMinor }
  creditNotes { number total { amountMinor currency } reason issuedAt invoice { number } } } }`;

async function shown(orderId: string) {
  const { id } = await world.invoiceOf(orderId);
  const { data, errors } = await world.run<{ invoice: { number: string; creditNotes: Note[] } }>(
    person(customer),
    INVOICE,
    { id: toGlobalId('Invoice', id) },
  );
  expect(errors).toEqual([]);
  return data.invoice;
}

async function paidOrder(): Promise<string> {
  const orderId = await world.placeOrder(customer, { withCard: true });
  await world.settle();
  return orderId;
}

/** Credits a part of what an order cost, as support does for goods that came back. */
const credit = (orderId: string, amountMinor: bigint, reason: string, then = () => Promise.resolve()) =>
  world.subgraph.writer.write({ actor: SYSTEM, traceparent: null }, async (tx) => {
    const invoice = (await lockInvoiceOfOrder(tx, orderId))!;
    const { id } = await creditInvoice(tx, invoice, amountMinor);
    await numberCreditNote(tx, { id, invoice, amountMinor, reason });
    await then();
  });

const numberOf = (number: string) => Number(number.slice('CN-'.length));
const lastNumber = async () => numberOf((await shown(await creditedOrder())).creditNotes[0]!.number);
async function creditedOrder(): Promise<string> {
  const orderId = await paidOrder();
  await credit(orderId, 1n, 'A penny.');
  return orderId;
}

test('a canceled order that was paid has one credit note over all of it, which leads back to its invoice', async () => {
  const orderId = await paidOrder();
  await world.cancelOrder(orderId);
  await world.cancelOrder(orderId);
  await world.settle();
  const { number, ...invoice } = await shown(orderId);
  expect(invoice).toEqual({
    amountCredited: { amountMinor: '1200' },
    amountDue: { amountMinor: '0' },
    creditNotes: [
      {
        number: expect.stringMatching(/^CN-\d{6}$/) as string,
        total: { amountMinor: '1200', currency: 'EUR' },
        reason: 'The order was canceled.',
        issuedAt: NOW.toISOString(),
        invoice: { number },
      },
    ],
  });
  await expectBalancedBooks(world.database);
});

test('an invoice that nobody paid is void instead, without a credit note', async () => {
  const orderId = await world.placeOrder(customer);
  await world.cancelOrder(orderId);
  expect(await shown(orderId)).toMatchObject({ amountCredited: { amountMinor: '0' }, creditNotes: [] });
});

test('several credit notes of one invoice are listed newest first, and together they are what was credited', async () => {
  const orderId = await paidOrder();
  for (const [day, amountMinor] of [
    [2, 100n],
    [3, 200n],
    [1, 300n],
  ] as const) {
    const reason = `Day ${day}`;
    await credit(orderId, amountMinor, reason);
    await world.database.query(`UPDATE billing.credit_notes SET issued_at = $1 WHERE reason = $2`, [
      `2026-06-0${day}T10:00:00Z`,
      reason,
    ]);
  }
  const { creditNotes, ...invoice } = await shown(orderId);
  expect(creditNotes.map(({ reason }) => reason)).toEqual(['Day 3', 'Day 2', 'Day 1']);
  expect(invoice).toMatchObject({ amountCredited: { amountMinor: '600' } });
});

describe('the numbers of credit notes', () => {
  test('follow each other when many orders are canceled at once', async () => {
    const before = await lastNumber();
    const orders: string[] = [];
    for (let each = 0; each < 8; each += 1) orders.push(await paidOrder());
    await Promise.all(orders.map((orderId) => world.cancelOrder(orderId)));
    const numbers: number[] = [];
    for (const orderId of orders) numbers.push(numberOf((await shown(orderId)).creditNotes[0]!.number));
    expect(numbers.sort((left, right) => left - right)).toEqual(orders.map((_, index) => before + 1 + index));
    await world.settle();
  });

  test('have no gap where one could not be issued after all', async () => {
    const before = await lastNumber();
    const orderId = await paidOrder();
    const failing = credit(orderId, 100n, 'Lost', () => Promise.reject(new Error('The power is gone.')));
    await expect(failing).rejects.toThrow('The power is gone.');
    expect(await shown(orderId)).toMatchObject({ amountCredited: { amountMinor: '0' }, creditNotes: [] });
    expect(await lastNumber()).toBe(before + 1);
  });
});

test('whoever does not see the invoice does not see its credit note, and cannot tell it from none', async () => {
  const orderId = await creditedOrder();
  const [note] = await world.database.query<{ id: string }>(
    'SELECT n.id FROM billing.credit_notes n JOIN billing.invoices i ON i.id = n.invoice_id WHERE i.order_id = $1',
    [orderId],
  );
  const ask = (whom: Customer, uuid: string) =>
    world.run(
      person(whom),
      'query ($r: [_Any!]!) { _entities(representations: $r) { ... on CreditNote { reason } } }',
      { r: [{ __typename: 'CreditNote', id: toGlobalId('CreditNote', uuid) }] },
    );
  expect(await ask(customer, note!.id)).toEqual({ data: { _entities: [{ reason: 'A penny.' }] }, errors: [] });
  const nothing = { data: { _entities: [null] }, errors: ['_entities.0 NOT_FOUND'] };
  expect(await ask(await world.addCustomer(), note!.id)).toEqual(nothing);
  expect(await ask(customer, '01920000-0000-7000-8000-00000000ffff')).toEqual(nothing);
});
