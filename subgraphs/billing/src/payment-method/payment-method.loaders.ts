import DataLoader from 'dataloader';

import { groupedInKeyOrder, inKeyOrder } from '@tributary/kit';

import type { PaymentMethodRepository } from './payment-method.repository.ts';
import type { OwnedPaymentMethod } from './payment-method.ts';

export interface PaymentMethodLoaders {
  byId: DataLoader<string, OwnedPaymentMethod | null>;
  byAccount: DataLoader<string, OwnedPaymentMethod[]>;
}

export function createPaymentMethodLoaders(methods: PaymentMethodRepository): PaymentMethodLoaders {
  return {
    byId: new DataLoader(async (ids) => inKeyOrder(ids, await methods.findByIds(ids), ({ id }) => id)),
    byAccount: new DataLoader(async (accountIds) =>
      groupedInKeyOrder(accountIds, await methods.findByAccounts(accountIds), ({ accountId }) => accountId),
    ),
  };
}
