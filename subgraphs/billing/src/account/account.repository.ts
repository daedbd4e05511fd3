import sql from 'sql-template-tag';
import type { Sql } from 'sql-template-tag';

import { anyArm, columnsOf } from '@tributary/kit';
import type { RequestReader } from '@tributary/kit';

import { billingAccountEntity } from './account.entity.ts';
import type { AccountOwnerType } from './account.ts';
import type { BillingAccount } from './billing-account.ts';

/** Accounts the caller may see; others are left out. */
export interface AccountRepository {
  findByIds(ids: readonly string[]): Promise<BillingAccount[]>;
  findByOwners(ownerType: AccountOwnerType, ownerIds: readonly string[]): Promise<BillingAccount[]>;
}

const columns = columnsOf(billingAccountEntity, 'a');

export function createAccountRepository(db: RequestReader, arms: readonly Sql[]): AccountRepository {
  const visible = anyArm(arms);
  return {
    findByIds: (ids) =>
      db.query(sql`SELECT ${columns} FROM billing.billing_accounts a WHERE a.id = ANY(${ids}::uuid[]) AND ${visible}`),
    findByOwners: (ownerType, ownerIds) =>
      db.query(sql`SELECT ${columns} FROM billing.billing_accounts a
        WHERE a.owner_type = ${ownerType} AND a.owner_id = ANY(${ownerIds}::uuid[]) AND ${visible}`),
  };
}
