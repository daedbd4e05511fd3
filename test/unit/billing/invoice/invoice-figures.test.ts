import { describe, expect, test } from 'vitest';

import { draftOfOrder } from '@tributary/billing/invoice/draft-of-order';
import type { OrderPlaced } from '@tributary/billing/events';
import { endingOf, refundableMinorOf } from '@tributary/billing/invoice/invoice-ending';
import { changedFigures, InvoiceStatus, openMinorOf } from '@tributary/billing/invoice/invoice';
import type { InvoiceFigures } from '@tributary/billing/invoice/invoice';

const invoice = (figures: Partial<InvoiceFigures> = {}): InvoiceFigures => ({
  status: 'OPEN',
  totalMinor: 1000n,
  paidMinor: 0n,
  refundedMinor: 0n,
  creditedMinor: 0n,
  authorizedMinor: 0n,
  ...figures,
});

describe('an open invoice', () => {
  test.each([
    ['nothing', {}, 'OPEN', 1000n],
    ['a part', { paidMinor: 400n }, 'OPEN', 600n],
    ['everything', { paidMinor: 1000n }, 'PAID', 0n],
    ['more than everything', { paidMinor: 1100n }, 'PAID', 0n],
    ['a part, and is credited the rest', { paidMinor: 400n, creditedMinor: 600n }, 'PAID', 0n],
    ['a reservation', { authorizedMinor: 1000n }, 'OPEN', 1000n],
  ] as const)('that receives %s has %o, is %s and has %d open', (_, change, status, open) => {
    const after = changedFigures(invoice(), change);
    expect([after.status, openMinorOf(after)]).toEqual([status, open]);
  });
});

test('an invoice that has ended stays as it is, whatever arrives', () => {
  for (const status of ['PAID', 'VOID', 'UNCOLLECTIBLE'] as const) {
    const after = changedFigures(invoice({ status }), { paidMinor: 1000n });
    expect([after.status, openMinorOf(after)]).toEqual([status, 0n]);
  }
});

test('the invoice of a canceled order is void when nothing happened to it, else credited', () => {
  expect(Object.values(InvoiceStatus).map((status) => [status, endingOf(invoice({ status }))])).toEqual([
    ['DRAFT', 'NOTHING'],
    ['OPEN', 'VOID'],
    ['PAID', 'CREDIT'],
    ['VOID', 'NOTHING'],
    ['UNCOLLECTIBLE', 'NOTHING'],
  ]);
  expect(endingOf(invoice({ paidMinor: 1n }))).toBe('CREDIT');
  expect(endingOf(invoice({ creditedMinor: 1n }))).toBe('CREDIT');
});

test('what is on its way back cannot go back again', () => {
  expect(refundableMinorOf({ capturedMinor: 100n, refundedMinor: 30n, refundPendingMinor: 50n })).toBe(20n);
});

describe('the draft for an order', () => {
  const line = {
    title: 'Lamp',
    quantity: 2,
    unitPriceMinor: '500',
    discountMinor: '100',
    taxMinor: '180',
    totalMinor: '1080',
  };
  const tax = { title: 'VAT', rate: '0.2', jurisdiction: 'AT', amountMinor: '180' };
  const order = {
    number: 'TR1',
    shippingMinor: '490',
    taxMinor: '180',
    totalMinor: '1570',
    lines: [{ ...line, taxes: [tax] }],
  };

  test('has the lines of the order and one for shipping', () => {
    const draft = draftOfOrder(order as unknown as OrderPlaced);
    expect(draft).toMatchObject({ subtotalMinor: 1390n, taxMinor: 180n, totalMinor: 1570n });
    expect(draft.lines.map(({ description, totalMinor }) => [description, totalMinor])).toEqual([
      ['Lamp', 1080n],
      ['Shipping', 490n],
    ]);
  });

  test.each([{ totalMinor: '1571' }, { taxMinor: '181' }, { shippingMinor: '0' }])('is refused with %o', (wrong) => {
    expect(() => draftOfOrder({ ...order, ...wrong } as unknown as OrderPlaced)).toThrow('do not add up');
  });
});
