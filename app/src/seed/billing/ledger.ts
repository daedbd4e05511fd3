import { invariant } from '@tributary/kit/invariant';

import type { AddRow } from '../load/tables.ts';
import type { Random } from '../random.ts';
import { instant } from '../time.ts';

export const ledgerAccounts = {
  providerClearing: '1100-provider-clearing',
  receivables: '1200-receivables',
  customerBalances: '2100-customer-balances',
  tax: '2200-tax',
  revenue: '4000-revenue',
  returns: '4100-returns',
  writeOffs: '6200-write-offs',
  goodwill: '6300-goodwill',
} as const;

type AccountCode = (typeof ledgerAccounts)[keyof typeof ledgerAccounts];

/** One side of a posting. An amount of zero is left out. */
export interface Entry {
  account: AccountCode;
  side: 'DEBIT' | 'CREDIT';
  amountMinor: bigint;
  /** The billing account, on customer balances. */
  subAccountId?: string;
}

export interface Posting {
  kind: string;
  sourceType: 'Invoice' | 'Payment' | 'CreditNote' | 'Refund' | 'BalanceAdjustment';
  sourceId: string;
  postedAt: number;
  currency: string;
  entries: readonly Entry[];
  reversesId?: string;
}

export const debit = (account: AccountCode, amountMinor: bigint, subAccountId?: string): Entry => ({
  account,
  side: 'DEBIT',
  amountMinor,
  ...(subAccountId !== undefined && { subAccountId }),
});

export const credit = (account: AccountCode, amountMinor: bigint, subAccountId?: string): Entry => ({
  ...debit(account, amountMinor, subAccountId),
  side: 'CREDIT',
});

/** Returns a function that writes a posting and gives its id. It refuses what does not balance. */
export function createLedger(random: Random, add: AddRow): (posting: Posting) => string {
  return ({ kind, sourceType, sourceId, postedAt, currency, entries, reversesId }) => {
    const id = random.uuid(postedAt);
    add('billing.ledger_transactions', {
      id,
      kind,
      source_type: sourceType,
      source_id: sourceId,
      reverses_id: reversesId ?? null,
      posted_at: instant(postedAt),
      created_at: instant(postedAt),
    });
    let difference = 0n;
    let lineNo = 0;
    for (const { account, side, amountMinor, subAccountId } of entries) {
      difference += side === 'DEBIT' ? amountMinor : -amountMinor;
      if (amountMinor === 0n) continue;
      add('billing.ledger_entries', {
        transaction_id: id,
        line_no: (lineNo += 1),
        account_code: account,
        sub_account_id: subAccountId ?? null,
        side,
        amount_minor: amountMinor,
        currency,
      });
    }
    invariant(difference === 0n && lineNo > 0, `The posting ${kind} does not balance.`);
    return id;
  };
}
