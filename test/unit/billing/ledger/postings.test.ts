import fc from 'fast-check';
import { expect, test } from 'vitest';

import { createLedger } from '@tributary/app/seed/billing/ledger';
import { createRandom } from '@tributary/app/seed/random';
import * as postings from '@tributary/billing/ledger/postings';
import type { Entry, Posting } from '@tributary/billing/ledger/postings';

const signed = ({ side, amountMinor }: Entry) => (side === 'DEBIT' ? amountMinor : -amountMinor);
const balanceOf = (entries: readonly Entry[]) => entries.reduce((sum, entry) => sum + signed(entry), 0n);
const changeOf = (account: string, ...all: readonly Posting[]) =>
  balanceOf(all.flatMap(({ entries }) => entries).filter((entry) => entry.account === account));

test('every fact balances, and all of an invoice together leaves nothing to receive', () => {
  fc.assert(
    fc.property(
      fc.bigInt(1n, 10n ** 12n),
      fc.bigInt(0n, 100n),
      fc.bigInt(1n, 100n),
      (net, taxPercent, refundPercent) => {
        const taxMinor = (net * taxPercent) / 100n;
        const demand = { id: 'invoice', currency: 'EUR', totalMinor: net + taxMinor, taxMinor };
        const movement = (id: string, amountMinor: bigint) => ({ id, currency: 'EUR', amountMinor });
        const back = (demand.totalMinor * refundPercent) / 100n + 1n;
        const finalized = postings.invoiceFinalized(demand);
        const paid = postings.paymentCaptured(movement('payment', demand.totalMinor));
        const credited = postings.creditNoteIssued(movement('note', back), demand);
        const refunded = postings.refundPaid(movement('refund', back), null);
        const fromBalance = postings.balanceUsed(movement('payment', demand.totalMinor), 'account');
        const voided = postings.invoiceVoided(demand);
        const writtenOff = postings.invoiceWrittenOff(movement('invoice', demand.totalMinor));
        const toBalance = postings.refundPaid(movement('refund', back), 'account');
        const goodwill = postings.goodwillGranted(movement('gift', back), 'account');
        const all = [finalized, paid, credited, refunded, fromBalance, voided, writtenOff, toBalance, goodwill];
        for (const { entries } of all) expect(balanceOf(entries)).toBe(0n);
        const { receivables, customerBalances } = postings.ledgerAccounts;
        expect(changeOf(receivables, finalized, paid, credited, refunded)).toBe(0n);
        expect(changeOf(receivables, finalized, fromBalance)).toBe(0n);
        expect(changeOf(receivables, finalized, voided)).toBe(0n);
        expect(changeOf(receivables, finalized, writtenOff)).toBe(0n);
        expect(changeOf(customerBalances, goodwill, toBalance)).toBe(-2n * back);
      },
    ),
  );
});

test('a reversal names what it takes back, and only customer balances have a sub-account', () => {
  const demand = { id: 'invoice', currency: 'EUR', totalMinor: 1200n, taxMinor: 200n };
  expect(postings.invoiceVoided(demand)).toMatchObject({
    kind: 'invoice_voided',
    reverses: { kind: 'invoice_finalized', sourceType: 'Invoice', sourceId: 'invoice' },
  });
  const goodwill = postings.goodwillGranted({ id: 'gift', currency: 'EUR', amountMinor: 5n }, 'account');
  expect(goodwill.entries.map(({ account, subAccountId }) => [account, subAccountId])).toEqual([
    ['6300-goodwill', null],
    ['2100-customer-balances', 'account'],
  ]);
});

test('a posting of the seed that does not balance is refused', () => {
  const post = createLedger(createRandom('ledger'), () => undefined);
  const captured = postings.paymentCaptured({ id: 'x', currency: 'EUR', amountMinor: 100n });
  expect(() => post({ ...captured, entries: captured.entries.slice(1), postedAt: 0 })).toThrow('does not balance');
});
