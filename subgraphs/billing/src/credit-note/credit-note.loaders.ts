import DataLoader from 'dataloader';

import { groupedInKeyOrder, inKeyOrder } from '@tributary/kit';

import type { CreditNoteRepository, OwnedCreditNote } from './credit-note.repository.ts';

export interface CreditNoteLoaders {
  byId: DataLoader<string, OwnedCreditNote | null>;
  /** Newest first. */
  byInvoice: DataLoader<string, OwnedCreditNote[]>;
}

export function createCreditNoteLoaders(creditNotes: CreditNoteRepository): CreditNoteLoaders {
  return {
    byId: new DataLoader(async (ids) => inKeyOrder(ids, await creditNotes.findByIds(ids), ({ id }) => id)),
    byInvoice: new DataLoader(async (invoiceIds) =>
      groupedInKeyOrder(invoiceIds, await creditNotes.findByInvoices(invoiceIds), ({ invoiceId }) => invoiceId),
    ),
  };
}
