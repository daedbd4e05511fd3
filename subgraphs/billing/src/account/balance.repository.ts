import sql from 'sql-template-tag';
import type { Sql } from 'sql-template-tag';

import { anyArm } from '@tributary/kit';
import type { RequestReader } from '@tributary/kit';

import type { BalanceKey } from './account.ts';

export interface BalanceFigures {
  currency: string;
  availableMinor: bigint;
  outstandingMinor: bigint;
  overdueMinor: bigint;
}

/** A balance as it is read; `wanted` is the position of its key in the list of keys. */
export type BalanceRow = BalanceFigures & { wanted: number };

/** Balances the caller may see; others, and those of owners without an account, are left out. */
export interface BalanceRepository {
  find(keys: readonly BalanceKey[]): Promise<BalanceRow[]>;
  /** One per currency in which an account has or owes something, and that of the account. */
  findAll(accountIds: readonly string[]): Promise<(BalanceFigures & { accountId: string })[]>;
}

/** `today` is the day that tells what is overdue. */
export function createBalanceRepository(db: RequestReader, today: string, arms: readonly Sql[]): BalanceRepository {
  const owed = sql`SELECT coalesce(sum(i.due_minor), 0)::bigint AS outstanding,
      coalesce(sum(i.due_minor) FILTER (WHERE i.due_on < ${today}::date), 0)::bigint AS overdue
    FROM billing.invoices i
    WHERE i.account_id = a.id AND i.status = 'OPEN' AND i.currency = chosen.currency`;
  return {
    // One statement for all owners and currencies; the sums run over the partial index on the open invoices of an account.
    find: (keys) =>
      db.query(sql`
        SELECT wanted.position::integer AS "wanted", chosen.currency AS "currency",
          coalesce(b.available_minor, 0) AS "availableMinor", owed.outstanding AS "outstandingMinor",
          owed.overdue AS "overdueMinor"
        FROM unnest(${keys.map(({ ownerType }) => ownerType)}::text[], ${keys.map(({ ownerId }) => ownerId)}::uuid[],
          ${keys.map(({ currency }) => currency)}::text[]) WITH ORDINALITY
          AS wanted(owner_type, owner_id, currency, position)
        JOIN billing.billing_accounts a ON a.owner_type = wanted.owner_type AND a.owner_id = wanted.owner_id
        CROSS JOIN LATERAL (SELECT coalesce(wanted.currency::char(3), a.currency) AS currency) chosen
        LEFT JOIN billing.account_balances b ON b.account_id = a.id AND b.currency = chosen.currency
        CROSS JOIN LATERAL (${owed}) owed
        WHERE ${anyArm(arms)}`),
    findAll: (accountIds) =>
      db.query(sql`
        SELECT a.id AS "accountId", chosen.currency AS "currency", coalesce(b.available_minor, 0) AS "availableMinor",
          owed.outstanding AS "outstandingMinor", owed.overdue AS "overdueMinor"
        FROM billing.billing_accounts a
        CROSS JOIN LATERAL (
          SELECT a.currency UNION SELECT h.currency FROM billing.account_balances h WHERE h.account_id = a.id
          UNION SELECT o.currency FROM billing.invoices o WHERE o.account_id = a.id AND o.status = 'OPEN') chosen
        LEFT JOIN billing.account_balances b ON b.account_id = a.id AND b.currency = chosen.currency
        CROSS JOIN LATERAL (${owed}) owed
        WHERE a.id = ANY(${accountIds}::uuid[]) AND ${anyArm(arms)} ORDER BY a.id, chosen.currency`),
  };
}
