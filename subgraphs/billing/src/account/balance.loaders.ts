import DataLoader from 'dataloader';

import { money } from '@tributary/kit';

import type { AccountBalance, BalanceKey } from './account.ts';
import type { BalanceFigures, BalanceRepository } from './balance.repository.ts';

export type BalanceLoader = DataLoader<BalanceKey, AccountBalance | null, string>;

export function createBalanceLoader(balances: BalanceRepository): BalanceLoader {
  return new DataLoader(
    async (keys) => {
      const found = new Map((await balances.find(keys)).map((row) => [row.wanted - 1, toBalance(row)]));
      return keys.map((_, index) => found.get(index) ?? null);
    },
    { cacheKeyFn: ({ ownerType, ownerId, currency }) => `${ownerType}:${ownerId}:${currency}` },
  );
}

export function toBalance({
  currency,
  availableMinor,
  outstandingMinor,
  overdueMinor,
}: BalanceFigures): AccountBalance {
  return {
    currency,
    available: money(availableMinor, currency),
    outstanding: money(outstandingMinor, currency),
    overdue: money(overdueMinor, currency),
  };
}
