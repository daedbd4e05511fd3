import DataLoader from 'dataloader';

import { groupedInKeyOrder, inKeyOrder } from '@tributary/kit';

import type { OwnedRefund, RefundRepository } from './refund.repository.ts';

export interface RefundLoaders {
  byId: DataLoader<string, OwnedRefund | null>;
  /** Newest first. */
  byInvoice: DataLoader<string, OwnedRefund[]>;
}

export function createRefundLoaders(refunds: RefundRepository): RefundLoaders {
  return {
    byId: new DataLoader(async (ids) => inKeyOrder(ids, await refunds.findByIds(ids), ({ id }) => id)),
    byInvoice: new DataLoader(async (invoiceIds) =>
      groupedInKeyOrder(invoiceIds, await refunds.findByInvoices(invoiceIds), ({ invoiceId }) => invoiceId),
    ),
  };
}
