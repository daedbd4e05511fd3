import DataLoader from 'dataloader';

import { groupedInKeyOrder, inKeyOrder } from '@tributary/kit';

import type { AccountRepository } from './account.repository.ts';
import type { AccountBalance, AccountOwnerType } from './account.ts';
import { toBalance } from './balance.loaders.ts';
import type { BalanceRepository } from './balance.repository.ts';
import type { BillingAccount } from './billing-account.ts';

export interface AccountLoaders {
  byId: DataLoader<string, BillingAccount | null>;
  byOwner: Readonly<Record<AccountOwnerType, DataLoader<string, BillingAccount | null>>>;
  /** All balances of an account, by currency. */
  balances: DataLoader<string, AccountBalance[]>;
}

export function createAccountLoaders(accounts: AccountRepository, balances: BalanceRepository): AccountLoaders {
  const byId = new DataLoader<string, BillingAccount | null>(async (ids) =>
    inKeyOrder(ids, await accounts.findByIds(ids), ({ id }) => id),
  );
  const byOwner = (ownerType: AccountOwnerType) =>
    new DataLoader<string, BillingAccount | null>(async (ownerIds) =>
      inKeyOrder(ownerIds, await accounts.findByOwners(ownerType, ownerIds), ({ ownerId }) => ownerId),
    );
  return {
    byId,
    byOwner: { USER: byOwner('USER'), ORGANIZATION: byOwner('ORGANIZATION') },
    balances: new DataLoader(async (accountIds) => {
      const found = await balances.findAll(accountIds);
      return groupedInKeyOrder(accountIds, found, ({ accountId }) => accountId).map((rows) => rows.map(toBalance));
    }),
  };
}
