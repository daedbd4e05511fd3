import { describe, expect, test } from 'vitest';

import { decisiveInvoice, derivePaymentStatus } from '@tributary/billing/invoice/payment-status';
import type { PaymentFigures } from '@tributary/billing/invoice/payment-status';

// An open invoice over 100.00 to which nothing has happened yet.
function invoice(figures: Partial<Omit<PaymentFigures, 'dueMinor'>> & { creditedMinor?: bigint } = {}): PaymentFigures {
  const { creditedMinor = 0n, paidMinor = 0n, refundedMinor = 0n, ...rest } = figures;
  const due = 10_000n - creditedMinor - (paidMinor - refundedMinor);
  return { status: 'OPEN', authorizedMinor: 0n, ...rest, paidMinor, refundedMinor, dueMinor: due > 0n ? due : 0n };
}

describe('the payment status of an order', () => {
  test.each<[what: string, invoice: PaymentFigures | null, status: string]>([
    ['without an invoice', null, 'NOT_INVOICED'],
    ['with a draft, whatever it says', invoice({ status: 'DRAFT', authorizedMinor: 10_000n }), 'NOT_INVOICED'],
    ['with an open invoice', invoice(), 'UNPAID'],
    ['with an invoice that was written off', invoice({ status: 'UNCOLLECTIBLE' }), 'UNPAID'],
    ['with a credit note over a part and nothing received', invoice({ creditedMinor: 4_000n }), 'UNPAID'],
    ['with reserved funds', invoice({ authorizedMinor: 10_000n }), 'AUTHORIZED'],
    ['with a part received', invoice({ paidMinor: 1n }), 'PARTIALLY_PAID'],
    [
      'with a part received and the rest reserved',
      invoice({ paidMinor: 4_000n, authorizedMinor: 6_000n }),
      'PARTIALLY_PAID',
    ],
    [
      'with a part received before it was written off',
      invoice({ status: 'UNCOLLECTIBLE', paidMinor: 4_000n }),
      'PARTIALLY_PAID',
    ],
    ['with all received', invoice({ status: 'PAID', paidMinor: 10_000n }), 'PAID'],
    [
      'with a part received and the rest credited',
      invoice({ status: 'PAID', paidMinor: 6_000n, creditedMinor: 4_000n }),
      'PAID',
    ],
    ['with all credited', invoice({ status: 'PAID', creditedMinor: 10_000n }), 'PAID'],
    ['with more received than asked for', invoice({ status: 'PAID', paidMinor: 12_000n }), 'PAID'],
    [
      'with a part paid back',
      invoice({ status: 'PAID', paidMinor: 10_000n, refundedMinor: 1n, creditedMinor: 1n }),
      'PARTIALLY_REFUNDED',
    ],
    [
      'with a part received, of which a part was paid back',
      invoice({ paidMinor: 5_000n, refundedMinor: 1_000n, creditedMinor: 1_000n }),
      'PARTIALLY_REFUNDED',
    ],
    [
      'with everything paid back',
      invoice({ status: 'PAID', paidMinor: 10_000n, refundedMinor: 10_000n, creditedMinor: 10_000n }),
      'REFUNDED',
    ],
    [
      'with all that was received paid back, although some is open',
      invoice({ paidMinor: 5_000n, refundedMinor: 5_000n, creditedMinor: 5_000n }),
      'REFUNDED',
    ],
    ['with a void invoice', invoice({ status: 'VOID' }), 'VOIDED'],
    [
      'with a void invoice whose reservation is not released yet',
      invoice({ status: 'VOID', authorizedMinor: 1n }),
      'VOIDED',
    ],
  ])('%s', (_what, given, status) => {
    expect(derivePaymentStatus(given)).toBe(status);
  });
});

test('a live invoice speaks for the order, also when a newer one is void', () => {
  const [live, older, newer] = [{ status: 'OPEN' }, { status: 'VOID' }, { status: 'VOID' }] as const;
  expect(decisiveInvoice([newer, live, older])).toBe(live);
});

test('when all are void, the newest speaks for the order', () => {
  const [older, newer] = [{ status: 'VOID' }, { status: 'VOID' }] as const;
  expect(decisiveInvoice([newer, older])).toBe(newer);
});
