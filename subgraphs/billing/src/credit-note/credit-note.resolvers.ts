import { money, notFound, toGlobalId } from '@tributary/kit';

import type { BillingContext } from '../context.ts';
import { referenceResolver } from '../reference-resolver.ts';
import type { OwnedCreditNote } from './credit-note.repository.ts';

export const creditNoteResolvers = {
  CreditNote: {
    __resolveReference: referenceResolver('CreditNote', ({ creditNotes }) => creditNotes.byId),
    id: ({ id }: OwnedCreditNote) => toGlobalId('CreditNote', id),
    async invoice({ invoiceId }: OwnedCreditNote, _args: unknown, { invoices }: BillingContext) {
      const invoice = await invoices.byId.load(invoiceId);
      if (invoice === null) throw notFound();
      return invoice;
    },
    total: ({ totalMinor, currency }: OwnedCreditNote) => money(totalMinor, currency),
  },
};
