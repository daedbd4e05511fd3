import sql from 'sql-template-tag';

import { columnsOf, newUuid } from '@tributary/kit';
import type { Transaction, WriteTransaction } from '@tributary/kit';

import { billingAccountEntity } from './account.entity.ts';
import type { AccountOwnerType } from './account.ts';
import { STARTING_TERM_DAYS } from './billing-account.ts';
import type { BillingAccount } from './billing-account.ts';

// Accounts as changes need them: locked, and whoever owns them.

const accountColumns = columnsOf(billingAccountEntity, 'a');

export interface AccountOwner {
  ownerType: AccountOwnerType;
  ownerId: string;
}

/** Makes the account of an owner that has none. */
export async function ensureAccount(tx: WriteTransaction, owner: AccountOwner, currency: string): Promise<void> {
  const { ownerType, ownerId } = owner;
  await tx.query(
    sql`INSERT INTO billing.billing_accounts (id, owner_type, owner_id, currency, payment_term_days)
      VALUES (${newUuid(tx.now)}::uuid, ${ownerType}, ${ownerId}::uuid, ${currency}, ${STARTING_TERM_DAYS[ownerType]})
      ON CONFLICT (owner_type, owner_id) DO NOTHING`,
  );
}

/** Locked, so that two purchases at once cannot both use the last of a credit limit. */
export async function lockAccountOf(tx: Transaction, { ownerType, ownerId }: AccountOwner): Promise<BillingAccount> {
  const [account] = await tx.query<BillingAccount>(
    sql`SELECT ${accountColumns} FROM billing.billing_accounts a
      WHERE a.owner_type = ${ownerType} AND a.owner_id = ${ownerId}::uuid FOR NO KEY UPDATE`,
  );
  return account!;
}

export async function findAccount(
  tx: Transaction,
  { ownerType, ownerId }: AccountOwner,
): Promise<BillingAccount | null> {
  const [account] = await tx.query<BillingAccount>(
    sql`SELECT ${accountColumns} FROM billing.billing_accounts a
      WHERE a.owner_type = ${ownerType} AND a.owner_id = ${ownerId}::uuid`,
  );
  return account ?? null;
}

/** What is due on the open invoices of an account, in its own currency. */
export async function openOnAccount(tx: Transaction, { id, currency }: BillingAccount): Promise<bigint> {
  const [open] = await tx.query<{ minor: bigint }>(
    sql`SELECT coalesce(sum(i.due_minor), 0)::bigint AS "minor" FROM billing.invoices i
      WHERE i.account_id = ${id}::uuid AND i.status = 'OPEN' AND i.currency = ${currency}`,
  );
  return open!.minor;
}

/** Locked until the end of the transaction; zero for an account that never had any. */
export async function lockAvailableMinor(tx: Transaction, accountId: string, currency: string): Promise<bigint> {
  const [balance] = await tx.query<{ minor: bigint }>(
    sql`SELECT b.available_minor AS "minor" FROM billing.account_balances b
      WHERE b.account_id = ${accountId}::uuid AND b.currency = ${currency} FOR UPDATE`,
  );
  return balance?.minor ?? 0n;
}
