import { multiplyHalfEven } from '@tributary/kit/money';

// What the ledger books for each fact of billing: pure functions from the fact to a balanced set of entries.

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

/** The business fact behind a posting. The same fact posts once. */
export interface Fact {
  kind: string;
  sourceType: 'Invoice' | 'Payment' | 'CreditNote' | 'Refund' | 'BalanceAdjustment';
  sourceId: string;
}

export interface Posting extends Fact {
  currency: string;
  entries: readonly Entry[];
  /** The posting that this one takes back. */
  reverses?: Fact;
}

/** What an invoice demands. */
export interface Demand {
  id: string;
  currency: string;
  totalMinor: bigint;
  taxMinor: bigint;
}

/** An amount of money that belongs to an object. */
export interface Movement {
  id: string;
  currency: string;
  amountMinor: bigint;
}

const { providerClearing, receivables, customerBalances, tax, revenue, returns, writeOffs, goodwill } = ledgerAccounts;

const debit = (account: AccountCode, amountMinor: bigint, subAccountId: string | null = null): Entry => ({
  account,
  side: 'DEBIT',
  amountMinor,
  subAccountId,
});
const credit = (...amount: Parameters<typeof debit>): Entry => ({ ...debit(...amount), side: 'CREDIT' });

const finalized = (sourceId: string): Fact => ({ kind: 'invoice_finalized', sourceType: 'Invoice', sourceId });

export const invoiceFinalized = ({ id, currency, totalMinor, taxMinor }: Demand): Posting => ({
  ...finalized(id),
  currency,
  entries: [debit(receivables, totalMinor), credit(revenue, totalMinor - taxMinor), credit(tax, taxMinor)],
});

/** For an invoice that nothing was received on and nothing was taken off. */
export const invoiceVoided = (demand: Demand): Posting => reversalOf(invoiceFinalized(demand), 'invoice_voided');

export const invoiceWrittenOff = ({ id, currency, amountMinor }: Movement): Posting => ({
  kind: 'invoice_written_off',
  sourceType: 'Invoice',
  sourceId: id,
  currency,
  entries: [debit(writeOffs, amountMinor), credit(receivables, amountMinor)],
});

export const paymentCaptured = ({ id, currency, amountMinor }: Movement): Posting => ({
  kind: 'payment_captured',
  sourceType: 'Payment',
  sourceId: id,
  currency,
  entries: [debit(providerClearing, amountMinor), credit(receivables, amountMinor)],
});

/** A payment from the balance of the given billing account. */
export const balanceUsed = ({ id, currency, amountMinor }: Movement, fromAccountId: string): Posting => ({
  kind: 'balance_used',
  sourceType: 'Payment',
  sourceId: id,
  currency,
  entries: [debit(customerBalances, amountMinor, fromAccountId), credit(receivables, amountMinor)],
});

/** The tax goes down with the demand, in proportion. */
export function creditNoteIssued({ id, currency, amountMinor }: Movement, demand: Omit<Demand, 'id'>): Posting {
  const taxPart = multiplyHalfEven(demand.taxMinor, amountMinor, demand.totalMinor);
  return {
    kind: 'credit_note_issued',
    sourceType: 'CreditNote',
    sourceId: id,
    currency,
    entries: [debit(returns, amountMinor - taxPart), debit(tax, taxPart), credit(receivables, amountMinor)],
  };
}

/** Back to where the money came from, or to the balance of the given billing account. */
export const refundPaid = ({ id, currency, amountMinor }: Movement, toAccountId: string | null): Posting => ({
  kind: 'refund_succeeded',
  sourceType: 'Refund',
  sourceId: id,
  currency,
  entries: [
    debit(receivables, amountMinor),
    toAccountId === null ? credit(providerClearing, amountMinor) : credit(customerBalances, amountMinor, toAccountId),
  ],
});

export const goodwillGranted = ({ id, currency, amountMinor }: Movement, toAccountId: string): Posting => ({
  kind: 'goodwill_granted',
  sourceType: 'BalanceAdjustment',
  sourceId: id,
  currency,
  entries: [debit(goodwill, amountMinor), credit(customerBalances, amountMinor, toAccountId)],
});

/** The same entries on the other sides. */
export function reversalOf(posting: Posting, kind: string): Posting {
  const { sourceType, sourceId } = posting;
  return {
    ...posting,
    kind,
    entries: posting.entries.map((entry) => ({ ...entry, side: entry.side === 'DEBIT' ? 'CREDIT' : 'DEBIT' })),
    reverses: { kind: posting.kind, sourceType, sourceId },
  };
}
