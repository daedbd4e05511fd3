import sql from 'sql-template-tag';
import type { Sql } from 'sql-template-tag';

import { anyArm } from '@tributary/kit';
import type { RequestReader } from '@tributary/kit';

import type { BalanceKey } from './account.ts';

/** A balance as it is read; `wanted` is the position of its key in the list of keys. */
export interface BalanceRow {
  wanted: number;
  currency: string;
  availableMinor: bigint;
  outstandingMinor: bigint;
  overdueMinor: bigint;
}

/** Balances the caller may see; others, and those of owners without an account, are left out. */
export interface BalanceRepository {
  find(keys: readonly BalanceKey[]): Promise<BalanceRow[]>;
}

/** `today` is the day that tells what is overdue. */
export function createBalanceRepository(db: RequestReader, today: string, arms: readonly Sql[]): BalanceRepository {
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
        CROSS JOIN LATERAL (
          SELECT coalesce(sum(i.due_minor), 0)::bigint AS outstanding,
            coalesce(sum(i.due_minor) FILTER (WHERE i.due_on < ${today}::date), 0)::bigint AS overdue
          FROM billing.invoices i
          WHERE i.account_id = a.id AND i.status = 'OPEN' AND i.currency = chosen.currency) owed
        WHERE ${anyArm(arms)}`),
  };
}
