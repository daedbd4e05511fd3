import DataLoader from 'dataloader';

import { groupedInKeyOrder, inKeyOrder } from '@tributary/kit';

import type { PaymentRepository } from './payment.repository.ts';
import type { OwnedPayment } from './payment.ts';

export interface PaymentLoaders {
  byId: DataLoader<string, OwnedPayment | null>;
  /** Newest first. */
  byInvoice: DataLoader<string, OwnedPayment[]>;
}

export function createPaymentLoaders(payments: PaymentRepository): PaymentLoaders {
  return {
    byId: new DataLoader(async (ids) => inKeyOrder(ids, await payments.findByIds(ids), ({ id }) => id)),
    byInvoice: new DataLoader(async (invoiceIds) =>
      groupedInKeyOrder(invoiceIds, await payments.findByInvoices(invoiceIds), ({ invoiceId }) => invoiceId),
    ),
  };
}
