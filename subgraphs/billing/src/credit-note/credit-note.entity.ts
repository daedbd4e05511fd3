import { EntitySchema } from '@tributary/kit';

import type { CreditNote } from './credit-note.ts';

export const creditNoteEntity = new EntitySchema<CreditNote>({
  name: 'CreditNote',
  schema: 'billing',
  tableName: 'credit_notes',
  columns: {
    id: { type: 'uuid', primary: true },
    number: { type: 'text', unique: true },
    invoiceId: { name: 'invoice_id', type: 'uuid' },
    currency: { type: 'char', length: 3 },
    totalMinor: { name: 'total_minor', type: 'bigint' },
    reason: { type: 'text' },
    issuedAt: { name: 'issued_at', type: 'timestamptz', precision: 3 },
  },
});
