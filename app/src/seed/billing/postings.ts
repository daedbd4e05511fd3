import { multiplyHalfEven } from '@tributary/kit/money';

// What the ledger books for each fact of billing: pure functions from amounts to the two sides of a posting.

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

/** One side of a posting. An amount of zero is left out of the ledger. */
export interface Entry {
  account: AccountCode;
  side: 'DEBIT' | 'CREDIT';
  amountMinor: bigint;
  /** The billing account, on customer balances. */
  subAccountId: string | null;
}

const { providerClearing, receivables, customerBalances, tax, revenue, returns, writeOffs, goodwill } = ledgerAccounts;

const debit = (account: AccountCode, amountMinor: bigint): Entry => ({
  account,
  side: 'DEBIT',
  amountMinor,
  subAccountId: null,
});
const credit = (account: AccountCode, amountMinor: bigint): Entry => ({
  ...debit(account, amountMinor),
  side: 'CREDIT',
});

export interface Demand {
  totalMinor: bigint;
  taxMinor: bigint;
}

export const invoiceFinalized = ({ totalMinor, taxMinor }: Demand): Entry[] => [
  debit(receivables, totalMinor),
  credit(revenue, totalMinor - taxMinor),
  credit(tax, taxMinor),
];

/** The same entries on the other sides. */
export const invoiceVoided = (demand: Demand): Entry[] =>
  invoiceFinalized(demand).map((entry) => ({ ...entry, side: entry.side === 'DEBIT' ? 'CREDIT' : 'DEBIT' }));

export const invoiceWrittenOff = (dueMinor: bigint): Entry[] => [
  debit(writeOffs, dueMinor),
  credit(receivables, dueMinor),
];

export const paymentCaptured = (amountMinor: bigint): Entry[] => [
  debit(providerClearing, amountMinor),
  credit(receivables, amountMinor),
];

/** The tax goes down with the demand, in proportion. */
export function creditNoteIssued(demand: Demand, creditedMinor: bigint): Entry[] {
  const taxPart = multiplyHalfEven(demand.taxMinor, creditedMinor, demand.totalMinor);
  return [debit(returns, creditedMinor - taxPart), debit(tax, taxPart), credit(receivables, creditedMinor)];
}

/** Back to where the money came from, or to the balance of the given billing account. */
export const refundPaid = (amountMinor: bigint, toAccountId: string | null): Entry[] => [
  debit(receivables, amountMinor),
  toAccountId === null
    ? credit(providerClearing, amountMinor)
    : { ...credit(customerBalances, amountMinor), subAccountId: toAccountId },
];

export const goodwillGranted = (amountMinor: bigint, toAccountId: string): Entry[] => [
  debit(goodwill, amountMinor),
  { ...credit(customerBalances, amountMinor), subAccountId: toAccountId },
];
