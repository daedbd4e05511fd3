import fc from 'fast-check';
import { expect, test } from 'vitest';

import { createLedger } from '@tributary/app/seed/billing/ledger';
import * as postings from '@tributary/app/seed/billing/postings';
import type { Entry } from '@tributary/app/seed/billing/postings';
import { createRandom } from '@tributary/app/seed/random';

const signed = ({ side, amountMinor }: Entry) => (side === 'DEBIT' ? amountMinor : -amountMinor);
const balanceOf = (entries: readonly Entry[]) => entries.reduce((sum, entry) => sum + signed(entry), 0n);
const changeOf = (account: string, entries: readonly Entry[]) =>
  balanceOf(entries.filter((entry) => entry.account === account));

test('every fact balances, and all of an invoice together leaves nothing to receive', () => {
  fc.assert(
    fc.property(
      fc.bigInt(1n, 10n ** 12n),
      fc.bigInt(0n, 100n),
      fc.bigInt(1n, 100n),
      (net, taxPercent, refundPercent) => {
        const taxMinor = (net * taxPercent) / 100n;
        const demand = { totalMinor: net + taxMinor, taxMinor };
        const refund = (demand.totalMinor * refundPercent) / 100n + 1n;
        const finalized = postings.invoiceFinalized(demand);
        const paid = postings.paymentCaptured(demand.totalMinor);
        const credited = postings.creditNoteIssued(demand, refund);
        const refunded = postings.refundPaid(refund, null);
        const all = [
          finalized,
          paid,
          credited,
          refunded,
          postings.refundPaid(refund, 'account'),
          postings.goodwillGranted(refund, 'account'),
        ];
        for (const entries of all) expect(balanceOf(entries)).toBe(0n);
        const receivable = postings.ledgerAccounts.receivables;
        expect(changeOf(receivable, [...finalized, ...paid, ...credited, ...refunded])).toBe(0n);
        expect(changeOf(receivable, [...finalized, ...postings.invoiceVoided(demand)])).toBe(0n);
        expect(changeOf(receivable, [...finalized, ...postings.invoiceWrittenOff(demand.totalMinor)])).toBe(0n);
      },
    ),
  );
});

test('a posting that does not balance is refused', () => {
  const post = createLedger(createRandom('ledger'), () => undefined);
  const [first] = postings.paymentCaptured(100n);
  expect(() =>
    post({
      kind: 'payment_captured',
      sourceType: 'Payment',
      sourceId: 'x',
      postedAt: 0,
      currency: 'EUR',
      entries: [first!],
    }),
  ).toThrow('does not balance');
});
